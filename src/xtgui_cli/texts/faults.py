"""Why the engine failed, by the codes of `shared/causes.py`, and what it warns of.

Each cause has a sentence on what happened, `.why`, and `.hint` with what to do, if possible as a
command. The most frequent causes are here, the others in modules of their own.

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
        "Weights, activations and optimizer state together are more than what is free on the "
        "card. Longest sample, batch size and method decide how much that is.",
        "权重、激活值和优化器状态加起来超过了可用显存，主要取决于最长的样本、批大小和微调方法。",
    ),
    "cuda_out_of_memory.hint": (
        "Try in this order: close other programs that use the GPU (nvidia-smi lists them); "
        "halve the length: xtgui train --fresh --set train.max_length=1024; hold the base model in "
        "4 bits: xtgui train --fresh --set train.method=qlora. `xtgui estimate` says what each "
        "change saves.",
        "可以依次尝试：关闭其他占用显存的程序（用 nvidia-smi 查看）；缩短长度："
        "xtgui train --fresh --set train.max_length=1024；以 4 比特加载基座模型："
        "xtgui train --fresh --set train.method=qlora。用 `xtgui estimate` 查看每项改动能省多少。",
    ),
    "host_out_of_memory": ("This machine ran out of memory (RAM).", "内存不足。"),
    "host_out_of_memory.why": (
        "Without a GPU the whole training is in this memory. With one, a model passes through "
        "it when it is loaded, merged or converted.",
        "没有显卡时，训练全部在内存中进行；有显卡时，加载、合并和转换模型也要经过内存。",
    ),
    "host_out_of_memory.hint": (
        "Close other programs, or take less: xtgui train --fresh --set train.max_length=512 "
        "--set train.use_activation_checkpointing=true. Or choose a smaller model: "
        "xtgui init --step 2",
        "请关闭其他程序，或减少用量：xtgui train --fresh --set train.max_length=512 "
        "--set train.use_activation_checkpointing=true；或换一个更小的模型：xtgui init --step 2",
    ),
    "disk_full": ("The disk is full.", "磁盘空间不足。"),
    "disk_full.why": (
        "Checkpoints, logs or converted models have filled it, or a quota is used up.",
        "检查点、日志或转换出的模型占满了磁盘，或用完了配额。",
    ),
    "disk_full.hint": (
        "Free some space (old runs are under runs/, converted models under work_dir/), or keep "
        "fewer checkpoints: --set train.save_total_limit=1. Then: xtgui train --resume",
        "请清理磁盘（旧的训练在 runs/ 下，转换后的模型在 work_dir/ 下），或少保留检查点："
        "--set train.save_total_limit=1，然后运行 xtgui train --resume",
    ),
    "disk_read_only": (
        "The disk has become read-only: {reason}",
        "磁盘变成了只读：{reason}",
    ),
    "disk_read_only.hint": (
        "Usually the system found it damaged or lost the connection: see `dmesg | tail`. "
        "Once it is writable again: xtgui train --resume",
        "通常是系统发现磁盘损坏或连接中断，可用 `dmesg | tail` 查看。"
        "恢复可写后运行：xtgui train --resume",
    ),
    "loss_not_finite": (
        "The loss is no longer a number (nan or infinite): the training has diverged.",
        "loss 变成了 nan 或无穷大：训练已经发散。",
    ),
    "loss_not_finite.why": (
        "Most often the learning rate is too high; with float16 numbers may also have become "
        "too large. A base model that holds nan itself does the same at the first iteration.",
        "最常见的原因是学习率过高；使用 float16 时也可能是数值溢出。如果基座模型本身含有 nan，"
        "第一次迭代就会这样。",
    ),
    "loss_not_finite.hint": (
        "The learning rate is too high. What was trained since cannot be rescued, and resuming "
        "would not help; nothing was saved over an earlier checkpoint.",
        "学习率过高。此后训练的权重无法挽救，续训也没有用；更早的检查点没有被覆盖。",
    ),
    "loss_never_finite": (
        "The loss was not a number (nan or infinite) from the first iteration.",
        "loss 从第一次迭代起就是 nan 或无穷大。",
    ),
    "loss_never_finite.why": (
        "The numbers that the model starts with are none: training has not had a chance to spoil "
        "them.",
        "模型一开始的数值就不正常，并不是训练造成的。",
    ),
    "loss_never_finite.hint": (
        "The learning rate is not to blame: the model's files are damaged (download it again), or "
        'float16 is too small for it: use amp_dtype = "bfloat16" or None in the config.',
        "这不是学习率的问题：可能是模型文件已损坏（请重新下载），或 float16 的数值范围不够："
        '请在配置文件中使用 amp_dtype = "bfloat16" 或 None。',
    ),
    "worker_killed": (
        "A process that loads the data was killed: {reason}",
        "数据加载进程被终止：{reason}",
    ),
    "worker_killed.hint": (
        "Most often the memory (RAM) had run out. Resume with fewer of them, 0 for none: set "
        "dataloader_num_workers in the config, then xtgui train --resume",
        "最常见的原因是内存不足。请在配置文件中减小 dataloader_num_workers（0 表示不使用），"
        "然后运行 xtgui train --resume",
    ),
    "data_empty": (
        "No row of the data is left to train on.",
        "数据中没有任何一行可以用于训练。",
    ),
    "data_empty.why": (
        "XTuner cuts each conversation at max_length and drops those of which no answer is left.",
        "XTuner 会按 max_length 截断每段对话，并丢弃没有剩下任何回答的对话。",
    ),
    "data_empty.hint": (
        "Every answer was cut away: the questions alone are longer than max_length. "
        "Raise it: xtgui train --fresh --set train.max_length=2048",
        "所有回答都被截掉了：仅问题就超过了 max_length。"
        "请调大：xtgui train --fresh --set train.max_length=2048",
    ),
    "data_unreadable": (
        "The training data could not be read: {reason}",
        "无法读取训练数据：{reason}",
    ),
    "data_unreadable.why": (
        "The file is not there, is damaged, or has another format than the config says.",
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
        "It was edited by hand, or was written for another version of XTuner or another machine.",
        "配置被手工改动过，或是为其他版本的 XTuner、其他机器写的。",
    ),
    "config_broken.hint": (
        "Undo your last change to it, or write a new one: xtgui init --step 3",
        "请撤销最近的修改，或重新生成：xtgui init --step 3",
    ),
    "model_unreadable": (
        "The model could not be loaded: {reason}",
        "无法加载模型：{reason}",
    ),
    "model_unreadable.why": (
        "Files are missing or damaged, or the library cannot load this kind of model.",
        "文件缺失或已损坏，或程序库不支持这类模型。",
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
        "A package is missing, or was broken by a later pip install.",
        "缺少某个包，或之后的 pip install 破坏了它。",
    ),
    "import_failed.hint": (
        "Repair the installation with `xtgui setup`.",
        "请运行 `xtgui setup` 修复安装。",
    ),
    "unknown": (
        "The training stopped because of an error: {reason}",
        "训练因错误中止：{reason}",
    ),
    "unknown.why": (
        "This error is not one of those that xtgui can explain.",
        "xtgui 还不能解释这个错误。",
    ),
    "unknown.hint": (
        "The log says more: xtgui logs",
        "详情请看日志：xtgui logs",
    ),
    # --- what saves memory
    "memory_savers": (
        "Close other programs that use it, or change a setting. These save most in this run, "
        "estimated to need {needed}:",
        "请关闭其他占用它的程序，或修改设置。对本次训练（估计需要 {needed}）最有效的是：",
    ),
    "memory_saves": ("saves about {size}", "约省 {size}"),
    # --- the data are not what was checked
    "samples_not_as_checked": (
        "The data make {real} {real|sample|samples}, but {checked} {checked|was|were} checked "
        "before the start. Nothing was trained.",
        "数据实际有 {real} 个样本，而启动前检查的是 {checked} 个。没有进行训练。",
    ),
    "samples_not_as_checked.why": (
        "The file was changed in between, or the config reads it in a way of its own.",
        "文件在此期间被修改，或配置文件以自己的方式读取数据。",
    ),
    "samples_not_as_checked.hint": (
        "If the file was changed just now, run the command again. To train whatever the engine "
        "finds: --accept-changes",
        "如果文件刚刚被修改，请重新运行该命令。仍要训练引擎读到的数据：--accept-changes",
    ),
    "tokens_not_as_checked": (
        "The data make other tokens than were checked before the start. Nothing was trained.",
        "数据得到的 token 与启动前检查的不同。没有进行训练。",
    ),
    "tokens_not_as_checked.why": (
        "Data or tokenizer were changed in between, or the prompt template is not the one that was "
        "checked.",
        "数据或分词器在此期间被修改，或对话模板与检查时不同。",
    ),
    "tokens_not_as_checked.hint": (
        "If data or tokenizer were changed just now, run the command again. To train whatever the "
        "engine finds: --accept-changes",
        "如果数据或分词器刚刚被修改，请重新运行该命令。仍要训练引擎读到的数据：--accept-changes",
    ),
    "iterations_not_as_checked": (
        "The run would take {real} {real|iteration|iterations}, but {checked} {checked|was|were} "
        "planned. Nothing was trained.",
        "训练实际需要 {real} 次迭代，而计划的是 {checked} 次。没有进行训练。",
    ),
    "iterations_not_as_checked.why": (
        "The config loads or repeats the data in a way of its own.",
        "配置文件以自己的方式加载或重复数据。",
    ),
    "iterations_not_as_checked.hint": (
        "If you changed the data loader or the training loop in the config on purpose: "
        "--accept-changes",
        "如果你有意修改了配置中的数据加载或训练循环：--accept-changes",
    ),
}
