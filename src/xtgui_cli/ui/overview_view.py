"""Draws the state of a project: six lines, then what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.text import Text

from ..texts import t
from .console import ACCENT, out
from .panels import show_title
from .wrap import cut, pad

Mark = Literal["done", "now", "later"]

_MARKS = {"done": ("✓", ACCENT), "now": ("●", f"bold {ACCENT}"), "later": ("·", "dim")}


@dataclass(frozen=True)
class Stage:
    """One of the six steps: its status, its name, and a remark."""

    mark: Mark
    name: str
    fact: str


Command = tuple[str, str]
"""A command to type, and what it does."""


def show_standing(
    title: str, remark: str, stages: Sequence[Stage], advice: Sequence[Command]
) -> None:
    """Print the six steps of a project and what to do next, to stdout."""
    console = out()
    show_title(console, f"xtgui · {title}", remark)
    console.print()
    column = max(cell_len(stage.name) for stage in stages)
    room = max(console.width - column - 9, 20)
    for number, stage in enumerate(stages, start=1):
        mark, style = _MARKS[stage.mark]
        dim = "dim" if stage.mark == "later" else ""
        line = f" {number} {pad(stage.name, column)}  {cut(stage.fact, room)}"
        console.print(Text.assemble(" ", (mark, style), (line.rstrip(), dim)), soft_wrap=True)
    console.print()
    show_advice(advice)


def show_nothing(advice: Sequence[Command]) -> None:
    """Print how to begin if there is no project yet."""
    show_title(out(), t("wizard.no_project_title"))
    out().print()
    show_advice(advice)


def show_advice(advice: Sequence[Command]) -> None:
    """Print commands and what they do; the first is the one to run next.

    A command's effect is beside it, or below one that is too long for that.
    """
    words = (t("wizard.next"), t("wizard.or"))
    label_width = max(map(cell_len, words))
    command_width = _width_of_commands(advice, out().width - label_width - 5)
    for position, (command, effect) in enumerate(advice):
        label = words[0] if position == 0 else words[1] if position == 1 else ""
        style = f"bold {ACCENT}" if position == 0 else ""
        is_long = cell_len(command) > command_width
        gap = f"\n{' ' * (label_width + 5)}" if is_long else "  "
        out().print(
            Text.assemble(
                f" {pad(label, label_width)}  ",
                (pad(command, command_width), style),
                (f"{gap}{effect}", "dim"),
            ),
            soft_wrap=True,
        )
    out().print()


def _width_of_commands(advice: Sequence[Command], room: int) -> int:
    """Return the width of the longest command that leaves room for the effects beside it.

    0 if there is none.
    """
    beside = sorted((cell_len(command), cell_len(effect)) for command, effect in advice)
    while beside and beside[-1][0] + max(effect for _, effect in beside) > room:
        beside.pop()
    return beside[-1][0] if beside else 0
