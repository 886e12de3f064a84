"""What is said about folders and configs whose files would be run."""

TEXTS: dict[str, tuple[str, str]] = {
    "explained": (
        "{path} holds an xtgui project that is not trusted: {why}. Its config is Python code that "
        "training runs, and its model may bring code too.",
        "{path} 中的 xtgui 项目未被信任：{why}。它的配置文件是训练时会执行的 Python 代码，"
        "它的模型也可能带有代码。",
    ),
    "why_new": ("it was not made by you on this machine", "它不是你在本机上创建的"),
    "why_other_folder": (
        "it is not the folder that you trusted under this name",
        "它不是你当初以此名称信任的那个文件夹",
    ),
    "why_owners": (
        "since you trusted it, files of another user ({owner}) have appeared in it",
        "在你信任之后，其中出现了其他用户（{owner}）的文件",
    ),
    "why_code": (
        "since you trusted it, its files have been changed to let a model run its own code",
        "在你信任之后，其中的文件被改为允许模型运行自带的代码",
    ),
    "config_explained": (
        "{path} is Python code that training runs, and it lies outside of the projects that you "
        "trust.",
        "{path} 是训练时会执行的 Python 代码，而且不在你信任的项目之内。",
    ),
    "owned_by": (
        "Files in {path} belong to another user: {owner}.",
        "{path} 中有属于其他用户的文件：{owner}。",
    ),
    "question": ("Do you know where it is from, and trust it?", "你清楚它的来源并信任它吗？"),
    "not_trusted": ("{path} is not trusted: {why}.", "{path} 未被信任：{why}。"),
    "not_trusted.hint": (
        "Its files would be run. If you know where they are from, trust them once:\n"
        "xtgui trust {quoted}",
        "其中的文件会被执行。如果你清楚它们的来源，请信任一次：\nxtgui trust {quoted}",
    ),
    "config_not_trusted": (
        "{path} is not trusted: it is Python code that training would run, and it lies outside of "
        "the projects that you trust.",
        "{path} 未被信任：它是训练时会执行的 Python 代码，而且不在你信任的项目之内。",
    ),
    "config_not_trusted.hint": (
        "If you know where it is from: add --trust, once.",
        "如果你清楚它的来源，请加一次 --trust。",
    ),
    "left_alone": (
        "The project in {path} belongs to another user ({owner}), so it is not used. If you trust "
        "it:\nxtgui trust {quoted}",
        "{path} 中的项目属于其他用户（{owner}），因此没有使用。如果你信任它：\n"
        "xtgui trust {quoted}",
    ),
    "foreign": (
        "The project in {path} belongs to another user: {owner}.",
        "{path} 中的项目属于其他用户：{owner}。",
    ),
    "foreign.hint": (
        "If you trust it, say so once:\nxtgui trust {quoted}",
        "如果你信任它，请声明一次：\nxtgui trust {quoted}",
    ),
    "cache_ignored": (
        "paths.cache of {path} is not used, since the project is not trusted. If you trust it:\n"
        "xtgui trust {quoted}",
        "{path} 未被信任，因此不使用其中的 paths.cache。如果你信任它：\nxtgui trust {quoted}",
    ),
    "done": ("Trusted from now on: {path}", "今后信任：{path}"),
    "done_code": (
        "Its files let a model run code of its own when it is loaded.",
        "其中的文件允许模型在加载时运行自带的代码。",
    ),
}
