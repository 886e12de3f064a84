"""An unusable checkpoint, and the newest intact one to use instead."""

TEXTS: dict[str, tuple[str, str]] = {
    "resume_other": (
        "{name} is intact. Resume from it instead?",
        "{name} 完好。是否改为从它续训？",
    ),
    "convert_other": (
        "{name} is intact. Convert it instead?",
        "{name} 完好。是否改为转换它？",
    ),
    "chat_other": (
        "{name} is intact. Chat with it instead?",
        "{name} 完好。是否改用它对话？",
    ),
    "resume_hint": (
        "Resume from the newest intact one: xtgui train --resume {name}",
        "请从最新的完好检查点续训：xtgui train --resume {name}",
    ),
    "convert_hint": (
        "Convert the newest intact one: xtgui convert --checkpoint {name}",
        "请转换最新的完好检查点：xtgui convert --checkpoint {name}",
    ),
    "chat_hint": (
        "Chat with the newest intact one: xtgui chat --checkpoint {name}",
        "请使用最新的完好检查点：xtgui chat --checkpoint {name}",
    ),
    "declined": ("Nothing was done.", "没有执行任何操作。"),
    "none_intact": (
        "No other checkpoint here is intact. To start over: xtgui train --fresh",
        "这里没有其他完好的检查点。重新开始：xtgui train --fresh",
    ),
}
