"""Python files of a model, before they run."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Python files of {name}", "{name} 自带的 Python 文件"),
    "explained": (
        "transformers does not support this model by itself: loading it runs these files, with "
        "your permissions.",
        "transformers 本身不支持该模型：加载时会以你的权限执行以下文件。",
    ),
    "explained_changed": (
        "These files have changed since you agreed to run them.",
        "这些文件在你同意执行之后有改动。",
    ),
    "changed": ("changed", "有改动"),
    "new": ("new", "新增"),
    "finding": ("line {line}: {what} ({kind})", "第 {line} 行：{what}（{kind}）"),
    "kind_system": ("programs, files, processes", "程序、文件、进程"),
    "kind_network": ("network", "网络"),
    "kind_code": ("runs or loads more code", "执行或加载其他代码"),
    "kind_writes": ("writes files", "写入文件"),
    "kind_unreadable": ("cannot be parsed", "无法解析"),
    "unremarkable": ("nothing suspicious", "没有可疑之处"),
    "limits": (
        "These findings come from reading the files, not running them: they show only obvious "
        "code and do not prove that a file is harmless. Compare the SHA-256 with the model's page.",
        "以上只是静态阅读的结果，没有执行代码：只能发现明显的内容，不能证明文件无害。"
        "请与模型主页上的 SHA-256 核对。",
    ),
    "question": ("Run these files?", "要执行这些文件吗？"),
    "agreed": (
        "Agreed: {count|this file can run until it changes"
        "|these {count} files can run until one of them changes}.",
        "已同意：这 {count} 个文件在改动之前可以执行。",
    ),
    "known": (
        "You agreed to run its "
        "{count|Python file; it has not changed|{count} Python files; none has changed}.",
        "你已同意执行它的 {count} 个 Python 文件，均无改动。",
    ),
    "how_to_agree": (
        "None of these files was run. To agree once, answer yes in `xtgui init`, or run:\n"
        "xtgui trust {quoted}",
        "以上代码均未执行。如果同意，请在 `xtgui init` 中选择“是”，或运行一次：\n"
        "xtgui trust {quoted}",
    ),
    "not_agreed": (
        "The model in {path} comes with Python files that you have not agreed to run.",
        "{path} 中的模型自带 Python 文件，你尚未同意执行。",
    ),
    "not_agreed.hint": (
        "To see them:\nxtgui check model {quoted}\n"
        "To agree once, add --set model.trust_remote_code=true, or run:\nxtgui trust {quoted}",
        "查看：\nxtgui check model {quoted}\n"
        "如同意，请加上 --set model.trust_remote_code=true，或运行一次：\nxtgui trust {quoted}",
    ),
    "not_agreed_changed": (
        "Python files of the model in {path} have changed since you agreed to run them: {names}.",
        "{path} 中模型的 Python 文件在你同意执行之后有改动：{names}。",
    ),
    "not_agreed_changed.hint": (
        "To see them:\nxtgui check model {quoted}\n"
        "To agree once, add --set model.trust_remote_code=true, or run:\nxtgui trust {quoted}",
        "查看：\nxtgui check model {quoted}\n"
        "如同意，请加上 --set model.trust_remote_code=true，或运行一次：\nxtgui trust {quoted}",
    ),
    "elsewhere": (
        "The model in {path} refers to code outside its folder: {reference}",
        "{path} 中的模型引用了文件夹之外的代码：{reference}",
    ),
    "elsewhere.hint": (
        "xtgui runs only code that it can show you first. Put the file into the folder, and its "
        "name into auto_map in config.json or tokenizer_config.json.",
        "xtgui 只执行可以事先查看的代码。请把该文件放入文件夹，"
        "并在 config.json 或 tokenizer_config.json 的 auto_map 中写上其名称。",
    ),
    "unreadable": (
        "Cannot read a Python file of the model: {path} ({reason})",
        "无法读取模型的 Python 文件：{path}（{reason}）",
    ),
    "unreadable.hint": (
        "Check its permissions, or download the model again.",
        "请检查其权限，或重新下载模型。",
    ),
}
