"""Reports a broken checkpoint and offers the newest intact one in its place."""

from __future__ import annotations

from typing import Literal

from ..shared.errors import Exit, Notice, XtguiError
from ..shared.run_folder import Checkpoint
from ..texts import t
from . import ask
from .console import show_error


def offer_intact(
    error: XtguiError,
    intact: Checkpoint | None,
    *,
    command: Literal["resume", "convert", "chat"],
    may_ask: bool,
) -> Checkpoint:
    """Return the intact checkpoint if the user accepts it.

    Args:
        error: What is wrong with the one that was meant.
        intact: The one to offer; None if there is none.
        command: The command that needs it.
        may_ask: Whether the user can be asked.

    Raises:
        XtguiError: The error, with what to do next, if there is none or nobody to ask;
            "checkpoint.declined" if the user declines.
    """
    if intact is None:
        error.hint = Notice("checkpoint.none_intact")
        raise error
    hint = Notice(f"checkpoint.{command}_hint", {"name": intact.label})
    if not may_ask:
        error.hint = hint
        raise error
    show_error(error, with_hint=False)
    question = t(f"checkpoint.{command}_other", name=intact.label)
    if not ask.confirm(question, default=True, name="intact"):
        declined = XtguiError("checkpoint.declined", Exit.ANSWERS)
        declined.hint = hint
        raise declined
    return intact
