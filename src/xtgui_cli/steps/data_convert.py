"""`xtgui data convert`: any data file or folder as one file of OpenAI messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..catalogue.reading import layout_of
from ..data.formats.convert import Report, convert
from ..data.formats.layouts import ROLES, Layout
from ..data.formats.recognise import Recognised
from ..shared.errors import Exit, XtguiError
from ..texts import t
from ..ui.console import ACCENT, is_interactive, out, sanitize, say, talk
from .catalogue import named_dataset


def run(
    source: Path,
    target: Path,
    columns: Sequence[str],
    as_json: bool,
    dataset: str | None = None,
) -> Exit:
    """Convert, and say what was read, written and left out; as a set of the catalogue, if named.

    Raises — XtguiError of `convert` and `layout_of`, "formats.bad_column", "formats.half_said",
    "catalogue.no_dataset".
    """
    said = parse_columns(columns) if dataset is None else layout_of(named_dataset(dataset))
    with talk().status(t("wizard.reading_data"), spinner_style=ACCENT):
        report = convert(source, target, said)
    if as_json:
        out().print(json.dumps(as_data(report), ensure_ascii=False), soft_wrap=True)
    else:
        show(report)
    return Exit.DONE


def parse_columns(given: Sequence[str]) -> list[tuple[str, str]]:
    """Give (role, column) for each "role=column": text, or user and assistant both."""
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
    """Give a report as JSON data."""
    return {
        "target": str(report.target),
        "files": [
            {
                "path": str(file.source.path),
                "format": layout_name(file),
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
    """Say what each file is, how many rows came of it, and what was left out."""
    show_files(report.files)
    say(
        "formats.done",
        style=ACCENT if is_interactive() else "",
        written=report.written,
        rows=report.rows,
        path=report.target,
    )
    show_left_out(report)


def show_files(files: Sequence[Recognised]) -> None:
    """Say what each file is: name, layout, container, encoding."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("file", "format", "encoding"):
        table.add_column(t(f"formats.head_{head}"), overflow="fold")
    for file in files:
        name = sanitize(file.source.path.name)
        table.add_row(name, kind_in_words(file), file.source.encoding_name)
    talk().print(table)


def show_left_out(report: Report) -> None:
    """Say which rows and files do not stand in the result, and why."""
    for reason, left in report.left_out.items():
        key = "formats.one_row_at" if left.count == 1 else "formats.rows_at"
        more = ", …" if left.count > len(left.first) else ""
        first = ", ".join(left.first) + more
        sentence = t(key, count=left.count, why=t(reason), first=sanitize(first))
        talk().print(f"  ! {sentence}", style="yellow")
    for reason, names in report.aside.items():
        shown = ", ".join(map(sanitize, names[:5])) + ", …" * (len(names) > 5)
        sentence = t("formats.aside", names=shown, why=t(reason))
        talk().print(f"  - {sentence}", style="dim")


def kind_in_words(file: Recognised) -> str:
    """Give the layout and the container of a file."""
    container = file.container + ".gz" * file.source.is_gzip
    return t("formats.kind", layout=t(f"formats.layout_{layout_name(file)}"), container=container)


def layout_name(file: Recognised) -> str:
    """Give the name of a file's layout, as in the texts and in JSON."""
    return file.layout.name if isinstance(file.layout, Layout) else "unclear"
