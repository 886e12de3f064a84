"""Texts about the xtuner config file."""

TEXTS: dict[str, tuple[str, str]] = {
    "syntax": (
        "The config {file} has a syntax error in line {line}: {reason}",
        "配置文件 {file} 第 {line} 行有语法错误：{reason}",
    ),
    "syntax.hint": (
        "Correct that line, or rename the file and let `xtgui init` write a new one.",
        "请改正这一行；也可以给文件改名，再用 `xtgui init` 重新生成。",
    ),
    "not_text": (
        "The config {file} is not UTF-8 text (byte {byte}).",
        "配置文件 {file} 不是 UTF-8 文本（第 {byte} 字节）。",
    ),
    "missing_name": (
        "The config {file} does not assign: {names}",
        "配置文件 {file} 里没有这些变量：{names}",
    ),
    "missing_name.hint": (
        "Add such a line at the top level, or rename the file and let `xtgui init` write another.",
        "请在文件顶层加上这些赋值；也可以给文件改名，再用 `xtgui init` 重新生成。",
    ),
    "not_plain": (
        "The config {file} computes these values, so xtgui cannot change them: {names}",
        "配置文件 {file} 里这些变量的值是算出来的，xtgui 无法修改：{names}",
    ),
    "not_plain.hint": (
        "Write a plain value there (a number, a text, a list), or change it by hand.",
        "请改成直接写出的值（数字、文本或列表），或者手动修改。",
    ),
    "no_template": (
        "The config template {file} is missing from this installation.",
        "安装不完整：缺少配置模板 {file}。",
    ),
    "no_template.hint": ("Install xtgui again.", "请重新安装 xtgui。"),
    "no_space": (
        "{folder} has {free} free; writing the config needs {needed}.",
        "{folder} 只剩 {free} 空间，写入配置需要 {needed}。",
    ),
    "no_space.hint": (
        "Free some space, or choose another folder with --root.",
        "请清理磁盘，或用 --root 换一个文件夹。",
    ),
    "not_writable": (
        "{path} cannot be written: {reason}",
        "无法写入 {path}：{reason}",
    ),
    "not_writable.hint": (
        "Check the rights of the folder, or choose another one with --root.",
        "请检查文件夹权限，或用 --root 换一个文件夹。",
    ),
    "put_aside": (
        "The old config was for another method, or lacked settings of this version. "
        "It is kept as {name}.",
        "原来的配置文件用于另一种方法，或缺少本版本的设置项，已另存为 {name}。",
    ),
    "outdated": (
        "xtgui.toml has changed since the config was written: {keys}. Updating the config.",
        "写好配置文件之后，xtgui.toml 又有改动：{keys}。正在更新配置文件。",
    ),
    "rows_outdated": (
        "Your data, or what is made of them, has changed since the config was written. Updating "
        "the config.",
        "写好配置文件之后，数据或据此生成的文件有改动。正在更新配置文件。",
    ),
    "outdated_on_resume": (
        "xtgui.toml has changed since the config was written: {keys}. "
        "A resumed run keeps its config; use --fresh to train with the new values.",
        "写好配置文件之后，xtgui.toml 又有改动：{keys}。续训沿用原来的配置；"
        "要使用新的值，请用 --fresh 从头训练。",
    ),
    "disagreement": (
        "{name}: the config says {in_config}, the answers say {answered}",
        "{name}：配置文件里是 {in_config}，回答里是 {answered}",
    ),
}
