"""Checkpoints that cannot be read or do not match; see `shared/checkpoint_faults.py`."""

TEXTS: dict[str, tuple[str, str]] = {
    "checkpoint_unreadable": (
        "The checkpoint could not be read: {reason}",
        "无法读取检查点：{reason}",
    ),
    "checkpoint_unreadable.why": (
        "The file is damaged, or the model, method or rank has changed since it was saved.",
        "文件已损坏，或保存之后更换了模型、方法或秩。",
    ),
    "checkpoint_unreadable.hint": (
        "It may be damaged, or not match the changed config. Resume from an earlier one: xtgui "
        "train --resume iter_N.pth",
        "文件可能已损坏，或与修改后的配置不符。请从更早的检查点续训：xtgui train --resume "
        "iter_N.pth",
    ),
    "checkpoint_empty": (
        "The checkpoint {file} is empty: its contents never reached the disk.",
        "检查点 {file} 是空文件：内容没有写入磁盘。",
    ),
    "checkpoint_empty.why": (
        "The machine lost power or the disk was full while it was being saved.",
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
        "Only a part of it was copied, or saving was interrupted.",
        "只复制了一部分，或保存时中断。",
    ),
    "checkpoint_cut_off.hint": (
        "If it is a copy, copy it again; otherwise use an earlier one: xtgui status lists them.",
        "如果是复制来的，请重新复制；否则请使用更早的检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_checksum": (
        "The checkpoint {file} is damaged: the checksum of {record} does not match.",
        "检查点 {file} 已损坏：{record} 的校验和不符。",
    ),
    "checkpoint_checksum.why": (
        "Some of its bytes were changed on the disk, in memory or in transit.",
        "文件中的部分字节在磁盘、内存或传输中发生了改变。",
    ),
    "checkpoint_checksum.hint": (
        "If it is a copy, copy it again; otherwise use an earlier one: xtgui status lists them. "
        "If it happens again, check the disk and the memory.",
        "如果是复制来的，请重新复制；否则请使用更早的检查点，可用 xtgui status 查看。"
        "如果再次出现，请检查磁盘和内存。",
    ),
    "checkpoint_foreign": (
        "{file} is not a checkpoint that XTuner saved.",
        "{file} 不是 XTuner 保存的检查点。",
    ),
    "checkpoint_foreign.why": (
        "It is another kind of file, or was saved by a torch older than 1.6.",
        "它是其他类型的文件，或由 1.6 之前的 torch 保存。",
    ),
    "checkpoint_foreign.hint": (
        "Checkpoints are named iter_N.pth and are in work_dir.",
        "检查点名为 iter_N.pth，位于 work_dir 中。",
    ),
    "checkpoint_program": (
        "{file} is a TorchScript program, not a checkpoint. None of it was run.",
        "{file} 是 TorchScript 程序，不是检查点。其中的内容均未运行。",
    ),
    "checkpoint_program.why": (
        "Such a file contains code that runs while the file is loaded.",
        "这种文件含有代码，加载时就会运行。",
    ),
    "checkpoint_program.hint": (
        "Do not use this file unless you know where it comes from.",
        "除非清楚来源，否则请不要使用这个文件。",
    ),
    "checkpoint_unsafe": (
        "The checkpoint {file} tries to load {name}: that is code, not weights. None of it was "
        "run.",
        "检查点 {file} 试图加载 {name}：那是代码而不是权重。其中的内容均未运行。",
    ),
    "checkpoint_unsafe.why": (
        "A checkpoint only needs numbers and their names.",
        "检查点只需要数值及其名称。",
    ),
    "checkpoint_unsafe.hint": (
        "Do not use this file unless you know where it comes from.",
        "除非清楚来源，否则请不要使用这个文件。",
    ),
    "checkpoint_odd": (
        "{file} was not written by torch.save ({detail}). None of it was run.",
        "{file} 不符合 torch.save 的格式（{detail}）。其中的内容均未运行。",
    ),
    "checkpoint_odd.why": (
        "xtgui reads only files that are exactly as torch writes them.",
        "xtgui 只读取与 torch 写法完全一致的文件。",
    ),
    "checkpoint_odd.hint": (
        "It is damaged or was modified. Use checkpoints from your own training.",
        "文件已损坏或被修改过。请使用自己训练得到的检查点。",
    ),
    "checkpoint_no_weights": (
        "{file} contains no weights trained by XTuner.",
        "{file} 中没有 XTuner 训练的权重。",
    ),
    "checkpoint_no_weights.why": (
        "It may be a resume state, or another program's checkpoint.",
        "它可能是续训状态文件，或其他程序的检查点。",
    ),
    "checkpoint_no_weights.hint": (
        "Checkpoints are named iter_N.pth and are in work_dir.",
        "检查点名为 iter_N.pth，位于 work_dir 中。",
    ),
    "checkpoint_incomplete": (
        "Cannot resume from {file}: it has no {name}.",
        "无法从 {file} 续训：其中没有 {name}。",
    ),
    "checkpoint_incomplete.why": (
        "It was saved without the optimizer state, or by another program.",
        "保存时没有包含优化器状态，或由其他程序保存。",
    ),
    "checkpoint_incomplete.hint": (
        "Use another checkpoint: xtgui status lists them.",
        "请使用其他检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_missing": ("Checkpoint not found: {file}", "找不到检查点：{file}"),
    "checkpoint_missing.why": (
        "It was moved or deleted, or load_from in the config points to a file on another machine.",
        "它已移动或删除，或配置中的 load_from 指向其他机器上的文件。",
    ),
    "checkpoint_missing.hint": (
        "Choose an existing one: xtgui status lists them.",
        "请选择现有的检查点，可用 xtgui status 查看。",
    ),
    "checkpoint_does_not_fit": (
        "The checkpoint does not match this model or these settings.",
        "检查点与当前的模型或设置不符。",
    ),
    "checkpoint_does_not_fit.why": (
        "It was saved with a different model, method, rank (lora_r) or optimizer.",
        "保存时使用的模型、方法、秩（lora_r）或优化器不同。",
    ),
    "checkpoint_does_not_fit.hint": (
        "Undo the change and resume, or start over with the new settings: xtgui train --fresh",
        "请改回原来的设置后续训，或用新的设置重新开始：xtgui train --fresh",
    ),
    "checkpoint_not_data": (
        "A .pth or .bin file contains more than data and was not loaded.",
        "某个 .pth 或 .bin 文件中不只有数据，没有加载。",
    ),
    "checkpoint_not_data.why": (
        "Loading all of it could run code. A damaged file looks the same.",
        "完整加载可能会运行其中的代码。已损坏的文件也会出现这种情况。",
    ),
    "checkpoint_not_data.hint": (
        "Download the model with safetensors files instead: xtgui download MODEL. Use a "
        "checkpoint from your own training: xtgui status lists them.",
        "请改用 safetensors 格式的模型：xtgui download 模型名；或使用自己训练的检查点，"
        "可用 xtgui status 查看。",
    ),
}
