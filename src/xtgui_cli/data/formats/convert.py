"""Turns a file or a folder of any format into one file of OpenAI messages, row by row."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ...shared import atomic
from ...shared.errors import Exit, Notice, XtguiError
from ..errors import (
    BinaryFileError,
    FaultyDataError,
    MissingColumnError,
    NoRowsError,
    OtherFileTypeError,
    UnclearDataError,
)
from .cells import LeftOutError
from .data_format import ColumnMapping
from .json_rows import SourceRow, Unreadable
from .recognize import Columns, RecognizedFile, read_rows, recognize_file
from .registry import Unclear, to_conversations

MOST_FILES = 10_000
"""Limit for a folder; the largest sets on the hubs have some hundreds."""
FIRST_ROWS = 5
"""How many of the rows that were left out are listed."""
_TRIED = 50
"""How many rows may fail to become messages before a file counts as impossible to convert."""
_SPLIT = re.compile(r"(?:^|[-_.])(?:test|valid|validation|val|dev|eval)(?:[-_.]|$)", re.IGNORECASE)
_NOTES = re.compile(r"readme|licen[cs]e|copying|notice|changelog", re.IGNORECASE)


@dataclass
class Left:
    """Rows that were left out for one reason."""

    count: int = 0
    first: list[str] = field(default_factory=list)
    """Row numbers, from 1 within the file; in a folder preceded by the file's name."""


@dataclass
class Report:
    """What a conversion read and wrote."""

    target: Path
    files: list[RecognizedFile] = field(default_factory=list)
    rows: int = 0
    """Rows read."""
    written: int = 0
    left_out: dict[str, Left] = field(default_factory=dict)
    """Reason (key of its sentence) to rows."""
    aside: dict[str, list[str]] = field(default_factory=dict)
    """Reason to the names of files in the folder that were not read."""


