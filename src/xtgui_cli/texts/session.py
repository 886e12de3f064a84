"""An engine that does not respond to a request."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_start": (
        "Cannot start the training engine with {python}: {reason}.",
        "无法用 {python} 启动训练引擎：{reason}。",
    ),
    "no_start.hint": ("Set it up again: xtgui setup", "请重新安装训练引擎：xtgui setup"),
    "died": (
        "The engine ended unexpectedly (exit status {status}).",
        "训练引擎意外退出（状态码 {status}）。",
    ),
    "died.hint": ("Its last output is in {log}", "它最后的输出在 {log}"),
    "killed": (
        "The system killed the engine, most likely because memory ran out.",
        "训练引擎被系统强制结束，很可能是内存不足。",
    ),
    "killed.hint": (
        "Close other programs or choose a smaller model. Log: {log}",
        "请关闭其他程序，或选用更小的模型。日志：{log}",
    ),
}
