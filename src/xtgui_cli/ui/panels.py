"""Quiet summaries: a title, then names and values in aligned columns, wrapped by cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from .console import ACCENT
from .wrap import pad, wrap

_WIDEST = 100


@dataclass(frozen=True)
class Row:
    """A name and its value, one line or several."""

    name: str
    lines: Sequence[str]
    style: str = ""


def show_title(console: Console, left: str, right: str = "") -> None:
    """Print a title, with a remark at the right end of the line if it fits."""
    gap = min(console.width, _WIDEST) - cell_len(left) - cell_len(right) - 2
    title = Text.assemble(" ", (left, f"bold {ACCENT}"))
    if right:
        title.append(" " * max(gap, 2) + right, style="dim")
    console.print()
    console.print(title, soft_wrap=True)


def show_rows(console: Console, rows: Sequence[Row], indent: int = 3) -> None:
    """Print rows below one another, their values aligned."""
    width = min(console.width, _WIDEST)
    column = max((cell_len(row.name) for row in rows), default=0)
    room = max(width - indent - column - 2, 20)
    for row in rows:
        name = row.name
        for line in (piece for text in row.lines for piece in wrap(text, room)):
            shown = (line, row.style)
            console.print(
                Text.assemble(" " * indent, (pad(name, column), "dim"), "  ", shown),
                soft_wrap=True,
            )
            name = ""


def show_notes(console: Console, notes: Sequence[str], mark: str = "!", style: str = "") -> None:
    """Print remarks, each with a mark in front and its other lines aligned with the first."""
    width = min(console.width, _WIDEST) - 4
    for note in notes:
        for position, line in enumerate(wrap(note, width)):
            console.print(f" {mark if position == 0 else ' '} {line}", style=style, soft_wrap=True)
