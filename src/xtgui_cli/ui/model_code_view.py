"""Draws the Python files that come with a model: names, sizes, SHA-256, and what stands out."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from ..models.model_code import CodeFile, ModelCode
from ..texts import t
from .panels import show_notes, show_title
from .units import file_size


def show_code(console: Console, code: ModelCode, before: Mapping[str, str]) -> None:
    """Print the files, each with what stands out in it.

    Args:
        console: Where to print.
        code: The files.
        before: SHA-256 by name, of the files that were agreed to before; empty if none were.
    """
    show_title(console, t("model_code.title", name=code.folder.name))
    explained = "model_code.explained_changed" if before else "model_code.explained"
    show_notes(console, [t(explained)], style="yellow")
    for file in code.files:
        console.print()
        _show_file(console, file, before)
    console.print()
    show_notes(console, [t("model_code.limits")], mark="·", style="dim")


def _show_file(console: Console, file: CodeFile, before: Mapping[str, str]) -> None:
    line = Text.assemble("   ", (file.name, "bold"), "  ", (file_size(file.bytes), "dim"))
    if before and file.name not in before:
        line.append("  " + t("model_code.new"), style="yellow")
    elif before and before[file.name] != file.sha256:
        line.append("  " + t("model_code.changed"), style="yellow")
    console.print(line, soft_wrap=True)
    console.print(Text(f"   sha256 {file.sha256}", style="dim"), soft_wrap=True)
    for finding in file.findings:
        said = t(
            "model_code.finding",
            line=finding.line,
            what=finding.what,
            kind=t(f"model_code.kind_{finding.kind}"),
        )
        console.print(Text(f"   ! {said}", style="yellow"), soft_wrap=True)
    if not file.findings:
        console.print(Text(f"   · {t('model_code.unremarkable')}", style="dim"), soft_wrap=True)
