"""A table that drops its least important columns on narrow terminals, and never wraps a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from .console import sanitize
from .wrap import cut, pad

_BETWEEN = "  "
_MARGIN = " "
_LEAST = 10
"""The last column may be cut to this many cells."""


@dataclass(frozen=True)
class Column:
    """A heading and the cells below it."""

    head: str
    cells: Sequence[str]
    importance: int = 0
    """The column with the lowest number is dropped first; 0: never."""
    is_number: bool = False
    style: str = ""

    @property
    def width(self) -> int:
        """Its width in cells, uncut."""
        return max(cell_len(sanitize(text)) for text in (self.head, *self.cells))


def show_table(console: Console, columns: Sequence[Column]) -> None:
    """Print the columns that fit; all of them, uncut, if the output is not a terminal."""
    room = console.width - len(_MARGIN) if console.is_terminal else None
    shown = list(columns) if room is None else _that_fit(columns, room)
    rows = [[column.head for column in shown]]
    rows += [list(cells) for cells in zip(*(column.cells for column in shown), strict=True)]
    for number, cells in enumerate(rows):
        console.print(_row(cells, shown, room, is_head=number == 0), soft_wrap=True)


def table_lines(columns: Sequence[Column], room: int) -> list[str]:
    """Return the rows of a table with that many cells as texts, without the heading."""
    shown = _that_fit(columns, room)
    rows = zip(*(column.cells for column in shown), strict=True)
    return [_row(cells, shown, room).plain.removeprefix(_MARGIN) for cells in rows]


def _that_fit(columns: Sequence[Column], room: int) -> list[Column]:
    shown = list(columns)
    while _needed(shown) > room:
        spare = [column for column in shown if column.importance]
        if not spare:
            break
        shown.remove(min(spare, key=lambda column: column.importance))
    return shown


def _needed(columns: Sequence[Column]) -> int:
    *first, last = (column.width for column in columns)
    return sum(first) + min(last, _LEAST) + len(_BETWEEN) * len(first)


def _row(
    cells: Sequence[str], columns: Sequence[Column], room: int | None, *, is_head: bool = False
) -> Text:
    line = Text(_MARGIN)
    left = room
    for number, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        is_last = number == len(columns) - 1
        text = sanitize(cell)
        if is_last and left is not None:
            text = cut(text, max(left, 1))
        elif not is_last:
            text = _aligned(text, column) + _BETWEEN
            left = None if left is None else left - cell_len(text)
        line.append(text, style="dim" if is_head else column.style)
    line.rstrip()
    return line


def _aligned(text: str, column: Column) -> str:
    if column.is_number:
        return " " * (column.width - cell_len(text)) + text
    return pad(text, column.width)
