"""Draws a catalogue: its list as a table with marks, and one entry with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from ..texts import t
from .console import ACCENT, out, sanitize
from .fitted_table import Column, show_table
from .panels import Row, show_notes, show_rows, show_title
from .wrap import wrap


@dataclass(frozen=True)
class Entry:
    """One entry with all that is known of it, in words."""

    id: str
    about: str
    rows: Sequence[tuple[str, str]]
    """Name and value."""
    notes: Sequence[str]
    """What one should know before."""
    sources: Sequence[tuple[str, str]]
    """Name of a value and where it is from."""
    commands: Sequence[tuple[str, str]]
    """What to type next, and what it does."""


def show_list(
    title: str, count: str, columns: Sequence[Column], marks: Sequence[str], hint: str
) -> None:
    """Print the list to stdout; below it what its marks mean."""
    console = out()
    show_title(console, title, count)
    console.print()
    show_table(console, columns)
    console.print()
    for mark in marks:
        for line in wrap(mark, console.width - 2):
            console.print(f" {line}", style="dim", soft_wrap=True)
    console.print(f" {hint}", style="dim", soft_wrap=True)


def show_entry(entry: Entry) -> None:
    """Print one entry to stdout: what it is, what to know, what to type next, the sources."""
    console = out()
    show_title(console, sanitize(entry.id))
    if entry.about:
        show_notes(console, [entry.about], mark=" ", style="dim")
    console.print()
    show_rows(console, [Row(name, [value]) for name, value in entry.rows])
    if entry.notes:
        console.print()
        show_notes(console, entry.notes, style="yellow")
    if entry.commands:
        console.print()
        _show_commands(entry.commands)
    console.print()
    console.print(f" {t('catalogue.sources_title')}", style="dim", soft_wrap=True)
    show_notes(console, _gathered(entry.sources), mark="·", style="dim")


def _show_commands(commands: Sequence[tuple[str, str]]) -> None:
    console = out()
    console.print(f" {t('catalogue.next_title')}", style=f"bold {ACCENT}", soft_wrap=True)
    width = max(len(command) for command, _ in commands)
    widest = max(cell_len(what) for _, what in commands)
    is_beside = 3 + width + 2 + widest <= console.width
    for command, what in commands:
        if not is_beside:
            console.print(f"   {what}", style="dim", soft_wrap=True)
        line = Text.assemble("   ", command.ljust(width), "  ", (what * is_beside, "dim"))
        line.rstrip()
        console.print(line, soft_wrap=True)


def _gathered(sources: Sequence[tuple[str, str]]) -> list[str]:
    """Say each source once, before it all the values that it is for."""
    names: dict[str, list[str]] = {}
    for name, source in sources:
        names.setdefault(source, []).append(name)
    between = t("catalogue.between")
    return [
        t("catalogue.source", names=between.join(all_names), source=source)
        for source, all_names in names.items()
    ]
