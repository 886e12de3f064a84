"""Why the engine failed, by the codes of `shared/causes.py`, and what it warns of.

Each cause has a sentence on what happened, `.why`, and `.hint` with what to do, if possible as a
command. Those of the machine, and of config, data and model, stand in modules of their own.

Whoever fills these has at least `reason` (the library's own last line) and `phase`; warnings have
what `engine/hook_*.py` gives them.
"""

from . import faults_of_inputs, faults_of_machine

TEXTS: dict[str, tuple[str, str]] = {
    **faults_of_machine.TEXTS,
    **faults_of_inputs.TEXTS,
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
    "disk_full_waiting": (
        "The disk is full: training is paused, tries again every {seconds} s, and stops after "
        "{minutes} {minutes|minute|minutes}. Free some space: old runs are under runs/.",
        "磁盘已满，训练暂停：每 {seconds} 秒重试一次，{minutes} 分钟后停止。"
        "请清理磁盘，旧的训练在 runs/ 下。",
    ),
    "died_disk_full": (
        "The training process ended without saying why, and its disk is full ({free} left).",
        "训练进程没有留下任何信息就结束了，其所在磁盘已满（剩余 {free}）。",
    ),
    "died_disk_full.hint": (
        "Free some space (old runs are under runs/, converted models under work_dir/). What was "
        "saved is there: xtgui train --resume",
        "请清理磁盘（旧的训练在 runs/ 下，转换后的模型在 work_dir/ 下）。"
        "已保存的检查点仍在：xtgui train --resume",
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
    "checkpoint_unreadable": (
        "The checkpoint could not be read: {reason}",
        "无法读取检查点：{reason}",
    ),
    "checkpoint_unreadable.why": (
        "The file is damaged, or model, method or rank have changed since it was saved.",
        "文件已损坏，或保存之后更换了模型、方法或秩。",
    ),
    "checkpoint_unreadable.hint": (
        "It may be damaged, or not fit the changed config. Go on from an earlier one: "
        "xtgui train --resume iter_N.pth",
        "文件可能已损坏，或与修改后的配置不符。"
        "请从更早的检查点继续：xtgui train --resume iter_N.pth",
    ),
    # --- checkpoints: see shared/checkpoint_faults.py
    "checkpoint_empty": (
        "The checkpoint {file} is empty: it never reached the disk.",
        "检查点 {file} 是空文件：内容没有写入磁盘。",
    ),
    "checkpoint_empty.why": (
        "The machine lost power, or the disk was full, while it was saved.",
        "保存时断电，或磁盘已满。",
    ),
    "checkpoint_empty.hint": (
        "Use an earlier one: xtgui status lists them.",
        "请使用更早的检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_cut_off": (
        "The checkpoint {file} is incomplete: the end of the file is missing.",
        "检查点 {file} 不完整：缺少文件末尾。",
    ),
    "checkpoint_cut_off.why": (
        "It was copied only in part, or saving was interrupted.",
        "复制不完整，或保存时中断。",
    ),
    "checkpoint_cut_off.hint": (
        "Copy it again if it is a copy, or use an earlier one: xtgui status lists them.",
        "如果是复制来的，请重新复制；或使用更早的检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_checksum": (
        "The checkpoint {file} is damaged: the checksum of {record} does not match.",
        "检查点 {file} 已损坏：{record} 的校验和不符。",
    ),
    "checkpoint_checksum.why": (
        "The disk, the memory or a transfer has changed bytes of it.",
        "磁盘、内存或传输改变了其中的字节。",
    ),
    "checkpoint_checksum.hint": (
        "Copy it again if it is a copy, or use an earlier one: xtgui status lists them. "
        "If it happens again, check the disk and the memory.",
        "如果是复制来的，请重新复制；或使用更早的检查点，可用 xtgui status 查看。"
        "如果再次出现，请检查磁盘和内存。",
    ),
    "checkpoint_foreign": (
        "{file} is not a checkpoint that XTuner saved.",
        "{file} 不是 XTuner 保存的检查点。",
    ),
    "checkpoint_foreign.why": (
        "It is another kind of file, or was saved by torch before 1.6.",
        "它是其他类型的文件，或由 1.6 之前的 torch 保存。",
    ),
    "checkpoint_foreign.hint": (
        "Checkpoints are called iter_N.pth and lie in work_dir.",
        "检查点名为 iter_N.pth，位于 work_dir 中。",
    ),
    "checkpoint_program": (
        "{file} is a TorchScript program, not a checkpoint. Nothing in it was run.",
        "{file} 是 TorchScript 程序，不是检查点。没有运行其中任何内容。",
    ),
    "checkpoint_program.why": (
        "Such a file holds code that would run while it is loaded.",
        "这种文件含有代码，加载时就会运行。",
    ),
    "checkpoint_program.hint": (
        "Do not use this file unless you know where it comes from.",
        "除非清楚来源，否则请不要使用这个文件。",
    ),
    "checkpoint_unsafe": (
        "The checkpoint {file} asks for {name}: that is code, not weights. Nothing in it was run.",
        "检查点 {file} 要求载入 {name}：那是代码而不是权重。没有运行其中任何内容。",
    ),
    "checkpoint_unsafe.why": (
        "A checkpoint needs nothing but numbers and their names.",
        "检查点只需要数字和它们的名称。",
    ),
    "checkpoint_unsafe.hint": (
        "Do not use this file unless you know where it comes from.",
        "除非清楚来源，否则请不要使用这个文件。",
    ),
    "checkpoint_odd": (
        "{file} is not what torch.save writes ({detail}). Nothing in it was run.",
        "{file} 不符合 torch.save 的格式（{detail}）。没有运行其中任何内容。",
    ),
    "checkpoint_odd.why": (
        "Only files that are exactly as torch writes them are read.",
        "只读取与 torch 写法完全一致的文件。",
    ),
    "checkpoint_odd.hint": (
        "It is damaged, or somebody has changed it. Use checkpoints of your own training.",
        "文件已损坏或被人改动过。请使用自己训练得到的检查点。",
    ),
    "checkpoint_no_weights": (
        "{file} holds no weights that XTuner trained.",
        "{file} 中没有 XTuner 训练的权重。",
    ),
    "checkpoint_no_weights.why": (
        "It may be a resume state, or a checkpoint of another program.",
        "它可能是续训状态文件，或其他程序的检查点。",
    ),
    "checkpoint_no_weights.hint": (
        "Checkpoints are called iter_N.pth and lie in work_dir.",
        "检查点名为 iter_N.pth，位于 work_dir 中。",
    ),
    "checkpoint_incomplete": (
        "Training cannot resume from {file}: it has no {name}.",
        "无法从 {file} 续训：其中没有 {name}。",
    ),
    "checkpoint_incomplete.why": (
        "It was saved without the optimizer's state, or by another program.",
        "保存时没有包含优化器状态，或由其他程序保存。",
    ),
    "checkpoint_incomplete.hint": (
        "Use another checkpoint: xtgui status lists them.",
        "请使用其他检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_missing": (
        "The checkpoint is not there: {file}",
        "检查点不存在：{file}",
    ),
    "checkpoint_missing.why": (
        "It was moved or deleted, or load_from in the config names another machine's file.",
        "它被移动或删除，或配置中的 load_from 写的是其他机器上的文件。",
    ),
    "checkpoint_missing.hint": (
        "Choose one that is there: xtgui status lists them.",
        "请选择现有的检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_does_not_fit": (
        "The checkpoint does not fit this model or these settings.",
        "检查点与当前的模型或设置不符。",
    ),
    "checkpoint_does_not_fit.why": (
        "It was saved with another model, method, rank (lora_r) or optimizer.",
        "保存时使用的模型、方法、秩（lora_r）或优化器不同。",
    ),
    "checkpoint_does_not_fit.hint": (
        "Set back what was changed and resume, or start over with the new settings: "
        "xtgui train --fresh",
        "请改回原来的设置后续训，或用新的设置重新训练：xtgui train --fresh",
    ),
    "checkpoint_not_data": (
        "A .pth or .bin file holds more than data, and was not loaded.",
        "某个 .pth 或 .bin 文件不只含有数据，没有加载。",
    ),
    "checkpoint_not_data.why": (
        "Loading it fully could run code. A damaged file looks the same.",
        "完全加载它可能会运行其中的代码；已损坏的文件也会这样。",
    ),
    "checkpoint_not_data.hint": (
        "Fetch the model with safetensors files instead: xtgui download MODEL. Use a checkpoint of "
        "your own training: xtgui status lists them.",
        "请改用 safetensors 格式的模型：xtgui download 模型名；"
        "或使用自己训练的检查点，可用 xtgui status 查看。",
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
    "died": (
        "The training process ended without a word: the system or somebody killed it.",
        "训练进程没有留下任何信息就结束了：被系统或他人终止。",
    ),
    "died.why": (
        "Linux ends the largest process when the memory runs out; schedulers and people use "
        "the same signal.",
        "内存耗尽时，Linux 会终止占用最多的进程；调度系统和用户也会发出同样的信号。",
    ),
    "died.hint": (
        "Most often the memory (RAM) had run out: see `dmesg | tail`. What was saved is there: "
        "xtgui train --resume",
        "最常见的原因是内存耗尽，可用 `dmesg | tail` 查看。"
        "已保存的检查点仍在：xtgui train --resume",
    ),
    "died_stopping": (
        "The training process was killed while it was stopping, before it had saved.",
        "训练进程在停止过程中、保存完成之前被强制终止。",
    ),
    "died_stopping.hint": (
        "Schedulers wait only so long (Slurm: 30 s). Ask for an earlier signal, for example "
        "`#SBATCH --signal=USR1@120`, or save more often. To resume: xtgui train --resume",
        "调度器的等待时间有限（Slurm 为 30 秒）。请让它更早发出信号，例如 "
        "`#SBATCH --signal=USR1@120`，或更频繁地保存。继续训练：xtgui train --resume",
    ),
    "oom_killed": (
        "The machine ran out of memory (RAM), and the kernel killed the training.",
        "内存耗尽，训练被系统内核终止（OOM）。",
    ),
    "oom_killed.hint": (
        "Close other programs, or take less: a smaller model or fewer workers "
        "(dataloader_num_workers); `xtgui estimate` says what a run needs. What was saved is "
        "there: xtgui train --resume",
        "请关闭其他程序，或减少用量：换更小的模型、减少 dataloader_num_workers；"
        "`xtgui estimate` 会给出所需内存。已保存的检查点仍在：xtgui train --resume",
    ),
    "crashed": (
        "The training process crashed ({signal}): an error within a library, not in your data.",
        "训练进程崩溃（{signal}）：程序库内部出错，与数据无关。",
    ),
    "crashed.hint": (
        "Resume once: xtgui train --resume. If it happens again, repair the installation: "
        "xtgui setup",
        "请先续训一次：xtgui train --resume。如果再次发生，请修复安装：xtgui setup",
    ),
    "folder_gone": (
        "{path} is gone: it was renamed or deleted, or its disk was disconnected.",
        "{path} 已不存在：被重命名、删除，或所在磁盘已断开。",
    ),
    "folder_gone.hint": (
        "Put it back under this name, then: xtgui status",
        "请恢复原来的名称，然后运行：xtgui status",
    ),
    "died_early": (
        "The training process ended before it could begin.",
        "训练进程尚未开始就结束了。",
    ),
    "died_early.why": (
        "The interpreter could not start the engine, or it ended while loading libraries.",
        "解释器无法启动训练引擎，或在加载程序库时结束。",
    ),
    "died_early.hint": (
        "The log says why. If a library is missing or broken: xtgui setup",
        "原因见日志。如果缺少程序库或程序库损坏：xtgui setup",
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
    # --- warnings: the training goes on
    "plan_differs": (
        "{name} is {real}, not {planned} as planned.",
        "{name} 实际为 {real}，与计划的 {planned} 不同。",
    ),
    "not_saved": (
        "Not saved: the weights are no longer numbers (nan). The last good checkpoint is kept.",
        "未保存：权重已变成 nan。保留上一个检查点。",
    ),
    "check_failed": (
        "What the model has learned could not be checked ({reason}); training continues. The log "
        "says why.",
        "无法检查学习效果（{reason}），训练继续进行。原因见日志。",
    ),
    "until_learned_off": (
        "train.until_learned has no effect: this run cannot check your rows (several GPUs, "
        "check_learning = False or max_dataset_length). It trains as planned.",
        "train.until_learned 不起作用：本次训练无法检查你的数据（使用多块 GPU、"
        "check_learning = False，或设置了 max_dataset_length）。训练按计划进行。",
    ),
    "packs_mixed": (
        "Samples that are packed together see each other with this model. To keep them apart, "
        "train without packing: train.pack_to_max_length=false",
        "该模型在样本拼接（packing）时，同一包内的样本会互相看到。如需避免，请关闭拼接："
        "train.pack_to_max_length=false",
    ),
    "resume_not_exact": (
        "No random state was saved with this checkpoint: the run will be close to, but not "
        "exactly, one without a stop.",
        "这个检查点没有保存随机状态：结果会与不中断的训练接近，但不完全相同。",
    ),
    "resume_state_damaged": (
        "The random state saved with {name} is damaged: the run will be close to, but not "
        "exactly, one without a stop.",
        "随 {name} 保存的随机状态已损坏：结果会与不中断的训练接近，但不完全相同。",
    ),
    "resume_other_data": (
        "The data changed since the checkpoint: {before} {before|sample|samples} then, {now} now.",
        "保存检查点之后数据有变化：当时 {before} 个样本，现在 {now} 个。",
    ),
}
