"""The result of a merge's check, as the engine reports it; see engine/merging/check.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

GOOD_AGREEMENT = 0.99
"""Below this share of equal tokens a merge deserves a warning; the engine refuses less than
0.95."""


@dataclass(frozen=True)
class MergeCheck:
    """How a merged model compares with base and adapter; see engine/merging/check.py."""

    of: str
    """What was compared: tokens of "answers" that were taught, of a "text", of "both", or
    "layers"."""
    same: int
    """Tokens at which both find the same next token likeliest."""
    tokens: int
    layers: int
    base: str = "only"
    """Of a run with a 4-bit base: whether its "original" weights were merged or the "dequantized"
    ones, or the original ones were "assumed" to be as good."""
    other_same: int = 0
    """The value of `same` with the other base."""

    @classmethod
    def from_event(cls, done: Mapping[str, Any]) -> MergeCheck:
        """Return what the end of a merge says."""
        return cls(**{each.name: done[each.name] for each in fields(cls)})

    @property
    def is_close(self) -> bool:
        """Whether hardly a token differs."""
        return self.same >= GOOD_AGREEMENT * self.tokens
