"""Errors in data files, and notes on what xtuner does to rows silently."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("The data file {path} does not exist.", "数据文件 {path} 不存在。"),
    "missing.hint": (
        "Check the spelling. Relative paths start at the current folder.",
        "请检查拼写；相对路径从当前文件夹开始。",
    ),
    "folder": ("{path} is a folder, not a data file.", "{path} 是文件夹，不是数据文件。"),
    "folder.hint": (
        "Choose a file in it, or combine all of them into one:\n"
        "xtgui data convert {quoted} NEW.jsonl",
        "请指定其中的文件，或合并成一个：\nxtgui data convert {quoted} 新文件.jsonl",
    ),
    "not_readable": ("Cannot read {path}: {reason}", "无法读取 {path}：{reason}"),
    "not_readable.hint": ("Check the permissions of the file.", "请检查文件权限。"),
    "not_a_file": ("{path} is a pipe or a device, not a file.", "{path} 是管道或设备，不是文件。"),
    "not_a_file.hint": (
        "Save the rows to a file first. xtgui reads them more than once.",
        "请先把数据保存为文件，xtgui 需要多次读取。",
    ),
    "empty": ("{path} contains no rows.", "{path} 中没有数据。"),
    "binary": (
        "{path} is not a text file, or not UTF-8.",
        "{path} 不是文本文件，或编码不是 UTF-8。",
    ),
    "binary.hint": (
        "Data files are JSON Lines or a JSON array, in UTF-8.",
        "数据文件应为 UTF-8 编码的 JSON Lines 或 JSON 数组。",
    ),
    "encoding": (
        "Line {line} of {path} is not UTF-8; it looks like {guess}.",
        "{path} 第 {line} 行不是 UTF-8 编码，看起来是 {guess}。",
    ),
    "encoding.hint": (
        "Convert it:\nxtgui data convert {quoted} NEW.jsonl",
        "请先转换：\nxtgui data convert {quoted} 新文件.jsonl",
    ),
    "faults": ("{count} {count|problem|problems} in {path}:", "{path} 有 {count} 处错误："),
    "faults.hint": (
        'Each row looks like {{"messages": [{{"role": "user", "content": "..."}}, {{"role": '
        '"assistant", "content": "..."}}]}}. To write a repaired copy:\n'
        "xtgui check data {quoted} --fix NEW.jsonl",
        '每条数据应为 {{"messages": [{{"role": "user", "content": "..."}}, {{"role": "assistant", '
        '"content": "..."}}]}}。写出修复后的副本：\n'
        "xtgui check data {quoted} --fix 新文件.jsonl",
    ),
    "changed": (
        "{path} changed while xtgui was reading it (row {row}).",
        "{path} 在读取过程中有改动（第 {row} 条）。",
    ),
    "nothing_to_train": (
        "{rows|The only row of {path} has no assistant answer|None of the {rows} rows of {path} "
        "has an assistant answer}.",
        "{path} 的 {rows} 条数据都没有 assistant 的回答。",
    ),
    "nothing_to_train.hint": (
        "Only the assistant's messages are trained.",
        "只有 assistant 的消息参与训练。",
    ),
    "nothing_held_out": (
        "With train.val_ratio = {ratio}, {rows} {rows|row leaves|rows leave} nothing to hold out "
        "or nothing to train.",
        "共 {rows} 行数据，按 train.val_ratio = {ratio} 划分，验证集或训练数据为空。",
    ),
    "nothing_held_out.hint": (
        "Rows with the same question stay together. Choose a higher ratio (at most 0.5), or 0 to "
        "hold out none.",
        "问题相同的行不会分开。请增大比例（最大 0.5），或设为 0，不留出验证集。",
    ),
    "too_many_general": (
        "data.mix_general must be at most {most}, the number of general questions available; got "
        "{wanted}.",
        "data.mix_general 最大为 {most}（通用问题的总数），当前输入：{wanted}。",
    ),
    "system_has_no_place": (
        "{path} has system texts, but the prompt template {template} has no place for them.",
        "{path} 中有系统提示，但提示词模板 {template} 不支持。",
    ),
    "system_has_no_place.hint": (
        "Remove the system messages, or choose another prompt template.",
        "请去掉 system 消息，或换一个提示词模板。",
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
