"""`xtgui check data`: reports every fault of a data file, and repairs a copy on request."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..data.data_check import DataCheck, Fault
from ..data.data_repair import Repairs, repaired_lines
from ..data.errors import (
    FaultyDataError,
    NoRowsError,
    NotDataError,
    NotUtf8Error,
    UnclearDataError,
)
from ..project.data_origin import note_origin, state_of
from ..project.import_data import repair_file, warn_of_change
from ..runs.copied_command import quote
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.events import encode
from ..texts import t
from ..ui.console import in_words, out, talk
from ..ui.json_output import print_json, write_json
from ..ui.units import file_size, memory_size

if TYPE_CHECKING:
    from ..data.formats.recognize import RecognizedFile

_TABLES = (".csv", ".tsv", ".parquet")
_TELLING = 1000
"""After this many faults, none of them specific to OpenAI messages, a file has none of those."""


@dataclass(frozen=True, kw_only=True)
class CheckDataRequest:
    """Which file to check."""

    path: Path
    """The data file."""
    as_json: bool = False
    """Print one JSON object."""
    fix: Path | None = None
    """The file for a repaired copy."""


def run(request: CheckDataRequest) -> Exit:
    """Report what is wrong with a file; with *fix*, write a repaired copy and say what was done.

    Raises:
        XtguiError: "check_data.fix_exists", "check_data.fix_nothing_left"; without *as_json* also
            those of `DataCheck`.
        NotDataError: If the file holds something else altogether; only without *as_json*.
        UnclearDataError: If it may be data of another format; only without *as_json*.
    """
    path, as_json = request.path.expanduser().absolute(), request.as_json
    target = request.fix.expanduser().absolute() if request.fix else None
    if target is not None and os.path.lexists(target):
        raise XtguiError("check_data.fix_exists", Exit.ANSWERS, path=target)
    warn_of_change(path)
    try:
        check = DataCheck(path)
    except (FaultyDataError, NotUtf8Error) as error:
        if as_json:
            _write_unreadable(error, _find_convertible(path))
        elif isinstance(error, FaultyDataError) or not _offer_conversion(path):
            raise
        return Exit.ANSWERS
    if as_json:
        try:
            _write_json(check, target)
        except (NotDataError, UnclearDataError, NoRowsError) as error:
            _write_unreadable(error)
            return Exit.ANSWERS
    else:
        _show(check, target)
    if target is not None:
        state = state_of(path)
        repair_file(path, target, talk() if as_json else out())
        note_origin(target, path, state)
        return Exit.DONE
    return Exit.ANSWERS if check.severities()["stop"] else Exit.DONE


def _write_json(check: DataCheck, target: Path | None) -> None:
    """Write the report as a stream: what is known only at the end comes last.

    Raises:
        XtguiError: Those of `_require_convertible`, before anything is written.
    """
    faults = check.faults()
    first = list(_first_faults(faults))
    has_messages = any(_is_of_messages(fault) for fault in first)
    is_lost = check.severities()["stop"] > 0 and target is None and not has_messages
    if is_lost and not _is_repairable(check.file.path):
        file = _require_convertible(check.file.path)
        if file is not None:
            fault = Notice("check_data.other_format")
            print_json(_one_fault(fault, "other_format") | _conversion_as_data(file))
            return
    write_json(f'{{"format": "{check.file.format}", "faults": [')
    separator = "\n"
    for one in itertools.chain(first, faults):
        entry = {
            "code": one.code,
            "severity": one.severity,
            "row": one.row,
            "line": one.line,
            "field": one.field,
            "text": in_words(one.notice),
        }
        write_json(separator + encode(entry).rstrip())
        separator = ",\n"
    counts = {**check.severities(), "codes": dict(check.counts)}
    write_json(f'],\n"rows": {check.rows}, "counts": {encode(counts).rstrip()}}}\n')


def _first_faults(faults: Iterator[Fault]) -> Iterator[Fault]:
    """Yield faults until one shows that the rows are OpenAI messages, or there are many."""
    for fault in itertools.islice(faults, _TELLING):
        yield fault
        if _is_of_messages(fault):
            return


def _is_of_messages(fault: Fault) -> bool:
    return fault.field.startswith("messages")


def _write_unreadable(error: XtguiError, file: RecognizedFile | None = None) -> None:
    """Write the report of a file whose rows cannot be read; *file*: how it can be converted."""
    report = _one_fault(error.notice, error.notice.name, error.data.get("line"))
    print_json(report | (_conversion_as_data(file) if file else {}))


def _one_fault(notice: Notice, code: str, line: object = None) -> dict[str, Any]:
    """Return the report of a file with a single fault."""
    fault = {"code": code, "severity": "stop", "row": None, "line": line}
    fault |= {"field": "", "text": in_words(notice)}
    counts = {"stop": 1, "silent": 0, "note": 0, "codes": {code: 1}}
    return {"format": None, "faults": [fault], "rows": 0, "counts": counts}


def _conversion_as_data(file: RecognizedFile) -> dict[str, Any]:
    """Return a file's format for conversion, and the command that converts it."""
    path = file.source.path
    return {
        "format": file.format_name,
        "container": file.container,
        "encoding": file.source.encoding_name,
        "convert": _command("data convert", path, "", "messages"),
    }


