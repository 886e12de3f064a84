"""What the operating system refuses, by the name of its error number."""

TEXTS: dict[str, tuple[str, str]] = {
    "EACCES": ("permission denied", "没有权限"),
    "EPERM": ("operation not permitted", "不允许的操作"),
    "ENOENT": ("no such file or folder", "文件或文件夹不存在"),
    "EEXIST": ("exists already", "已经存在"),
    "EISDIR": ("is a folder", "是文件夹"),
    "ENOTDIR": ("a part of the path is not a folder", "路径中有一部分不是文件夹"),
    "ENOTEMPTY": ("the folder is not empty", "文件夹不是空的"),
    "ENAMETOOLONG": ("the name is too long", "名称过长"),
    "ELOOP": ("too many links lead in a circle", "符号链接形成循环"),
    "ENOSPC": ("no space left on the disk", "磁盘空间不足"),
    "EDQUOT": ("your disk quota is used up", "磁盘配额已用完"),
    "EROFS": ("the disk is read-only", "磁盘为只读"),
    "EIO": ("the disk reports an error", "磁盘读写出错"),
    "EBUSY": ("in use by another program", "正被其他程序使用"),
    "EMFILE": ("too many open files", "打开的文件过多"),
    "ENOMEM": ("not enough memory", "内存不足"),
    "ESTALE": ("the network disk has lost the file", "网络磁盘上的文件已失效"),
    "ENOEXEC": ("is not a program", "不是可执行程序"),
}
