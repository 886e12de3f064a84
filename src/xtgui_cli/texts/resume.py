"""Resuming a run after its settings changed, or when they should change."""

TEXTS: dict[str, tuple[str, str]] = {
    "ran_out_of_memory": (
        "The run ran out of memory and will again if nothing changes. `xtgui estimate` shows what "
        "needs less.",
        "这次训练因内存或显存不足而中断，不改设置还会如此。用 `xtgui estimate` 查看怎样节省。",
    ),
    "how": ("How do you want to resume?", "如何续训？"),
    "put_back": ("restore the old values and resume from {name}", "恢复原来的值，从 {name} 续训"),
    "as_it_is": ("resume from {name} with the current values", "用现在的值从 {name} 续训"),
    "put_back_done": ("Restored: {keys}", "已恢复原来的值：{keys}"),
}