def _show(check: DataCheck, target: Path | None) -> None:
    from ..ui.data_report import SHOWN, Group, show_groups, show_summary
    from ..ui.panels import Row

    _warn_of_memory(check)
    groups: dict[str, Group] = {}
    has_messages = False
    for fault in check.faults():
        has_messages = has_messages or _is_of_messages(fault)
        group = groups.setdefault(fault.code, Group(fault.code, fault.severity))
        group.count += 1
        if len(group.examples) < SHOWN:
            group.examples.append(_place(fault) + in_words(fault.notice))
    counts = check.severities()
    is_lost = counts["stop"] > 0 and target is None and not _is_repairable(check.file.path)
    if is_lost and not has_messages and _offer_conversion(check.file.path):
        return
    faults = t("check_data.counts", **counts) if groups else t("check_data.none")
    rows = t("check_data.rows", rows=f"{check.rows:,}", size=file_size(check.file.bytes))
    kind = t(f"check_data.format_{check.file.format}")
    style = "red" if counts["stop"] else "yellow" if counts["silent"] else ""
    show_summary(
        [
            Row(t("check_data.row_file"), [f"{check.file.path.name} · {kind}"]),
            Row(t("check_data.row_rows"), [rows]),
            Row(t("check_data.row_faults"), [faults], style),
        ]
    )
    show_groups(list(groups.values()))
    if counts["stop"] and target is None and not is_lost:
        _advise("check_data.ends_badly", "check data", check.file.path, " --fix", "fixed")


def _is_repairable(path: Path) -> bool:
    """Return whether a repair would leave a row."""
    return next(repaired_lines(path, Repairs()), None) is not None


def _require_convertible(path: Path) -> RecognizedFile | None:
    """Return how a file can be converted; None if that is not known.

    Raises:
        NotDataError: If it holds something else altogether.
        UnclearDataError: If it is not clear what its columns mean.
        NoRowsError: If it is a table without rows.
    """
    from ..data.formats.convert import find_convertible

    try:
        return find_convertible(path)
    except (NotDataError, UnclearDataError):
        raise
    except NoRowsError:
        if path.suffix.lower() in _TABLES:
            raise
        return None
    except XtguiError:
        return None


def _find_convertible(path: Path) -> RecognizedFile | None:
    try:
        return _require_convertible(path)
    except XtguiError:
        return None


def _offer_conversion(path: Path) -> bool:
    """Say how a file can be converted, and with which command; return False if it cannot be.

    Raises:
        XtguiError: If the file holds something else altogether.
    """
    from ..ui.conversion_report import kind_in_words
    from ..ui.data_report import show_summary
    from ..ui.panels import Row

    file = _require_convertible(path)
    if file is None:
        return False
    encoding = [file.source.encoding_name] if file.source.encoding else []
    about = [path.name, kind_in_words(file), *encoding]
    show_summary(
        [
            Row(t("check_data.row_file"), [" · ".join(about)]),
            Row(t("check_data.row_faults"), [t("check_data.other_format")], "yellow"),
        ]
    )
    out().print()
    _advise("check_data.convert_it", "data convert", path, "", "messages")
    return True


def _advise(why: str, command: str, path: Path, flag: str, mark: str) -> None:
    """Print why, and the command that writes a new file beside *path*, with *mark* in its name."""
    from ..ui.panels import show_notes

    show_notes(out(), [t(why)], mark="→")
    out().print(f"   {_command(command, path, flag, mark)}\n", soft_wrap=True)


def _command(command: str, path: Path, flag: str, mark: str) -> str:
    new = path.with_name(f"{Path(path.name.removesuffix('.gz')).stem}-{mark}.jsonl")
    source, target = (min(os.path.relpath(one), str(one), key=len) for one in (path, new))
    return f"xtgui {command} {quote(source)}{flag} {quote(target)}"


def _place(fault: Fault) -> str:
    if fault.row is None:
        return ""
    at = t("check_data.at", row=fault.row, line=fault.line)
    return f"{at}  {fault.field}  " if fault.field else f"{at}  "


def _warn_of_memory(check: DataCheck) -> None:
    import psutil

    from ..ui.console import say

    free = psutil.virtual_memory().available
    if check.file.format == "array" and check.file.bytes * 2 > free:
        say(
            "check_data.memory",
            style="yellow",
            size=memory_size(check.file.bytes),
            free=memory_size(free),
        )
