"""Reads data files of OpenAI messages for a run, and refuses those that xtuner would stumble over.

A file is JSON lines or one JSON array of rows; which, is told by its first character, not by its
name. What `DataCheck` finds decides: faults that stop raise; what xtuner changes or drops silently
becomes a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.errors import Exit, Notice, XtguiError
from .row_faults import SEVERITY, find_in_row
from .row_files import Broken, read_values

if TYPE_CHECKING:
    from .data_check import Fault

FIRST_FAULTS = 10
"""How many faults are listed; all are counted."""

_PARTS = ("name", "does")

Messages = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class DataInfo:
    """What a data file holds."""

    path: Path
    rows: int
    bytes: int
    has_system: bool
    """Whether any row brings a system text."""
    is_plain_text: bool = False
    """Whether every row is a text without a question, as for pre-training."""
    notes: tuple[Notice, ...] = ()
    """What xtuner will do to the rows without saying so: what, how often, and the first row."""


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
                self.stops.append(_at(fault))
        elif fault.severity == "silent":
            self.silent.setdefault(fault.code, _Noted(fault)).count += 1


def check_data(path: Path | str) -> DataInfo:
    """Read every row and give what the file holds.

    Raises — XtguiError "data.missing", "data.folder", "data.not_readable", "data.empty",
    "data.encoding", "data.binary"; "data.faults" with the first problems (row, line, field) and
    their count; "data.nothing_to_train" where no row has an answer.
    """
    from .data_check import DataCheck

    check = DataCheck(Path(path).expanduser().absolute())
    findings = _Findings()
    for fault in check.faults():
        if fault.code == "no_rows":
            raise XtguiError("data.empty", Exit.ANSWERS, path=check.path)
        if fault.code == "nothing_to_train":
            raise XtguiError(
                "data.nothing_to_train", Exit.ANSWERS, path=check.path, rows=check.rows
            )
        if fault.code == "broken_utf8":
            _require_utf8(check.path)
        findings.add(fault)
    if findings.stops:
        raise XtguiError(
            "data.faults",
            Exit.ANSWERS,
            findings.stops,
            path=check.path,
            count=findings.stop_count,
        )
    notes = tuple(_note(noted) for noted in findings.silent.values())
    return DataInfo(
        check.path, check.rows, check.bytes, check.has_system, check.is_plain_text, notes
    )


def read_messages(path: Path | str) -> Iterator[Messages]:
    """Give the messages of each row of a file that `check_data` has passed."""
    for row in read_values(Path(path).expanduser().absolute()):
        if isinstance(row.value, Broken) or _stops(row.value):
            raise XtguiError("data.changed", Exit.ANSWERS, path=path, row=row.number)
        yield row.value["messages"]


def _require_utf8(path: Path) -> None:
    """Raise "data.encoding", with a guess which it is, where a line is no UTF-8."""
    for _ in read_values(path):
        pass


def _stops(value: Any) -> bool:
    return any(SEVERITY[one.code] == "stop" for one in find_in_row(value))


def _at(fault: Fault) -> Notice:
    """Give the place and the sentence of a fault, as `check data` words it."""
    meant = ".meant" if fault.data.get("meant") else ""
    what = Notice(f"row_faults.{fault.code}{meant}", fault.data)
    if fault.row is None:
        return what
    place = {"row": fault.row, "line": fault.line, "field": fault.field}
    return Notice("data.at_field" if fault.field else "data.at", {**place, "what": what})


def _note(noted: _Noted) -> Notice:
    code, row = noted.first.code, noted.first.row
    what, does = (Notice(f"row_faults.{code}.{part}", {"code": code}) for part in _PARTS)
    if row is None:
        return Notice("data.note_file", {"what": what, "does": does})
    return Notice("data.note", {"count": noted.count, "row": row, "what": what, "does": does})
