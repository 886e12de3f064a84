"""The rows of csv and tsv tables, each row a dict by column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TextIO

from .json_rows import SourceRow, Unreadable
from .opening import MAX_LINE, LineTooLongError, lines

_SEPARATORS = ("\t", ",", ";", "|")
_SAMPLE_ROWS = 30
_LONGEST_NAME = 60


def find_separator(head: str, known: frozenset[str]) -> str | None:
    """Return what separates the columns of a table; None if the text is not a table.

    Args:
        head: The beginning of the text, complete lines.
        known: Column names in lower case, any of which makes a first line a heading.
    """
    best: tuple[int, str] | None = None
    for separator in _SEPARATORS:
        score = _score(head, separator, known)
        if score and (best is None or score > best[0]):
            best = (score, separator)
    return best[1] if best else None


def _score(head: str, separator: str, known: frozenset[str]) -> int:
    """Return how much a text looks like a table: 0 not at all."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
            if any(row):
                rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0
    if not rows:
        return 0
    heading, body = [name.strip() for name in rows[0]], rows[1:]
    if len(heading) < 2 or len(set(heading)) < len(heading) or not all(heading):
        return 0
    if max(map(len, heading)) > _LONGEST_NAME:
        return 0
    named = sum(name.lower() in known for name in heading)
    fitting = sum(len(row) == len(heading) for row in body)
    if named >= 2:
        return 100 * named + fitting
    return fitting if len(body) >= 2 and fitting == len(body) else 0


def csv_rows(text: TextIO, separator: str) -> Iterator[SourceRow]:
    """Yield the rows below the heading; one with another number of cells is `Unreadable`.

    Raises:
        LineTooLongError: If a line or a cell has more than MAX_LINE characters.
    """
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(lines(text), delimiter=separator)
    heading: list[str] | None = None
    number = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if "field larger" in str(error):
                raise LineTooLongError from None
            number += 1
            yield SourceRow(number, Unreadable("formats.out_csv"))
            continue
        if cells is None:
            return
        if not any(cells):
            continue
        if heading is None:
            heading = [name.strip().removeprefix("\ufeff") for name in cells]
            continue
        number += 1
        if len(cells) == len(heading):
            yield SourceRow(number, dict(zip(heading, cells, strict=True)))
        else:
            yield SourceRow(number, Unreadable("formats.out_cells"))
