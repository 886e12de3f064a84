"""How the next step is shown: why, then the command on a separate line, to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from ..runs.step_actions import NextStep
from ..texts import t
from .console import ACCENT, in_words, sanitize, talk
from .wrap import wrap


@dataclass(frozen=True)
class Wordings:
    """One of the user's rows with its question in several wordings."""

    file: Path
    """Where such rows belong."""
    lines: Sequence[str]
    """Lines of data, one row each; none if no row is suitable."""


def say_step(step: NextStep, command: str, wordings: Wordings | None = None) -> None:
    """Print on stderr what to do next.

    Args:
        step: The step.
        command: Its command.
        wordings: Shown if the step is to write several of them.
    """
    _say(t("next_step.next", reason=in_words(step.reason)), lead=" ")
    if wordings is not None:
        show_wordings(wordings)
        _say(t("next_step.wordings_then"))
    if step.edit is not None:
        _say(in_words(step.edit))
    talk().print(Text(f"   {sanitize(command)}", f"bold {ACCENT}"), soft_wrap=True)


def show_wordings(wordings: Wordings) -> None:
    """Print lines of data, each uncut and from the left margin, so that they can be copied."""
    if wordings.lines:
        _say(t("next_step.wordings_like"))
        for line in wordings.lines:
            talk().print(sanitize(line), style="dim", soft_wrap=True)
    _say(t("next_step.wordings_into", file=sanitize(str(wordings.file))))


def _say(text: str, lead: str = "   ") -> None:
    for number, line in enumerate(wrap(text, talk().width - 4)):
        talk().print(f"{lead if number == 0 else '   '}{line}", soft_wrap=True)
