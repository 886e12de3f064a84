"""A broken checkpoint is named, and the newest intact one offered in its place."""

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
    """Return the intact checkpoint if the user takes it.

    Args:
        error: What is wrong with the one that was meant.
        intact: The one to offer; None: there is none.
        command: What it is for.
        may_ask: Whether there is anybody to ask.

    Raises:
        XtguiError: The error, with what to do next, if there is none or nobody to ask;
            "checkpoint.declined" if the user does not take it.
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
