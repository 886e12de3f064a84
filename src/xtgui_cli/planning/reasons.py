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


def explain(setting: Setting | None, name: str, **data: object) -> Reason:
    """Return a reason; *name* is its text key without `plan.`."""
    return Reason(setting, Notice(f"plan.{name}", data))


def warn(setting: Setting | None, name: str, **data: object) -> Reason:
    """Return a reason that is a warning; *name* is its text key without `plan.`."""
    return Reason(setting, Notice(f"plan.{name}", data), is_warning=True)


def percent(share: float) -> str:
    """Return a fraction as a percentage, without the sign."""
    return f"{share * 100:.1f}"
