"""`xtgui check data`: every fault of a data file, and a repaired copy on request."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..data.data_check import DataCheck, Fault
from ..data.data_repair import Repairs, repaired_lines
from ..data.errors import FaultyDataError, NotDataError, NotUtf8Error, UnclearDataError
from ..project.import_data import repair_file
from ..shared.errors import Exit, XtguiError
from ..shared.events import encode
from ..texts import t
from ..ui.console import in_words, out, talk
from ..ui.json_output import print_json, write_json
from ..ui.units import file_size, memory_size


@dataclass(frozen=True, kw_only=True)
class CheckDataRequest:
    """Which file to check."""

    path: Path
    """The data file."""
    as_json: bool = False
    """Print one JSON object."""
    fix: Path | None = None
    """Write the file here, repaired."""


def run(request: CheckDataRequest) -> Exit:
    """Say what is wrong with a file; with *fix*, write it repaired and say what was done.

    Raises:
        XtguiError: "check_data.fix_exists", "check_data.fix_nothing_left"; without *as_json* also
            what `DataCheck` raises.
        NotDataError: If the file is something else altogether, also without *as_json* only.
        UnclearDataError: If it may be data of another format, as NotDataError.
    """
    path, as_json = request.path.expanduser().absolute(), request.as_json
    target = request.fix.expanduser().absolute() if request.fix else None
    if target is not None and os.path.lexists(target):
        raise XtguiError("check_data.fix_exists", Exit.ANSWERS, path=target)
    try:
        check = DataCheck(path)
    except (FaultyDataError, NotUtf8Error) as error:
        if as_json:
            _write_unreadable(error)
        elif isinstance(error, FaultyDataError) or not _offer_conversion(path):
            raise
        return Exit.ANSWERS
    if as_json:
        _write_json(check)
    else:
        _show(check, target)
    if target is not None:
        repair_file(path, target, talk() if as_json else out())
        return Exit.DONE
    return Exit.ANSWERS if check.severities()["stop"] else Exit.DONE


def _write_json(check: DataCheck) -> None:
    """Write the report as a stream: what is only known at the end stands at the end."""
    faults = check.faults()
    first = next(faults, None)
    write_json(f'{{"format": "{check.file.format}", "faults": [')
    separator = "\n"
    while first is not None:
        entry = {
            "code": first.code,
            "severity": first.severity,
            "row": first.row,
            "line": first.line,
            "field": first.field,
            "text": in_words(first.notice),
        }
        write_json(separator + encode(entry).rstrip())
        separator = ",\n"
        first = next(faults, None)
    counts = {**check.severities(), "codes": dict(check.counts)}
    write_json(f'],\n"rows": {check.rows}, "counts": {encode(counts).rstrip()}}}\n')


def _write_unreadable(error: XtguiError) -> None:
    """Write the report of a file whose rows cannot be read at all."""

    code = error.notice.name
    fault = {"code": code, "severity": "stop", "row": None, "line": error.data.get("line")}
    fault |= {"field": "", "text": in_words(error.notice)}
    counts = {"stop": 1, "silent": 0, "note": 0, "codes": {code: 1}}
    report = {"format": None, "faults": [fault], "rows": 0, "counts": counts}
    print_json(report)


def _show(check: DataCheck, target: Path | None) -> None:
    from ..ui.data_report import SHOWN, Group, show_groups, show_summary
    from ..ui.panels import Row

    _warn_of_memory(check)
    groups: dict[str, Group] = {}
    has_messages = False
    for fault in check.faults():
        has_messages = has_messages or fault.field.startswith("messages")
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
    """Whether a repair would leave a row."""
    return next(repaired_lines(path, Repairs()), None) is not None


def _offer_conversion(path: Path) -> bool:
    """Say what a file is that can be converted, and how; False where it cannot be.

    Raises — XtguiError where the file is something else altogether.
    """
    from ..data.formats.convert import find_convertible
    from ..ui.conversion_report import kind_in_words
    from ..ui.data_report import show_summary
    from ..ui.panels import Row

    try:
        file = find_convertible(path)
    except (NotDataError, UnclearDataError):
        raise
    except XtguiError:
        return False
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
    """Print why, and the command that writes a new file beside *path*, *mark* in its name."""
    import shlex

    from ..ui.panels import show_notes

    new = path.with_name(f"{Path(path.name.removesuffix('.gz')).stem}-{mark}.jsonl")
    source, target = (min(os.path.relpath(one), str(one), key=len) for one in (path, new))
    show_notes(out(), [t(why)], mark="→")
    line = f"xtgui {command} {shlex.quote(source)}{flag} {shlex.quote(target)}"
    out().print(f"   {line}\n", soft_wrap=True)


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