def convert(path: Path, target: Path, columns: Columns = ()) -> Report:
    """Write the rows of *path* to the new file *target*, completely or not at all.

    Raises:
        XtguiError: "formats.target_exists", "formats.target_inside", "formats.unclear",
            "formats.plain_text", "formats.nothing", "formats.not_writable" and those of
            `recognize_file`.
    """
    path, target = path.expanduser().absolute(), target.expanduser().absolute()
    _require_new(path, target)
    report = Report(target)
    files = _files(path, columns, report)
    for file in files:
        require_clear(file)
    try:
        with atomic.new_file(target) as out:
            for file in files:
                _convert_one(file, out, report, with_name=path.is_dir())
            _require_rows(report, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise XtguiError("formats.not_writable", Exit.FAILED, path=target, reason=reason) from None
    return report


def _require_rows(report: Report, path: Path) -> None:
    if not report.written:
        reasons = map(Notice, report.left_out)
        raise XtguiError("formats.nothing", Exit.ANSWERS, reasons, path=path, rows=report.rows)


def unclear_in(path: Path) -> Unclear | None:
    """Return the first file that needs the user to say which column is which, None if none does.

    Raises:
        XtguiError: Those of `convert` for files that cannot be read.
    """
    files = _files(path, (), Report(path))
    return next((file.mapping for file in files if isinstance(file.mapping, Unclear)), None)


def require_clear(file: RecognizedFile) -> ColumnMapping:
    """Return how the rows of a file are read.

    Raises:
        UnclearDataError: If the user has to say which column is which, with columns and first row.
    """
    mapping = file.mapping
    if isinstance(mapping, ColumnMapping):
        return mapping
    if mapping.is_text:
        raise UnclearDataError("formats.plain_text", Exit.ANSWERS, path=file.source.path)
    if {name.strip().lower() for name in mapping.columns} == {"role", "content"}:
        raise UnclearDataError("formats.single_messages", Exit.ANSWERS, path=file.source.path)
    raise UnclearDataError(
        "formats.unclear_table" if file.separator else "formats.unclear",
        Exit.ANSWERS,
        path=file.source.path,
        columns=", ".join(mapping.columns),
        first_row=shown_row(mapping),
    )


def find_convertible(path: Path) -> RecognizedFile | None:
    """Return what a file is, if one of its first rows can become messages; else None.

    Raises:
        UnclearDataError: Those of `require_clear`, and the errors of `recognize_file`.
    """
    file = recognize_file(path)
    mapping = require_clear(file)
    for raw in itertools.islice(read_rows(file), _TRIED):
        try:
            to_conversations(raw.value, mapping)
        except LeftOutError:
            continue
        return file
    return None


def shown_row(unclear: Unclear, longest: int = 40) -> str:
    """Return the first row in a line: column=beginning of the value."""
    cells = []
    for name, value in unclear.first_row.items():
        text = " ".join(str(value).split())
        cells.append(f"{name}={text[:longest]}{'…' * (len(text) > longest)}")
    return " | ".join(cells)


def _convert_one(file: RecognizedFile, out: BinaryIO, report: Report, *, with_name: bool) -> None:
    import msgspec

    encode = msgspec.json.encode
    mapping = require_clear(file)
    report.files.append(file)
    for raw in _read(file):
        report.rows += 1
        try:
            if isinstance(raw.value, Unreadable):
                raise LeftOutError(raw.value.reason)
            found = [
                encode({"messages": one}) + b"\n" for one in to_conversations(raw.value, mapping)
            ]
        except LeftOutError as error:
            reason = error.reason
        except UnicodeEncodeError:  # half of a surrogate pair, as "\ud800" in JSON
            reason = "formats.out_surrogate"
        else:
            out.writelines(found)
            report.written += len(found)
            continue
        left = report.left_out.setdefault(reason, Left())
        left.count += 1
        if len(left.first) < FIRST_ROWS:
            name = f"{file.source.path.name}:" if with_name else ""
            left.first.append(f"{name}{raw.number}")


def _read(file: RecognizedFile) -> Iterator[SourceRow]:
    """Yield the rows of a file; a failing disk is reported for the source, not the target."""
    try:
        yield from read_rows(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FaultyDataError(
            "data.not_readable", Exit.FAILED, path=file.source.path, reason=reason
        ) from None


# --- which files ---------------------------------------------------------------------------------


def _files(path: Path, columns: Columns, report: Report) -> list[RecognizedFile]:
    if not path.is_dir():
        return [recognize_file(path, columns)]
    found = []
    other: MissingColumnError | None = None
    for file in _candidates(path, report):
        try:
            recognized = recognize_file(file, columns)
        except (OtherFileTypeError, BinaryFileError, NoRowsError):
            report.aside.setdefault("formats.aside_no_data", []).append(file.name)
            continue
        except MissingColumnError as error:
            if not isinstance(columns, ColumnMapping):
                raise
            other = error  # files beside a known dataset, such as its description
            report.aside.setdefault("formats.aside_no_data", []).append(file.name)
            continue
        if isinstance(recognized.mapping, Unclear) and (
            recognized.mapping.is_text or file.suffix == ".json"
        ):
            report.aside.setdefault("formats.aside_no_data", []).append(file.name)
        else:
            found.append(recognized)
    found = _without_notes(found, report)
    if not found and other is not None:
        raise other
    if not found:
        raise XtguiError("formats.no_files", Exit.ANSWERS, path=path)
    return found


def _without_notes(files: list[RecognizedFile], report: Report) -> list[RecognizedFile]:
    """Set aside files that only describe the data: text files beside others, README and LICENSE."""
    has_rows = any(file.container != "txt" for file in files)
    kept = []
    for file in files:
        is_note = _NOTES.match(file.source.path.stem)
        if file.container == "txt" and (has_rows or is_note):
            name = file.source.path.name
            report.aside.setdefault("formats.aside_no_data", []).append(name)
        else:
            kept.append(file)
    return kept


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder and its subfolders, except hidden ones.

    Raises:
        XtguiError: "formats.too_many_files": a home folder or a whole disk is not a dataset.
    """
    found = []
    for file in folder.rglob("*"):
        is_hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if not is_hidden and file.is_file():
            found.append(file)
            if len(found) > MOST_FILES:
                raise XtguiError(
                    "formats.too_many_files", Exit.ANSWERS, path=folder, most=MOST_FILES
                )
    return sorted(found)


def _candidates(folder: Path, report: Report) -> list[Path]:
    """Return the files of a folder without hidden ones, and without test data if there is other."""
    files = files_in(folder)
    to_test = [file for file in files if _SPLIT.search(file.stem)]
    rest = [file for file in files if file not in to_test]
    if not any(file.suffix not in (".md", ".txt", ".py") for file in rest):
        return files
    if to_test:
        report.aside["formats.aside_test"] = [file.name for file in to_test]
    return rest


# --- where it goes ------------------------------------------------------------------------------


def _require_new(path: Path, target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise XtguiError("formats.target_exists", Exit.ANSWERS, path=target)
    if path.is_dir() and Path(os.path.realpath(path)) in Path(os.path.realpath(target)).parents:
        raise XtguiError("formats.target_inside", Exit.ANSWERS, path=target, folder=path)
