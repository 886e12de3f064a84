"""Draws the findings of `xtgui doctor`: a line for each check, followed by the fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from ..shared.errors import Notice
from ..texts import t
from .console import ACCENT, in_words, out
from .panels import show_title
from .wrap import pad, wrap

_MARKS = (("✓", "green"), ("!", "yellow"), ("✗", "bold red"))
_FAILURE = 2
_NAMES = {
    "python": "Python",
    "cuda": "CUDA",
    "flash_attention": "flash-attn",
    "triton": "triton",
    "bitsandbytes": "bitsandbytes",
    "wsl": "WSL",
}
"""Checks with the same name in every language."""
_WIDEST = 100


@dataclass(frozen=True)
class Line:
    """One check, as it is shown."""

    level: int
    """0: as it should be; 1: a warning; 2: training cannot work."""
    notice: Notice
    commands: Sequence[str]


def label_of(check: str) -> str:
    """Return the displayed name of a check."""
    return _NAMES.get(check) or t(f"doctor.row_{check}")


def show_checks(lines: Mapping[str, Line], *, was_deep: bool) -> None:
    """Print all checks by name, and what to do next, to stdout."""
    console = out()
    show_title(console, "xtgui doctor")
    console.print()
    labels = {name: label_of(name) for name in lines}
    column = max(map(cell_len, labels.values()))
    room = max(min(console.width, _WIDEST) - column - 5, 20)
    for name, line in lines.items():
        mark, style = _MARKS[line.level]
        label = labels[name]
        for number, piece in enumerate(wrap(in_words(line.notice), room)):
            lead = Text.assemble(" ", (mark if number == 0 else " ", style), " ")
            words = Text.assemble((pad(label, column), "dim"), "  ", (piece, _style(line)))
            console.print(lead + words, soft_wrap=True)
            label = ""
        for command in line.commands:
            # not wrapped by us, so that it can be copied
            console.print(Text.assemble(" " * (column + 5), (command, ACCENT)), soft_wrap=True)
    console.print()
    worst = max(line.level for line in lines.values())
    mark, style = _MARKS[worst]
    console.print(Text.assemble(" ", (f"{mark} {_verdict(lines)}", style)), soft_wrap=True)
    if worst == _FAILURE:
        _show_advice(t("doctor.next_mend"))
    elif not was_deep:
        _show_advice(t("doctor.next_deep"))
        console.print(Text.assemble("     ", ("xtgui doctor --deep", ACCENT)))


def _show_advice(sentence: str) -> None:
    for piece in wrap(sentence, min(out().width, _WIDEST) - 3):
        out().print(f"   {piece}", style="dim", soft_wrap=True)


def _style(line: Line) -> str:
    return "" if line.level == 0 else _MARKS[line.level][1]


def _verdict(lines: Mapping[str, Line]) -> str:
    failures, warnings = (sum(line.level == level for line in lines.values()) for level in (2, 1))
    if failures:
        return t("doctor.cannot_train")
    return t("doctor.can_train_but", warnings=warnings) if warnings else t("doctor.can_train")
