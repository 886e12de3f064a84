"""Why a setting has its value: a code and data, which `texts/plan.py` words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Why a setting has its value."""

    key: str
    """The setting, as in shared.settings; "" where it is about the run as a whole."""
    code: str
    """The text key."""
    data: Mapping[str, Any]
    is_warning: bool = False
    """Whether the user should think again."""


def percent(share: float) -> str:
    """Give a part of 1 as the user reads it, without the sign."""
    return f"{share * 100:.1f}"


def warn(key: str, code: str, **data: Any) -> Reason:
    """Give a reason that is a warning."""
    return Reason(key, f"plan.{code}", data, is_warning=True)
