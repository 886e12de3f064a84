"""Texts about models and data together."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing_answers": ("Not answered yet: {keys}", "还没有回答：{keys}"),
    "missing_answers.hint": (
        "Run `xtgui init`, or give them with --set key=value.",
        "请运行 `xtgui init`，或用 --set key=value 给出。",
    ),
}
