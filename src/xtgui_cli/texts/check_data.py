"""Texts of `xtgui check data`: its report and its repairs."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Data check", "数据检查"),
    "row_file": ("File", "文件"),
    "row_rows": ("Rows", "行数"),
    "row_faults": ("Problems", "问题"),
    "rows": ("{rows} ({size})", "{rows} 行（{size}）"),
    "format_lines": ("JSON Lines", "JSON Lines 格式"),
    "format_array": ("JSON array", "JSON 数组"),
    "none": ("no problems, ready to train", "没有问题，可以训练"),
    "counts": (
        "{stop} {stop|stops|stop} training, {silent} {silent|changes|change} training silently, "
        "{note} {note|note|notes}",
        "{stop} 处会使训练中止，{silent} 处会悄悄改变训练内容，{note} 处提示",
    ),
    "stop": ("Stops training", "会使训练中止"),
    "silent": ("Silent: training runs, but on different content", "不报错，但会改变训练内容"),
    "note": ("Worth knowing", "提示"),
    "times": ("{count} ×", "{count} 处"),
    "at": ("row {row}, line {line}", "第 {row} 条，第 {line} 行"),
    "more": ("and {count} more; use --json to list all", "另有 {count} 处，用 --json 查看全部"),
    "ends_badly": (
        "Fix the file, or let xtgui write a repaired copy next to it:",
        "请修改文件，或让 xtgui 在旁边写出修复后的副本：",
    ),
    "other_format": (
        "not in the training format, but xtgui can convert it",
        "不是训练所用的格式，但 xtgui 可以转换",
    ),
    "convert_it": ("Convert it to a new file:", "转换成新文件："),
    "memory": (
        "A JSON array is loaded into memory as a whole: {size} of {free} free. JSON Lines needs "
        "hardly any memory.",
        "JSON 数组会整个读入内存：需要 {size}，可用 {free}。JSON Lines 几乎不占内存。",
    ),
    "fixed": (
        "Repaired file: {path}, {rows} {rows|row|rows}",
        "已写出修复后的文件：{path}，{rows} 条",
    ),
    "fix_changed": ("Repaired", "已修复"),
    "fix_left_out": ("Left out", "已去掉"),
    "fix_remaining": ("Unchanged", "保持原样"),
    "fix_nothing": ("nothing", "无"),
    "fix_exists": ("{path} already exists.", "{path} 已存在。"),
    "fix_exists.hint": (
        "Choose a new file name. xtgui does not overwrite data.",
        "请换一个文件名，xtgui 不会覆盖数据。",
    ),
    "fix_nothing_left": (
        "No row of {path} can be repaired, so no file was written.",
        "{path} 中没有可以修复的数据，未写出文件。",
    ),
    "fix_nothing_left.hint": (
        "If the file is in Alpaca or ShareGPT format, or a table, run: xtgui data convert",
        "如果是 Alpaca、ShareGPT 格式或表格，请运行：xtgui data convert",
    ),
}
