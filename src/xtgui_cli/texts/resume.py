"""A run that is resumed though something of it has changed, or should have."""

TEXTS: dict[str, tuple[str, str]] = {
    "ran_out_of_memory": (
        "The run ran out of memory; unchanged, it would again. `xtgui estimate` says what takes "
        "less.",
        "这次训练因内存或显存不足而中断，设置不变还会如此。用 `xtgui estimate` 查看怎样更省。",
    ),
    "how": ("How do you want to resume?", "如何续训？"),
    "put_back": (
        "put the old values back and resume from {name}",
        "恢复原来的值，从 {name} 续训",
    ),
    "as_it_is": (
        "resume from {name} with what is there now",
        "按现在的内容从 {name} 续训",
    ),
    "put_back_done": ("Back to their old values: {keys}", "已恢复原来的值：{keys}"),
}
