"""Reads data files of OpenAI messages, and names what xtuner would stumble over or lose.

A file is JSON lines or one JSON array of rows; which, is told by its first character, not by its
name. Faults that stop xtuner raise; what it changes or drops silently becomes a note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import Exit, Problem, XtguiError
from .message_faults import find_faults, find_surprises
from .row_files import Broken, read_values

FIRST_FAULTS = 10
"""How many faults are listed; all are counted."""

Messages = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class DataInfo:
    """What a data file holds."""

    path: Path
    rows: int
    bytes: int
    has_system: bool
    """Whether any row brings a system text."""
    notes: tuple[Problem, ...] = ()
    """What xtuner will do to the rows without saying so: code, count, and the first row."""


def check_data(path: Path | str) -> DataInfo:
    """Read every row and give what the file holds.

    Raises — XtguiError "data.missing", "data.folder", "data.not_readable", "data.empty",
    "data.encoding"; "data.faults" with the first problems (row, line, field) and their count;
    "data.nothing_to_train" where no row has an answer.
    """
    path = Path(path).expanduser().absolute()
    faults: list[Problem] = []
    surprises: Counter[str] = Counter()
    first_row: dict[str, int] = {}
    rows = count = 0
    has_system = False
    for row in read_values(path):
        rows += 1
        found = _faults_of(row.value)
        count += len(found)
        for code, data in found[: FIRST_FAULTS - len(faults)]:
            faults.append(Problem(code, {"row": row.number, "line": row.line, **data}))
        if found:
            continue
        messages: Messages = row.value["messages"]
        has_system = has_system or any(m["role"] == "system" and m["content"] for m in messages)
        for code in find_surprises(messages):
            surprises[code] += 1
            first_row.setdefault(code, row.number)
    if faults:
        raise XtguiError("data.faults", Exit.ANSWERS, faults, path=path, count=count)
    if not rows:
        raise XtguiError("data.empty", Exit.ANSWERS, path=path)
    if surprises["data.note_no_answer"] == rows:
        raise XtguiError("data.nothing_to_train", Exit.ANSWERS, path=path, rows=rows)
    notes = (
        Problem(code, {"count": times, "row": first_row[code]}) for code, times in surprises.items()
    )
    return DataInfo(path, rows, path.stat().st_size, has_system, tuple(notes))


def read_messages(path: Path | str) -> Iterator[Messages]:
    """Give the messages of each row of a file that `check_data` has passed."""
    for row in read_values(Path(path).expanduser().absolute()):
        if _faults_of(row.value):
            raise XtguiError("data.changed", Exit.ANSWERS, path=path, row=row.number)
        yield row.value["messages"]


def _faults_of(value: Any) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(value, Broken):
        return [(value.code, {"near": value.near})]
    return find_faults(value)
