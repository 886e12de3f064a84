"""Reads data files of OpenAI messages for a run, and refuses those that xtuner cannot handle.

A file is JSON lines or one JSON array of rows, according to its first character and not its name.
The findings of `DataCheck` decide: faults that would stop training are errors; what xtuner changes
or drops silently becomes a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.errors import Exit, Notice, XtguiError
from .errors import DataChangedError, DataFaultsError, NoRowsError
from .row_faults import find_in_row, stops

if TYPE_CHECKING:
    from .data_check import Fault

FIRST_FAULTS = 10
"""How many faults are listed; all are counted."""

_PARTS = ("name", "does")

Messages = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class DataInfo:
    """The content of a data file."""

    path: Path
    rows: int
    bytes: int
    has_system: bool
    """Whether any row has a system text."""
    is_plain_text: bool = False
    """Whether every row is a text without a question, as for pre-training."""
    notes: tuple[Notice, ...] = ()
    """What xtuner will silently do to the rows: what, how often, and the first row."""


@dataclass
class _Noted:
    first: Fault
    count: int = 0


@dataclass
class _Findings:
    stops: list[Notice] = field(default_factory=list)
    stop_count: int = 0
    silent: dict[str, _Noted] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        if fault.severity == "stop":
            self.stop_count += 1
            if len(self.stops) < FIRST_FAULTS:
                self.stops.append(fault.with_place())
        elif fault.severity == "silent":
            self.silent.setdefault(fault.code, _Noted(fault)).count += 1


def check_data(path: Path | str) -> DataInfo:
    """Read every row and return what the file holds.

    Raises:
        FaultyDataError: If the file cannot be read.
        NoRowsError: If it is empty.
        NotUtf8Error: If it is not UTF-8 text.
        DataFaultsError: If training would stop at a row; with the first faults and their count.
        XtguiError: "data.nothing_to_train", if no row has an answer.
    """
    from .data_check import DataCheck

    check = DataCheck(Path(path).expanduser().absolute())
    path = check.file.path
    findings = _Findings()
    for fault in check.faults():
        if check.encoding_error is not None:
            raise check.encoding_error
        findings.add(fault)
    if not check.rows:
        raise NoRowsError("data.empty", Exit.ANSWERS, path=path)
    if not check.trained_rows:
        raise XtguiError("data.nothing_to_train", Exit.ANSWERS, path=path, rows=check.rows)
    if findings.stops:
        count = findings.stop_count
        raise DataFaultsError("data.faults", Exit.ANSWERS, findings.stops, path=path, count=count)
    notes = tuple(_note(noted) for noted in findings.silent.values())
    return DataInfo(
        path, check.rows, check.file.bytes, check.has_system, check.is_plain_text, notes
    )


def read_messages(path: Path | str) -> Iterator[Messages]:
    """Yield the messages of each row of a file that `check_data` has passed.

    Raises:
        DataChangedError: At a row that would not have passed.
    """
    from .row_files import Broken, decode_row, open_row_file

    for row in open_row_file(Path(path).expanduser().absolute()).rows():
        value = decode_row(row.content)
        if row.is_spread or isinstance(value, Broken) or stops(find_in_row(value)):
            raise DataChangedError("data.changed", Exit.ANSWERS, path=path, row=row.number)
        yield value["messages"]


def _note(noted: _Noted) -> Notice:
    code, row = noted.first.code, noted.first.row
    what, does = (Notice(f"row_faults.{code}.{part}", {"code": code}) for part in _PARTS)
    if row is None:
        return Notice("data.note_file", {"what": what, "does": does})
    return Notice("data.note", {"count": noted.count, "row": row, "what": what, "does": does})
