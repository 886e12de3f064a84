"""What a model answered, as the chat keeps it and its views show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What one model said to one question."""

    model: str
    """"base", or the checkpoint's name."""
    text: str
    tokens: int
    seconds: float
    stop: str
    """Why it ended: "stop", "length" or "cancelled"."""
