# LoRA: trains small adapters beside the linear layers; the base model stays as it is.
#
# Fill in PART 1 (`xtgui init` does it for you), then train with either of
#     xtgui train
#     python -m xtuner.tools.train THIS_FILE --work-dir work_dir
# All names are xtuner's own, except those that a comment says it ignores. `data_path` holds OpenAI
# messages, json or jsonl. On a CUDA card set torch_dtype and amp_dtype to "bfloat16" ("float16"
# before Ampere) and dist_backend to "nccl".
from bitsandbytes.optim import AdamW8bit, PagedAdamW8bit, PagedAdamW32bit
from datasets import load_dataset
from mmengine.dataset import DefaultSampler
from mmengine.hooks import (
    CheckpointHook,
    DistSamplerSeedHook,
    IterTimerHook,
    LoggerHook,
    ParamSchedulerHook,
)
from mmengine.optim import AmpOptimWrapper, CosineAnnealingLR, LinearLR, OptimWrapper
from peft import LoraConfig
from torch.optim import SGD, Adam, AdamW
from transformers import AutoModelForCausalLM, AutoTokenizer
from xtuner.dataset import process_hf_dataset
from xtuner.dataset.collate_fns import default_collate_fn
from xtuner.dataset.map_fns import openai_map_fn, template_map_fn_factory
from xtuner.engine.hooks import DatasetInfoHook, EvaluateChatHook
from xtuner.engine.runner import TrainLoop
from xtuner.model import SupervisedFinetune
from xtuner.utils import PROMPT_TEMPLATE

#######################################################################
#                          PART 1  Settings                           #
#######################################################################
# Model
pretrained_model_name_or_path = "path/to/model"
trust_remote_code = False  # True runs Python files that came with the model
prompt_template = PROMPT_TEMPLATE.default
use_activation_checkpointing = True  # saves memory, takes about a third longer
torch_dtype = "float32"

# LoRA
lora_r = 64
lora_alpha = 16
lora_dropout = 0.1

# Data
data_path = "path/to/data.jsonl"
dataset_map_fn = openai_map_fn
max_dataset_length = None  # a random part of the rows; None: all
max_length = 2048
pack_to_max_length = True

# Scheduler & Optimizer
batch_size = 1  # per device
accumulative_counts = 16
loss_per = "token"  # xtgui: every trained token counts the same; "sample": as xtuner by itself
dataloader_num_workers = 0
max_epochs = 3
optim_type = AdamW  # AdamW, Adam, SGD, PagedAdamW32bit, PagedAdamW8bit, AdamW8bit
lr = 2e-4
betas = (0.9, 0.999)
weight_decay = 0.0
max_norm = 1.0  # gradient clipping
warmup_ratio = 0.03
warmup_iters = 2  # int(warmup_ratio * max_epochs * iterations of an epoch); below 2: no warm-up
amp_dtype = None  # None: no mixed precision; "bfloat16" or "float16" on CUDA
seed = 42

# Save
save_steps = 200
save_total_limit = 5  # the newest checkpoints to keep; -1: all

# Evaluate the generation performance during the training
evaluation_freq = 100
SYSTEM = ""
evaluation_inputs = ["请给我介绍五个上海的景点", "Please tell me five scenic spots in Shanghai"]
max_new_tokens = 100

# Distributed
dist_backend = "gloo"  # "nccl" on CUDA

# xtuner ignores these; they tell xtgui which rows are yours, and what to check
source_data_path = None  # the file that data_path was made from; None: data_path is your own file
taught_rows = None  # the first rows of data_path are yours; repeats or others follow; None: all
repeat_rows = 1  # how often your rows appear in data_path
mix_general = 0  # general questions to mix in at most, answered by the base model
val_ratio = 0.0  # share of your rows that is held out, as val_data_path
val_data_path = None
check_learning = True
stop_on_nan = True  # False: continue although the loss is no longer a number
until_learned = False  # True: end early once your rows are known, or if the model forgets
tests_path = None  # jsonl: reworded questions, with the keywords of a right answer
kept_language = "en"  # language of the questions that show what the model still knows

#######################################################################
#                      PART 2  Model & Tokenizer                      #
#######################################################################
tokenizer = dict(
    type=AutoTokenizer.from_pretrained,
    pretrained_model_name_or_path=pretrained_model_name_or_path,
    trust_remote_code=trust_remote_code,
    padding_side="right",
)

