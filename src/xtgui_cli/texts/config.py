"""The xtuner config file."""

TEXTS: dict[str, tuple[str, str]] = {
    "syntax": (
        "Syntax error in the config {file}, line {line}: {reason}",
        "配置文件 {file} 第 {line} 行有语法错误：{reason}",
    ),
    "syntax.hint": (
        "Fix that line, or rename the file and run `xtgui init` to write a new one.",
        "请改正这一行；或给文件改名，再用 `xtgui init` 重新生成。",
    ),
    "not_text": (
        "The config {file} is not UTF-8 text (byte {byte}).",
        "配置文件 {file} 不是 UTF-8 文本（第 {byte} 字节）。",
    ),
    "missing_name": (
        "The config {file} does not set: {names}",
        "配置文件 {file} 缺少这些变量：{names}",
    ),
    "missing_name.hint": (
        "Set them at the top level, or rename the file and run `xtgui init` to write a new one.",
        "请在文件顶层给它们赋值；或给文件改名，再用 `xtgui init` 重新生成。",
    ),
    "not_plain": (
        "The config {file} computes these values, so xtgui cannot change them: {names}",
        "配置文件 {file} 里这些变量的值是计算得到的，xtgui 无法修改：{names}",
    ),
    "not_plain.hint": (
        "Write plain values there (a number, a string, a list), or change them by hand.",
        "请改为直接写出的值（数字、字符串或列表），或手动修改。",
    ),
    "no_template": (
        "The config template {file} is missing from this installation.",
        "安装不完整：缺少配置模板 {file}。",
    ),
    "no_template.hint": ("Reinstall xtgui.", "请重新安装 xtgui。"),
    "no_space": (
        "Not enough disk space in {folder}: {needed} needed for the config, {free} free.",
        "{folder} 所在磁盘空间不足：写入配置需要 {needed}，剩余 {free}。",
    ),
    "no_space.hint": (
        "Free some space, or choose another folder with --root.",
        "请清理磁盘，或用 --root 换一个文件夹。",
    ),
    "not_writable": ("Cannot write {path}: {reason}", "无法写入 {path}：{reason}"),
    "not_writable.hint": (
        "Check the folder's permissions, or choose another folder with --root.",
        "请检查文件夹权限，或用 --root 换一个文件夹。",
    ),
    "put_aside": (
        "The old config was for another method or lacked settings that this version needs. It is "
        "kept as {name}.",
        "原来的配置文件用于另一种方法，或缺少本版本的设置项，已另存为 {name}。",
    ),
    "outdated": (
        "xtgui.toml has changed since the config was written: {keys}. Updating the config.",
        "写好配置文件之后，xtgui.toml 又有改动：{keys}。正在更新配置文件。",
    ),
    "rows_outdated": (
        "Your data, or a file made from it, has changed since the config was written. Updating "
        "the config.",
        "写好配置文件之后，数据或由数据生成的文件又有改动。正在更新配置文件。",
    ),
    "outdated_on_resume": (
        "xtgui.toml has changed since the config was written: {keys}. A resumed run keeps its "
        "config; to start over with the new values, use --fresh.",
        "写好配置文件之后，xtgui.toml 又有改动：{keys}。续训沿用原来的配置；要使用新的值，"
        "请用 --fresh 重新开始。",
    ),
    "disagreement": (
        "{name}: {in_config} in the config, {answered} in xtgui.toml",
        "{name}：配置文件中为 {in_config}，xtgui.toml 中为 {answered}",
    ),
}
