"""Answers as lines of a known width: one below the other, or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.text import Text

from .console import ACCENT
from .wrap import one_line, pad, wrap

NARROW = 60
"""Below this many cells two columns would be too narrow to read."""
_BETWEEN = " │ "
_MARGIN = " "


@dataclass
class Column:
    """One model's answer as far as it has been generated."""

    title: str
    text: str = ""
    footer: str = ""
    """How many tokens, how fast, why it ended; "" while it is still coming."""


def draw_columns(columns: Sequence[Column], width: int) -> list[Text]:
    """Return the lines of all answers, none wider than *width* cells."""
    if len(columns) == 1 or width < NARROW:
        return [line for column in columns for line in (*_draw_one(column, width), Text())]
    return _draw_beside(columns, width)


def fit(text: str, width: int) -> list[str]:
    """Return a model's text as lines of at most *width* cells; long words are cut."""
    lines: list[str] = []
    for part in text.expandtabs(4).strip("\n").split("\n"):
        body = part.lstrip(" ")
        indent = min(len(part) - len(body), width // 2)
        for line in wrap(body.rstrip(), width - indent):
            lines.extend(" " * indent + piece for piece in _cut(line, width - indent))
    return lines


def _cut(line: str, width: int) -> list[str]:
    return chop_cells(line, width) if cell_len(line) > width else [line]


def _draw_one(column: Column, width: int) -> list[Text]:
    room = max(width - len(_MARGIN), 1)
    return [
        Text(_MARGIN + one_line(column.title), style=f"bold {ACCENT}"),
        *(Text(_MARGIN + line) for line in fit(column.text, room)),
        *(Text(_MARGIN + line, style="dim") for line in fit(column.footer, room) if line),
    ]


def _draw_beside(columns: Sequence[Column], width: int) -> list[Text]:
    room = (width - len(_MARGIN) - len(_BETWEEN) * (len(columns) - 1)) // len(columns)
    bodies = [fit(column.text, room) for column in columns]
    height = max(map(len, bodies))
    footers = [fit(column.footer, room) if column.footer else [] for column in columns]
    deepest = max(map(len, footers))
    rows = [
        ([one_line(column.title) for column in columns], f"bold {ACCENT}"),
        *(([_line(body, number) for body in bodies], "") for number in range(height)),
        *(([_line(footer, number) for footer in footers], "dim") for number in range(deepest)),
    ]
    return [_row(cells, style, room) for cells, style in rows]


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


def _row(cells: Sequence[str], style: str, room: int) -> Text:
    row = Text(_MARGIN)
    for number, cell in enumerate(cells):
        if number:
            row.append(_BETWEEN, style="dim")
        is_last = number == len(cells) - 1
        row.append(_cut(cell, room)[0] if is_last else pad(_cut(cell, room)[0], room), style=style)
    return row
