"""Checkpoints that cannot be read or do not fit; see `shared/checkpoint_faults.py`."""

TEXTS: dict[str, tuple[str, str]] = {
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
}
