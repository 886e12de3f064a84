"""Folders and configs whose code would run."""

TEXTS: dict[str, tuple[str, str]] = {
    "explained": (
        "The xtgui project in {path} is not trusted: {why}. Its config is Python code that runs "
        "during training, and its model may contain code too.",
        "{path} 中的 xtgui 项目未被信任：{why}。它的配置文件是训练时会执行的 Python 代码，"
        "模型也可能带有代码。",
    ),
    "why_new": ("you did not create it on this machine", "它不是你在本机创建的"),
    "why_other_folder": (
        "it is not the folder that you trusted under this name",
        "它不是你当初信任的那个同名文件夹",
    ),
    "why_owners": (
        "since you trusted it, files of another user ({owner}) have appeared in it",
        "在你信任之后，其中出现了其他用户（{owner}）的文件",
    ),
    "why_code": (
        "since you trusted it, its files were changed to let a model run its own code",
        "在你信任之后，其中的文件改为允许模型运行自带的代码",
    ),
    "config_explained": (
        "{path} is Python code that runs during training, and it is outside the projects that you "
        "trust.",
        "{path} 是训练时会执行的 Python 代码，并且不在你信任的项目中。",
    ),
    "owned_by": (
        "Files in {path} belong to another user: {owner}.",
        "{path} 中有属于其他用户的文件：{owner}。",
    ),
    "question": (
        "Do you know where it comes from, and do you trust it?",
        "你清楚它的来源并信任它吗？",
    ),
    "not_trusted": ("{path} is not trusted: {why}.", "{path} 未被信任：{why}。"),
    "not_trusted.hint": (
        "Its files contain code that runs. If you know where they come from, trust them once:\n"
        "xtgui trust {quoted}",
        "其中的代码会被执行。如果你清楚它的来源，请信任一次：\nxtgui trust {quoted}",
    ),
    "config_not_trusted": (
        "{path} is not trusted: it is Python code that runs during training, and it is outside "
        "the projects that you trust.",
        "{path} 未被信任：它是训练时会执行的 Python 代码，并且不在你信任的项目中。",
    ),
    "config_not_trusted.hint": (
        "If you know where it comes from, add --trust once.",
        "如果你清楚它的来源，请加一次 --trust。",
    ),
    "left_alone": (
        "The project in {path} belongs to another user ({owner}), so xtgui does not use it. If "
        "you trust it:\n"
        "xtgui trust {quoted}",
        "{path} 中的项目属于其他用户（{owner}），因此没有使用。如果你信任它：\n"
        "xtgui trust {quoted}",
    ),
    "foreign": (
        "The project in {path} belongs to another user: {owner}.",
        "{path} 中的项目属于其他用户：{owner}。",
    ),
    "foreign.hint": (
        "If you trust it, run once:\nxtgui trust {quoted}",
        "如果你信任它，请运行一次：\nxtgui trust {quoted}",
    ),
    "cache_ignored": (
        "xtgui does not use paths.cache of {path}, because the project is not trusted. If you "
        "trust it:\n"
        "xtgui trust {quoted}",
        "项目 {path} 未被信任，因此不使用其中的 paths.cache。如果你信任它：\nxtgui trust {quoted}",
    ),
    "done": ("Now trusted: {path}", "已信任：{path}"),
    "done_code": (
        "Its files let a model run its own code when it is loaded.",
        "其中的文件允许模型在加载时运行自带的代码。",
    ),
}
