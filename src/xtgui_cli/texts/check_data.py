"""Texts of the data checker's report and of its repairs."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Data check", "数据检查"),
    "row_file": ("File", "文件"),
    "row_rows": ("Rows", "条数"),
    "row_faults": ("Faults", "问题"),
    "rows": ("{rows} ({size})", "{rows} 条（{size}）"),
    "format_lines": ("JSON lines", "JSON Lines"),
    "format_array": ("a JSON array", "JSON 数组"),
    "none": ("none: ready to train", "没有问题，可以训练"),
    "counts": (
        "{stop} that {stop|stops|stop}, {silent} silent, {note} {note|note|notes}",
        "{stop} 处会中止训练，{silent} 处会悄悄改变训练，{note} 处提示",
    ),
    "stop": ("Stops training", "会中止训练"),
    "silent": ("Silent: training goes on, with something else", "不会报错，但训练内容会改变"),
    "note": ("Worth knowing", "提示"),
    "times": ("{count} ×", "{count} 处"),
    "at": ("row {row}, line {line}", "第 {row} 条，第 {line} 行"),
    "more": ("and {count} more: --json lists all", "另有 {count} 处，用 --json 查看全部"),
    "ends_badly": (
        "Repair the file, or let xtgui write a repaired one beside it:",
        "请修改文件，或让 xtgui 在旁边写出修复后的文件：",
    ),
    "other_format": (
        "not the format that is trained, but xtgui can turn it into it",
        "不是可直接训练的格式，但可以转换",
    ),
    "convert_it": ("Convert it into a new file:", "请转换成新文件："),
    "memory": (
        "This JSON array is held in memory as a whole: {size} of {free} free. JSON lines need "
        "hardly any.",
        "JSON 数组需要整个读入内存：{size}，可用 {free}。JSON Lines 几乎不占内存。",
    ),
    "fixed": (
        "Repaired file: {path}, {rows} {rows|row|rows}",
        "已写出修复后的文件：{path}，{rows} 条",
    ),
    "fix_changed": ("Changed", "已修复"),
    "fix_left_out": ("Left out", "已去掉"),
    "fix_remaining": ("Left as they are", "保持原样"),
    "fix_nothing": ("nothing", "无"),
    "fix_exists": ("{path} is there already.", "{path} 已存在。"),
    "fix_exists.hint": (
        "Choose a name that does not exist; xtgui overwrites no data.",
        "请换一个不存在的文件名；xtgui 不会覆盖数据。",
    ),
    "fix_nothing_left": (
        "No row of {path} can be repaired; nothing was written.",
        "{path} 没有可以修复的数据，未写出文件。",
    ),
    "fix_nothing_left.hint": (
        "If it is alpaca, sharegpt or a table: xtgui data convert",
        "如果是 alpaca、sharegpt 或表格：xtgui data convert",
    ),
}
