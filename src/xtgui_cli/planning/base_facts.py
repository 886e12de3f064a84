"""What a plan needs to know about the base model."""

from __future__ import annotations

from dataclasses import dataclass

from .memory.model_shape import ModelShape


@dataclass(frozen=True, kw_only=True)
class BaseFacts:
    """Facts about the model that is trained."""

    shape: ModelShape | None
    """None if it is of a kind that is not counted."""
    max_positions: int | None
    """The longest sequence that it reads, in tokens; None if unknown."""
    model_type: str
    """As in its config.json."""
    has_chat_template: bool = True
    """Whether it has a chat template, as models do that have learned to answer."""
