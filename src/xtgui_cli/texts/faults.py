"""What can befall the engine: one sentence for each code it sends, and what helps.

Whoever fills these has at least `reason` (the library's own last line) and `phase`; warnings have
what `engine/hook_*.py` gives them.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "cuda_out_of_memory": ("The GPU ran out of memory.", "显存不足。"),
    "cuda_out_of_memory.hint": (
        "What helps, the first first: close other programs that use the GPU (nvidia-smi lists "
        "them); halve the length: xtgui train --set train.max_length=1024; lora → qlora: "
        "xtgui init --step 2. `xtgui estimate` says what each change saves.",
        "可以依次尝试：关闭其他占用显存的程序（用 nvidia-smi 查看）；缩短长度："
        "xtgui train --set train.max_length=1024；把 lora 换成 qlora：xtgui init --step 2。"
        "用 `xtgui estimate` 查看每项改动能省多少。",
    ),
    "host_out_of_memory": ("This machine ran out of memory (RAM).", "内存不足。"),
    "host_out_of_memory.hint": (
        "Close other programs, or take less: xtgui train --set train.max_length=512, "
        "--set train.use_activation_checkpointing=true, or a smaller model: xtgui init --step 2",
        "请关闭其他程序，或减少用量：xtgui train --set train.max_length=512、"
        "--set train.use_activation_checkpointing=true，或换一个更小的模型：xtgui init --step 2",
    ),
    "disk_full": ("The disk is full.", "磁盘空间不足。"),
    "disk_full.hint": (
        "Free some space (old runs are under runs/, converted models under work_dir/), or keep "
        "fewer checkpoints: --set train.save_total_limit=1. Then: xtgui train --resume",
        "请清理磁盘（旧的训练在 runs/ 下，转换后的模型在 work_dir/ 下），或少保留检查点："
        "--set train.save_total_limit=1，然后运行 xtgui train --resume",
    ),
    "loss_not_finite": (
        "The loss is no longer a number (nan or infinite): the training has diverged.",
        "loss 变成了 nan 或无穷大：训练已经发散。",
    ),
    "loss_not_finite.hint": (
        "The learning rate is too high. What was trained cannot be rescued, and resuming would not "
        "help.",
        "学习率过高。已训练的权重无法挽救，续训也没有用。",
    ),
    "data_empty": (
        "No row of the data is left to train on.",
        "数据中没有任何一行可以用于训练。",
    ),
    "data_empty.hint": (
        "Every answer was cut away: the questions alone are longer than max_length. "
        "Raise it: xtgui train --set train.max_length=2048",
        "所有回答都被截掉了：仅问题就超过了 max_length。"
        "请调大：xtgui train --set train.max_length=2048",
    ),
    "data_unreadable": (
        "The training data could not be read: {reason}",
        "无法读取训练数据：{reason}",
    ),
    "data_unreadable.hint": (
        "Was the file moved or changed? `xtgui init --step 2` checks it again.",
        "文件是否被移动或修改？可用 `xtgui init --step 2` 重新检查。",
    ),
    "config_broken": (
        "The config does not work: {reason}",
        "配置文件无法运行：{reason}",
    ),
    "config_broken.hint": (
        "Undo your last change to it, or write a new one: xtgui init --step 3",
        "请撤销最近的修改，或重新生成：xtgui init --step 3",
    ),
    "model_unreadable": (
        "The model could not be loaded: {reason}",
        "无法加载模型：{reason}",
    ),
    "model_unreadable.hint": (
        "Is its folder complete? `xtgui init --step 2` checks it again.",
        "模型文件夹是否完整？可用 `xtgui init --step 2` 重新检查。",
    ),
    "checkpoint_unreadable": (
        "The checkpoint could not be read: {reason}",
        "无法读取检查点：{reason}",
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
    "checkpoint_empty.hint": (
        "Use an earlier one: xtgui status lists them.",
        "请使用更早的检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_cut_off": (
        "The checkpoint {file} is incomplete: the end of the file is missing.",
        "检查点 {file} 不完整：缺少文件末尾。",
    ),
    "checkpoint_cut_off.hint": (
        "Copy it again if it is a copy, or use an earlier one: xtgui status lists them.",
        "如果是复制来的，请重新复制；或使用更早的检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_checksum": (
        "The checkpoint {file} is damaged: the checksum of {record} does not match.",
        "检查点 {file} 已损坏：{record} 的校验和不符。",
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
    "checkpoint_foreign.hint": (
        "Checkpoints are called iter_N.pth and lie in work_dir.",
        "检查点名为 iter_N.pth，位于 work_dir 中。",
    ),
    "checkpoint_program": (
        "{file} is a TorchScript program, not a checkpoint. Nothing in it was run.",
        "{file} 是 TorchScript 程序，不是检查点。没有运行其中任何内容。",
    ),
    "checkpoint_program.hint": (
        "Do not use this file unless you know where it comes from.",
        "除非清楚来源，否则请不要使用这个文件。",
    ),
    "checkpoint_unsafe": (
        "The checkpoint {file} asks for {name}: that is code, not weights. Nothing in it was run.",
        "检查点 {file} 要求载入 {name}：那是代码而不是权重。没有运行其中任何内容。",
    ),
    "checkpoint_unsafe.hint": (
        "Do not use this file unless you know where it comes from.",
        "除非清楚来源，否则请不要使用这个文件。",
    ),
    "checkpoint_odd": (
        "{file} is not what torch.save writes ({detail}). Nothing in it was run.",
        "{file} 不符合 torch.save 的格式（{detail}）。没有运行其中任何内容。",
    ),
    "checkpoint_odd.hint": (
        "It is damaged, or somebody has changed it. Use checkpoints of your own training.",
        "文件已损坏或被人改动过。请使用自己训练得到的检查点。",
    ),
    "checkpoint_no_weights": (
        "{file} holds no weights that XTuner trained.",
        "{file} 中没有 XTuner 训练的权重。",
    ),
    "checkpoint_no_weights.hint": (
        "Checkpoints are called iter_N.pth and lie in work_dir.",
        "检查点名为 iter_N.pth，位于 work_dir 中。",
    ),
    "checkpoint_incomplete": (
        "Training cannot resume from {file}: it has no {name}.",
        "无法从 {file} 续训：其中没有 {name}。",
    ),
    "checkpoint_incomplete.hint": (
        "Use another checkpoint: xtgui status lists them.",
        "请使用其他检查点，可用 xtgui status 查看。",
    ),
    "import_failed": (
        "A library that training needs could not be loaded: {reason}",
        "无法加载训练所需的程序库：{reason}",
    ),
    "import_failed.hint": (
        "Repair the installation with `xtgui setup`.",
        "请运行 `xtgui setup` 修复安装。",
    ),
    "unknown": (
        "The training stopped because of an error: {reason}",
        "训练因错误中止：{reason}",
    ),
    "unknown.hint": (
        "The log below says more.",
        "详情请看下面的日志。",
    ),
    "died": (
        "The training process ended without a word: the system or somebody killed it.",
        "训练进程没有留下任何信息就结束了：被系统或他人终止。",
    ),
    "died.hint": (
        "Most often the memory (RAM) had run out: see `dmesg | tail`. What was saved is there: "
        "xtgui train --resume",
        "最常见的原因是内存耗尽，可用 `dmesg | tail` 查看。"
        "已保存的检查点仍在：xtgui train --resume",
    ),
    "died_early": (
        "The training process ended before it could begin.",
        "训练进程尚未开始就结束了。",
    ),
    "died_early.hint": (
        "The log says why. If a library is missing or broken: xtgui setup",
        "原因见日志。如果缺少程序库或程序库损坏：xtgui setup",
    ),
    "samples_not_as_checked": (
        "The data make {real} samples, but {checked} were checked before the start. Nothing was "
        "trained.",
        "数据实际有 {real} 个样本，而启动前检查的是 {checked} 个。没有进行训练。",
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
    "tokens_not_as_checked.hint": (
        "If data or tokenizer were changed just now, run the command again. To train whatever the "
        "engine finds: --accept-changes",
        "如果数据或分词器刚刚被修改，请重新运行该命令。仍要训练引擎读到的数据：--accept-changes",
    ),
    "iterations_not_as_checked": (
        "The run would take {real} iterations, but {checked} were planned. Nothing was trained.",
        "训练实际需要 {real} 次迭代，而计划的是 {checked} 次。没有进行训练。",
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
        "The data changed since the checkpoint: {before} samples then, {now} now.",
        "保存检查点之后数据有变化：当时 {before} 个样本，现在 {now} 个。",
    ),
}
