"""What is refused where a file of ours should lie, and something else does."""

TEXTS: dict[str, tuple[str, str]] = {
    "is_link": (
        "{path} is a link. xtgui does not follow links to files of its own: they could lead "
        "anywhere.",
        "{path} 是符号链接。xtgui 不会跟随指向自身文件的链接，因为它可能指向任何位置。",
    ),
    "is_link.hint": (
        "If you did not make it, do not trust this folder. Otherwise delete the link and run the "
        "command again.",
        "如果不是你创建的，请不要信任这个文件夹；否则请删除该链接，然后重新运行命令。",
    ),
    "not_a_file": (
        "{path} is not a file: xtgui keeps a file of its own there.",
        "{path} 不是普通文件：xtgui 要在此处存放自己的文件。",
    ),
    "not_a_file.hint": (
        "Move it away and run the command again.",
        "请将它移走，然后重新运行命令。",
    ),
    "foreign": (
        "{path} belongs to another user. xtgui does not write in it.",
        "{path} 属于其他用户，xtgui 不会写入。",
    ),
    "foreign.hint": (
        "Work in a folder of your own, or ask its owner to remove the file.",
        "请在自己的文件夹中操作，或请其所有者删除该文件。",
    ),
}
