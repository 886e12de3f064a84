"""What a plan has to know of the base model."""

from __future__ import annotations

from dataclasses import dataclass

from .memory.model_shape import ModelShape


@dataclass(frozen=True, kw_only=True)
class BaseFacts:
    """Facts of the model that is trained."""

    shape: ModelShape | None
    """None if it is of a kind that is not counted."""
    max_positions: int | None
    """The longest sequence that it reads; None if unknown."""
    model_type: str
    """As its config.json says."""
    has_chat_template: bool = True
    """Whether it brings a chat template, as models do that have learned to answer."""
