"""What is said about the Python files that a model brings, before they are run."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Python files of {name}", "{name} 自带的 Python 文件"),
    "explained": (
        "transformers does not know this model by itself: to load it, these files are run, with "
        "your rights.",
        "transformers 本身不支持该模型：加载时会以你的权限执行下列文件。",
    ),
    "explained_changed": (
        "These files have changed since you agreed to run them.",
        "这些文件在你同意执行之后发生了变化。",
    ),
    "changed": ("changed", "有改动"),
    "new": ("new", "新增"),
    "finding": ("line {line}: {what} ({kind})", "第 {line} 行：{what}（{kind}）"),
    "kind_system": ("programs, files, processes", "程序、文件、进程"),
    "kind_network": ("network", "网络"),
    "kind_code": ("runs or loads other code", "执行或加载其他代码"),
    "kind_writes": ("writes files", "写入文件"),
    "kind_unreadable": ("cannot be parsed", "无法解析"),
    "unremarkable": ("nothing stands out", "没有特别之处"),
    "limits": (
        "This was read, not run: it shows what is written openly, and is no proof that a file is "
        "harmless. Compare the SHA-256 with those on the model's page.",
        "以上只是阅读代码得出的，并未执行：只能看出明写的内容，不能证明文件无害。"
        "请与模型主页上的 SHA-256 核对。",
    ),
    "question": ("Run these files?", "要执行这些文件吗？"),
    "agreed": (
        "Agreed: {count|this file may be run until it changes"
        "|these {count} files may be run until one of them changes}.",
        "已同意：这 {count} 个文件在改动之前可以执行。",
    ),
    "known": (
        "You have agreed to run its {count|Python file, which has not changed"
        "|{count} Python files; none has changed}.",
        "你已同意执行它的 {count} 个 Python 文件，均无改动。",
    ),
    "how_to_agree": (
        "None of this has been run. To agree once, answer yes in `xtgui init`, or run:\n"
        "xtgui trust {quoted}",
        "以上代码均未执行。如同意，请在 `xtgui init` 中回答“是”，或运行一次：\n"
        "xtgui trust {quoted}",
    ),
    "not_agreed": (
        "The model in {path} brings Python files that you have not agreed to run.",
        "{path} 的模型自带 Python 文件，你尚未同意执行。",
    ),
    "not_agreed.hint": (
        "To see them:\nxtgui check model {quoted}\n"
        "To agree once, add --set model.trust_remote_code=true, or run:\nxtgui trust {quoted}",
        "查看：\nxtgui check model {quoted}\n"
        "如同意，请加上 --set model.trust_remote_code=true，或运行一次：\nxtgui trust {quoted}",
    ),
    "not_agreed_changed": (
        "Python files of the model in {path} have changed since you agreed to run them: {names}.",
        "{path} 的模型的 Python 文件在你同意执行之后有改动：{names}。",
    ),
    "not_agreed_changed.hint": (
        "To see them:\nxtgui check model {quoted}\n"
        "To agree once, add --set model.trust_remote_code=true, or run:\nxtgui trust {quoted}",
        "查看：\nxtgui check model {quoted}\n"
        "如同意，请加上 --set model.trust_remote_code=true，或运行一次：\nxtgui trust {quoted}",
    ),
    "elsewhere": (
        "The model in {path} names code that does not lie in its folder: {reference}",
        "{path} 的模型引用了不在其文件夹内的代码：{reference}",
    ),
    "elsewhere.hint": (
        "Only code that can be shown before it runs is run. Put the file into the folder and its "
        "name into auto_map of config.json or tokenizer_config.json.",
        "只执行能够事先查看的代码。请把该文件放入文件夹，"
        "并在 config.json 或 tokenizer_config.json 的 auto_map 中写上其名称。",
    ),
    "unreadable": (
        "A Python file of the model cannot be read: {path} ({reason})",
        "无法读取模型的 Python 文件：{path}（{reason}）",
    ),
    "unreadable.hint": (
        "Check its permissions, or download the model again.",
        "请检查其权限，或重新下载模型。",
    ),
}
