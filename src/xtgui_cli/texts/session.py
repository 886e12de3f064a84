"""An engine that was asked something and did not answer."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_start": (
        "The training engine cannot be started with {python}: {reason}.",
        "无法用 {python} 启动训练引擎：{reason}。",
    ),
    "no_start.hint": ("Set it up again: xtgui setup", "请重新安装训练引擎：xtgui setup"),
    "died": (
        "The engine ended by itself (status {status}).",
        "引擎意外退出（状态码 {status}）。",
    ),
    "died.hint": ("What it printed last is in {log}", "它最后的输出在 {log}"),
    "killed": (
        "The system ended the engine, most likely because memory ran out.",
        "引擎被系统终止，多半是内存不足。",
    ),
    "killed.hint": (
        "Close other programs or choose a smaller model. Log: {log}",
        "请关闭其他程序，或选用更小的模型。日志：{log}",
    ),
}
