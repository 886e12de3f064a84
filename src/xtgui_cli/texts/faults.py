"""Why the engine failed, by the codes of `shared/causes.py`, and its warnings.

Each cause has a sentence on what happened, `.why`, and `.hint` with what to do, if possible as a
command. The most frequent causes are here, the others in the modules imported below.

All are filled with at least `reason` (the library's own last line) and `phase`.
"""

from . import (
    faults_of_checkpoints,
    faults_of_inputs,
    faults_of_machine,
    faults_of_process,
    run_warnings,
)

TEXTS: dict[str, tuple[str, str]] = {
    **faults_of_machine.TEXTS,
    **faults_of_process.TEXTS,
    **faults_of_inputs.TEXTS,
    **faults_of_checkpoints.TEXTS,
    **run_warnings.TEXTS,
    "cuda_out_of_memory": ("The GPU ran out of memory.", "显存不足。"),
    "cuda_out_of_memory.why": (
        "Weights, activations and optimizer state together need more memory than is free on the "
        "GPU. The longest sample, the batch size and the method matter most.",
        "权重、激活值和优化器状态加起来超过了可用显存，主要取决于最长的样本、"
        "批次大小（batch size）和微调方法。",
    ),
    "cuda_out_of_memory.hint": (
        "Try in this order: close other programs that use the GPU (nvidia-smi lists them); halve "
        "the length: xtgui train --fresh --set train.max_length=1024; load the base model in 4 "
        "bits: xtgui train --fresh --set train.method=qlora. `xtgui estimate` shows how much each "
        "change saves.",
        "可以依次尝试：关闭其他占用显存的程序（用 nvidia-smi 查看）；缩短长度："
        "xtgui train --fresh --set train.max_length=1024；以 4 位量化加载基座模型："
        "xtgui train --fresh --set train.method=qlora。"
        "用 `xtgui estimate` 查看每项改动能节省多少。",
    ),
    "host_out_of_memory": ("This machine ran out of memory (RAM).", "内存不足。"),
    "host_out_of_memory.why": (
        "Without a GPU, training runs entirely in this memory. With one, models pass through it "
        "when they are loaded, merged or converted.",
        "没有显卡时，训练全部在内存中进行；有显卡时，加载、合并和转换模型也要经过内存。",
    ),
    "host_out_of_memory.hint": (
        "Close other programs, or use less memory: xtgui train --fresh --set train.max_length=512 "
        "--set train.use_activation_checkpointing=true. Or choose a smaller model: xtgui init "
        "--step 2",
        "请关闭其他程序，或减少内存用量：xtgui train --fresh --set train.max_length=512 --set "
        "train.use_activation_checkpointing=true；或换一个更小的模型：xtgui init --step 2",
    ),
    "disk_full": ("The disk is full.", "磁盘空间不足。"),
    "disk_full.why": (
        "Checkpoints, logs or converted models have filled it, or a quota is used up.",
        "检查点、日志或转换后的模型占满了磁盘，或配额已用完。",
    ),
    "disk_full.hint": (
        "Free some space (old runs are in runs/, converted models in work_dir/), or keep fewer "
        "checkpoints: --set train.save_total_limit=1. Then: xtgui train --resume",
        "请清理磁盘（旧的训练在 runs/ 中，转换后的模型在 work_dir/ 中），或减少保留的检查点："
        "--set train.save_total_limit=1，然后运行 xtgui train --resume",
    ),
    "disk_read_only": ("The disk became read-only: {reason}", "磁盘变为只读：{reason}"),
    "disk_read_only.hint": (
        "Once it is writable again: xtgui train --resume",
        "恢复可写后运行：xtgui train --resume",
    ),
    "loss_not_finite": (
        "The loss became nan or infinite: training has diverged.",
        "loss 变成了 nan 或无穷大：训练已经发散。",
    ),
    "loss_not_finite.why": (
        "Most often the learning rate is too high; with float16, values may also have overflowed. "
        "A base model that contains nan itself fails at the first iteration.",
        "最常见的原因是学习率过高；使用 float16 时也可能是数值溢出。如果基座模型本身含有 nan，"
        "第一次迭代就会这样。",
    ),
    "loss_not_finite.hint": (
        "Start over with a lower learning rate: resuming does not help. Earlier checkpoints are "
        "intact.",
        "请降低学习率，重新开始；续训没有用。更早的检查点不受影响。",
    ),
    "loss_never_finite": (
        "The loss was nan or infinite from the first iteration.",
        "loss 从第一次迭代起就是 nan 或无穷大。",
    ),
    "loss_never_finite.why": (
        "The model's values were already invalid before training started.",
        "训练开始之前，模型的数值就已经不正常。",
    ),
    "loss_never_finite.hint": (
        "The learning rate is not the cause. Either the model's files are damaged (download it "
        'again), or float16 is too small for its values: set amp_dtype = "bfloat16" or None in '
        "the config.",
        "这不是学习率的问题：可能是模型文件已损坏（请重新下载），或 float16 的数值范围不够："
        '请在配置文件中设置 amp_dtype = "bfloat16" 或 None。',
    ),
    "worker_killed": (
        "A process that loads the data was killed: {reason}",
        "数据加载进程被终止：{reason}",
    ),
    "worker_killed.hint": (
        "Use fewer of these processes (0 for none): set dataloader_num_workers in the config, "
        "then: xtgui train --resume",
        "请在配置文件中减小 dataloader_num_workers（0 表示不用子进程），"
        "然后运行 xtgui train --resume",
    ),
    "data_empty": ("No rows are left to train on.", "没有任何一行数据可以用于训练。"),
    "data_empty.why": (
        "XTuner cuts each conversation at max_length and drops those with no answer left.",
        "XTuner 会按 max_length 截断每段对话，并丢弃没有留下任何回答的对话。",
    ),
    "data_empty.hint": (
        "Every answer was cut off: the questions alone are longer than max_length. Raise it: "
        "xtgui train --fresh --set train.max_length=2048",
        "所有回答都被截掉了：仅问题就超过了 max_length。请调大：xtgui train --fresh --set "
        "train.max_length=2048",
    ),
    "data_unreadable": (
        "The training data could not be read: {reason}",
        "无法读取训练数据：{reason}",
    ),
    "data_unreadable.why": (
        "The file is missing, damaged, or in a different format than the config says.",
        "文件不存在、已损坏，或格式与配置不符。",
    ),
    "data_unreadable.hint": (
        "Was the file moved or changed? `xtgui init --step 2` checks it again.",
        "文件是否被移动或修改？可用 `xtgui init --step 2` 重新检查。",
    ),
    "config_broken": (
        "The config does not work: {reason}",
        "配置文件无法运行：{reason}",
    ),
    "config_broken.why": (
        "It was edited by hand, or written for another version of XTuner or another machine.",
        "配置被手动修改过，或是为其他版本的 XTuner、其他机器写的。",
    ),
    "config_broken.hint": (
        "Undo your last change, or write a new config: xtgui init --step 3",
        "请撤销最近的修改，或重新生成：xtgui init --step 3",
    ),
    "model_unreadable": (
        "The model could not be loaded: {reason}",
        "无法加载模型：{reason}",
    ),
    "model_unreadable.why": (
        "Files are missing or damaged, or the library does not support this kind of model.",
        "文件缺失或损坏，或程序库不支持这类模型。",
    ),
    "model_unreadable.hint": (
        "Is its folder complete? `xtgui init --step 2` checks it again.",
        "模型文件夹是否完整？可用 `xtgui init --step 2` 重新检查。",
    ),
    "import_failed": (
        "A library that training needs could not be loaded: {reason}",
        "无法加载训练所需的程序库：{reason}",
    ),
    "import_failed.why": (
        "A package is missing, or a later pip install broke it.",
        "缺少某个包，或之后的 pip install 破坏了它。",
    ),
    "import_failed.hint": ("Repair the installation: xtgui setup", "请修复安装：xtgui setup"),
    "unknown": ("Training stopped because of an error: {reason}", "训练因错误中止：{reason}"),
    "unknown.why": ("xtgui does not know this error.", "xtgui 无法识别这个错误。"),
    "unknown.hint": ("See the log: xtgui logs", "详情请看日志：xtgui logs"),
    # --- changes that save memory
    "memory_savers": (
        "Close other programs that use this memory, or change a setting. For this run, which "
        "needs about {needed}, these changes save the most:",
        "请关闭其他占用它的程序，或修改设置。对本次训练（估计需要 {needed}）节省最多的是：",
    ),
    "memory_saves": ("saves about {size}", "约省 {size}"),
    # --- data other than what was checked
    "samples_not_as_checked": (
        "The data has {real} {real|sample|samples}, but {checked} {checked|was|were} checked "
        "before the start. Nothing was trained.",
        "数据实际有 {real} 个样本，而启动前检查的是 {checked} 个。没有进行训练。",
    ),
    "samples_not_as_checked.why": (
        "The file changed in between, or the config reads it in its own way.",
        "文件在此期间有改动，或配置文件读取数据的方式不同。",
    ),
    "samples_not_as_checked.hint": (
        "If the file has just changed, run the command again. To train on what the engine reads: "
        "--accept-changes",
        "如果文件刚刚改动过，请重新运行该命令。按引擎读到的数据训练：--accept-changes",
    ),
    "tokens_not_as_checked": (
        "The data has different tokens than were checked before the start. Nothing was trained.",
        "数据的 token 与启动前检查的不同。没有进行训练。",
    ),
    "tokens_not_as_checked.why": (
        "The data or the tokenizer changed in between, or the prompt template is not the one that "
        "was checked.",
        "数据或分词器在此期间有改动，或提示词模板与检查时不同。",
    ),
    "tokens_not_as_checked.hint": (
        "If the data or the tokenizer has just changed, run the command again. To train on what "
        "the engine reads: --accept-changes",
        "如果数据或分词器刚刚改动过，请重新运行该命令。按引擎读到的数据训练：--accept-changes",
    ),
    "iterations_not_as_checked": (
        "The run has {real} {real|iteration|iterations}, but {checked} {checked|was|were} "
        "planned. Nothing was trained.",
        "训练实际需要 {real} 次迭代，而计划的是 {checked} 次。没有进行训练。",
    ),
    "iterations_not_as_checked.why": (
        "The config loads or repeats the data in its own way.",
        "配置文件加载或重复数据的方式不同。",
    ),
    "iterations_not_as_checked.hint": (
        "If you changed the data loader or the training loop in the config on purpose: "
        "--accept-changes",
        "如果你有意修改了配置文件中的数据加载或训练循环：--accept-changes",
    ),
}
