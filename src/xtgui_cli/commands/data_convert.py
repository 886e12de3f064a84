"""`xtgui data convert`: any data file or folder as one file of OpenAI messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..data.formats.columns import ROLES
from ..data.formats.convert import Report, convert
from ..project.data_origin import note_origin, state_of
from ..shared.errors import Exit, XtguiError
from ..texts import t
from ..ui.console import ACCENT, is_interactive, say, talk
from ..ui.conversion_report import show_files, show_left_out
from ..ui.json_output import print_json
from .catalogue import named_dataset


@dataclass(frozen=True, kw_only=True)
class DataConvertRequest:
    """What to convert, and what is known about it."""

    source: Path
    """A data file, or a folder of them."""
    target: Path
    """The file to write."""
    columns: Sequence[str] = ()
    """ROLE=COLUMN, if columns are named by hand."""
    dataset: str | None = None
    """The source's name in the catalogue of datasets."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: DataConvertRequest) -> Exit:
    """Convert, as a set of the catalogue if one is named, and report what was read and written.

    Raises:
        XtguiError: Those of `convert`, "formats.bad_column", "formats.half_said" or
            "catalogue.no_dataset".
    """
    name = request.dataset
    said = parse_columns(request.columns) if name is None else named_dataset(name).mapping
    source = request.source.expanduser().absolute()
    state = state_of(source)
    with talk().status(t("wizard.reading_data"), spinner_style=ACCENT):
        report = convert(request.source, request.target, said)
    note_origin(report.target, source, state)
    if request.as_json:
        print_json(as_data(report))
    else:
        show(report)
    return Exit.DONE


def parse_columns(given: Sequence[str]) -> list[tuple[str, str]]:
    """Return (role, column) for each "role=column": text, or both user and assistant.

    Raises:
        XtguiError: "formats.bad_column", or "formats.half_said" if a role is missing.
    """
    said = []
    for one in given:
        role, sign, column = one.partition("=")
        if role not in ROLES or not sign or not column:
            raise XtguiError("formats.bad_column", Exit.ANSWERS, given=one)
        said.append((role, column))
    roles = {role for role, _ in said}
    missing = {"user", "assistant"} - roles
    if said and missing and roles != {"text"}:
        raise XtguiError("formats.half_said", Exit.ANSWERS, roles=", ".join(sorted(missing)))
    return said


def as_data(report: Report) -> dict[str, Any]:
    """Return a report as JSON data."""
    return {
        "target": str(report.target),
        "files": [
            {
                "path": str(file.source.path),
                "format": file.format_name,
                "container": file.container,
                "gz": file.source.is_gzip,
                "encoding": file.source.encoding_name if file.source.encoding else None,
            }
            for file in report.files
        ],
        "rows": report.rows,
        "written": report.written,
        "left_out": [
            {
                "reason": reason.removeprefix("formats.out_"),
                "count": left.count,
                "first": left.first,
            }
            for reason, left in report.left_out.items()
        ],
        "not_read": [
            {"reason": reason.removeprefix("formats.aside_"), "files": names}
            for reason, names in report.aside.items()
        ],
    }


def show(report: Report) -> None:
    """Print what each file is, how many rows it gave, and what was left out."""
    show_files(report.files)
    say(
        "formats.done",
        style=ACCENT if is_interactive() else "",
        written=report.written,
        rows=report.rows,
        path=report.target,
    )
    show_left_out(report)