model = dict(
    type=SupervisedFinetune,
    use_activation_checkpointing=use_activation_checkpointing,
    llm=dict(
        type=AutoModelForCausalLM.from_pretrained,
        pretrained_model_name_or_path=pretrained_model_name_or_path,
        trust_remote_code=trust_remote_code,
        torch_dtype=torch_dtype,
    ),
    # no target_modules: every linear layer but the output head
    lora=dict(
        type=LoraConfig,
        r=lora_r,
        lora_alpha=lora_alpha,
        lora_dropout=lora_dropout,
        bias="none",
        task_type="CAUSAL_LM",
    ),
)

#######################################################################
#                      PART 3  Dataset & Dataloader                   #
#######################################################################
# datasets reads [ ? * in a name as a pattern and would train on other files: they are escaped here.
data_pattern = data_path.translate({ord(sign): f"[{sign}]" for sign in "[?*"})

train_dataset = dict(
    type=process_hf_dataset,
    dataset=dict(type=load_dataset, path="json", data_files=dict(train=data_pattern)),
    tokenizer=tokenizer,
    max_length=max_length,
    dataset_map_fn=dataset_map_fn,
    template_map_fn=dict(type=template_map_fn_factory, template=prompt_template),
    max_dataset_length=max_dataset_length,
    remove_unused_columns=True,
    shuffle_before_pack=True,
    pack_to_max_length=pack_to_max_length,
    map_num_proc=None,  # in this process: every worker would drop the rest of its last pack
)

train_dataloader = dict(
    batch_size=batch_size,
    num_workers=dataloader_num_workers,
    dataset=train_dataset,
    sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=default_collate_fn),
)

#######################################################################
#                    PART 4  Scheduler & Optimizer                    #
#######################################################################
optimizer = dict(type=optim_type, lr=lr, weight_decay=weight_decay)
if optim_type is SGD:
    optimizer["momentum"] = betas[0]
else:
    optimizer["betas"] = betas

optim_wrapper = dict(
    type=OptimWrapper,
    optimizer=optimizer,
    clip_grad=dict(max_norm=max_norm, error_if_nonfinite=False),
    accumulative_counts=accumulative_counts,
)
if amp_dtype is not None:
    optim_wrapper.update(type=AmpOptimWrapper, loss_scale="dynamic", dtype=amp_dtype)

# A warm-up of one iteration would keep the whole run at 1e-5 of lr, and one of zero is refused:
# below two iterations, there is only the cosine.
warmup_epochs = warmup_ratio * max_epochs if warmup_iters >= 2 else 0
param_scheduler = [
    dict(
        type=CosineAnnealingLR,
        eta_min=0.0,
        by_epoch=True,
        begin=warmup_epochs,
        end=max_epochs,
        convert_to_iter_based=True,
    ),
]
if warmup_iters >= 2:
    param_scheduler.insert(
        0,
        dict(
            type=LinearLR,
            start_factor=1e-5,
            by_epoch=True,
            begin=0,
            end=warmup_epochs,
            convert_to_iter_based=True,
        ),
    )

train_cfg = dict(type=TrainLoop, max_epochs=max_epochs)

#######################################################################
#                           PART 5  Runtime                           #
#######################################################################
custom_hooks = [
    dict(type=DatasetInfoHook, tokenizer=tokenizer),
    dict(
        type=EvaluateChatHook,
        tokenizer=tokenizer,
        every_n_iters=evaluation_freq,
        evaluation_inputs=evaluation_inputs,
        system=SYSTEM,
        prompt_template=prompt_template,
        max_new_tokens=max_new_tokens,
        stop_words=[],
    ),
]

default_hooks = dict(
    timer=dict(type=IterTimerHook),
    logger=dict(type=LoggerHook, log_metric_by_epoch=False, interval=10),
    param_scheduler=dict(type=ParamSchedulerHook),
    checkpoint=dict(
        type=CheckpointHook,
        by_epoch=False,
        interval=save_steps,
        max_keep_ckpts=save_total_limit,
    ),
    sampler_seed=dict(type=DistSamplerSeedHook),
)

env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method="fork", opencv_num_threads=0),
    dist_cfg=dict(backend=dist_backend),
)

visualizer = None
log_level = "INFO"
load_from = None
resume = False
randomness = dict(seed=seed, deterministic=False)
log_processor = dict(by_epoch=False)
