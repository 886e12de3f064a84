"""Shows the result of converting data: what each file is, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence

from ..data.formats.convert import Report
from ..data.formats.recognize import RecognizedFile
from ..data.formats.registry import FORMATS
from ..texts import t
from .console import talk


def show_files(files: Sequence[RecognizedFile]) -> None:
    """Print what each file is: name, layout, container, encoding."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("file", "format", "encoding"):
        table.add_column(t(f"formats.head_{head}"), overflow="fold")
    for file in files:
        name = file.source.path.name
        table.add_row(name, kind_in_words(file), file.source.encoding_name)
    talk().print(table)


def show_left_out(report: Report) -> None:
    """Print which rows and files are missing from the result, and why."""
    for reason, left in report.left_out.items():
        key = "formats.one_row_at" if left.count == 1 else "formats.rows_at"
        more = ", …" if left.count > len(left.first) else ""
        first = ", ".join(left.first) + more
        sentence = t(key, count=left.count, why=t(reason), first=first)
        talk().print(f"  ! {sentence}", style="yellow")
    for reason, names in report.aside.items():
        shown = ", ".join(names[:5]) + ", …" * (len(names) > 5)
        sentence = t("formats.aside", names=shown, why=t(reason))
        talk().print(f"  - {sentence}", style="dim")


def kind_in_words(file: RecognizedFile) -> str:
    """Return the format and the container of a file."""
    container = file.container + ".gz" * file.source.is_gzip
    return t("formats.kind", layout=format_in_words(file), container=container)


def format_in_words(file: RecognizedFile) -> str:
    """Return the format of a file; it must be clear."""
    return t(FORMATS[file.format_name].text_key)
