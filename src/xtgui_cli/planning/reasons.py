"""Why a setting has its value."""

from __future__ import annotations

from dataclasses import dataclass

from ..settings.table import Setting
from ..shared.errors import Notice


@dataclass(frozen=True)
class Reason:
    """Why a setting has its value, worded in `texts/plan.py`."""

    setting: Setting | None
    """None if it is about the whole run."""
    notice: Notice
    is_warning: bool = False
    """Whether the user should reconsider."""


def explain(setting: Setting | None, key: str, **data: object) -> Reason:
    """Return a reason; *key* is that of its text."""
    return Reason(setting, Notice(key, data))


def warn(setting: Setting | None, key: str, **data: object) -> Reason:
    """Return a reason that is a warning; *key* is that of its text."""
    return Reason(setting, Notice(key, data), is_warning=True)


def percent(share: float) -> str:
    """Return a fraction as a percentage, without the sign."""
    return f"{share * 100:.1f}"
