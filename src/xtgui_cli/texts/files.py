"""Errors when something else lies in the place of one of xtgui's own files."""

TEXTS: dict[str, tuple[str, str]] = {
    "is_link": (
        "{path} is a symbolic link. xtgui keeps its own file there and does not follow links, "
        "which could lead anywhere.",
        "{path} 是符号链接。xtgui 要在此处存放自己的文件，而链接可能指向任何位置，因此不会跟随。",
    ),
    "is_link.hint": (
        "If you did not create the link, do not trust this folder. Otherwise, delete it and run "
        "the command again.",
        "如果链接不是你创建的，请不要信任这个文件夹；否则请删除它，然后重新运行命令。",
    ),
    "not_a_file": (
        "{path} is not a regular file. xtgui keeps its own file there.",
        "{path} 不是普通文件。xtgui 要在此处存放自己的文件。",
    ),
    "not_a_file.hint": (
        "Move it elsewhere and run the command again.",
        "请把它移到别处，然后重新运行命令。",
    ),
    "foreign": (
        "{path} belongs to another user, so xtgui does not write to it.",
        "{path} 属于其他用户，xtgui 不会写入。",
    ),
    "foreign.hint": (
        "Work in one of your own folders, or ask the owner to remove the file.",
        "请换到自己的文件夹中操作，或请文件的所有者删除它。",
    ),
}
