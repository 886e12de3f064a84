"""Texts about data files: what stops, and what xtuner does to rows without saying so."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("There is no data file {path}.", "数据文件不存在：{path}"),
    "missing.hint": (
        "Check the spelling; a relative path starts at the folder you are in.",
        "请检查路径；相对路径从当前文件夹开始。",
    ),
    "folder": ("{path} is a folder, not a data file.", "{path} 是文件夹，不是数据文件。"),
    "folder.hint": (
        "Name a file in it, or make one of all:\nxtgui data convert {quoted} NEW.jsonl",
        "请写出其中的文件，或合并成一个：\nxtgui data convert {quoted} 新文件.jsonl",
    ),
    "not_readable": ("{path} cannot be read: {reason}", "无法读取 {path}：{reason}"),
    "not_readable.hint": ("Check the rights of the file.", "请检查文件权限。"),
    "not_a_file": (
        "{path} is a pipe or a device, not a file.",
        "{path} 是管道或设备，不是文件。",
    ),
    "not_a_file.hint": (
        "Save the rows as a file: they are read more than once.",
        "请先保存为文件：数据需要读取多次。",
    ),
    "empty": ("{path} holds no rows.", "{path} 里没有数据。"),
    "binary": (
        "{path} is not a text file, or not in UTF-8.",
        "{path} 不是文本文件，或编码不是 UTF-8。",
    ),
    "binary.hint": (
        "Data files are JSON lines or a JSON array, in UTF-8.",
        "数据文件应为 UTF-8 编码的 JSON Lines 或 JSON 数组。",
    ),
    "encoding": (
        "{path} is not UTF-8 in line {line}; it looks like {guess}.",
        "{path} 第 {line} 行不是 UTF-8 编码，看起来是 {guess}。",
    ),
    "encoding.hint": (
        "Convert it:\nxtgui data convert {quoted} NEW.jsonl",
        "请先转换：\nxtgui data convert {quoted} 新文件.jsonl",
    ),
    "faults": ("Faults in {path}: {count}", "{path} 有 {count} 处错误："),
    "faults.hint": (
        'Each row is {{"messages": [{{"role": "user", "content": "..."}}, '
        '{{"role": "assistant", "content": "..."}}]}}. Write a repaired copy:\n'
        "xtgui check data {quoted} --fix NEW.jsonl",
        '每条数据应为 {{"messages": [{{"role": "user", "content": "..."}}, '
        '{{"role": "assistant", "content": "..."}}]}}。写出修复后的副本：\n'
        "xtgui check data {quoted} --fix 新文件.jsonl",
    ),
    "changed": (
        "{path} has changed while it was read (row {row}).",
        "读取时 {path} 被修改了（第 {row} 条）。",
    ),
    "nothing_to_train": (
        "No row of {path} has an answer of the assistant (rows read: {rows}).",
        "{path} 的 {rows} 条数据都没有 assistant 的回答。",
    ),
    "nothing_to_train.hint": (
        "Only what the assistant says is trained.",
        "只有 assistant 说的内容才参与训练。",
    ),
    "nothing_held_out": (
        "With train.val_ratio = {ratio}, {rows} {rows|row leaves|rows leave} nothing to hold out, "
        "or nothing to train.",
        "共 {rows} 行数据，按 train.val_ratio = {ratio} 划分，留出或训练的部分为空。",
    ),
    "nothing_held_out.hint": (
        "Rows that ask the same question stay together. Choose a higher ratio (0.5 at most), or 0 "
        "to hold nothing out.",
        "问题相同的行不会分开。请增大比例（最大 0.5），或设为 0，不留出数据。",
    ),
    "too_many_general": (
        "data.mix_general can be {most} at most, as many general questions as there are; not "
        "{wanted}.",
        "data.mix_general 的上限是 {most}（通用问题的总数），不能取 {wanted}。",
    ),
    "system_has_no_place": (
        "{path} has system texts, but the template {template} has no place for them.",
        "{path} 里有 system 文本，但模板 {template} 不支持。",
    ),
    "system_has_no_place.hint": (
        "Remove the system messages, or choose another template.",
        "请去掉 system 消息，或换一个模板。",
    ),
    "at": ("row {row} (line {line}): {what}", "第 {row} 条（第 {line} 行）：{what}"),
    "at_field": (
        "row {row} (line {line}), {field}: {what}",
        "第 {row} 条（第 {line} 行），{field}：{what}",
    ),
    "note": (
        "{count:,} × {what} (first: row {row}). {does}",
        "{count:,} 处{what}（首处：第 {row} 条）。{does}",
    ),
    "note_file": ("{what}. {does}", "{what}。{does}"),
}
