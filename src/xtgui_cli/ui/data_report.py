"""Draws the data checker's findings: a summary, then the faults by group, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ..data.data_repair import Repairs
from ..texts import t
from .console import out
from .panels import Row, show_rows, show_title
from .wrap import cut, wrap

SHOWN = 3
"""How many occurrences of each fault are listed."""
_STYLES = {"stop": "bold red", "silent": "bold yellow", "note": "bold"}
_INDENT = 5


@dataclass
class Group:
    """All faults of one code: how many, and the first few in words."""

    code: str
    severity: str
    count: int = 0
    examples: list[str] = field(default_factory=list)


def show_summary(rows: Sequence[Row]) -> None:
    """Print the head of the report to stdout."""
    console = out()
    show_title(console, t("check_data.title"))
    console.print()
    show_rows(console, rows)


def show_groups(groups: Sequence[Group]) -> None:
    """Print the groups under a heading per severity."""
    console = out()
    for severity, style in _STYLES.items():
        some = [group for group in groups if group.severity == severity]
        if not some:
            continue
        console.print()
        console.print(Text(f" {t(f'check_data.{severity}')}", style=style), soft_wrap=True)
        for group in some:
            _show_group(console, group)
    console.print()


def _show_group(console: Console, group: Group) -> None:
    name = t(f"row_faults.{group.code}.name")
    count = t("check_data.times", count=f"{group.count:,}")
    console.print(Text.assemble("   ", (name, "bold"), (f"  {count}", "dim")), soft_wrap=True)
    for example in group.examples:
        text = cut(example.replace("\n", " "), console.width - _INDENT - 1)
        console.print(" " * _INDENT + text, soft_wrap=True)
    if group.count > len(group.examples):
        _say(console, t("check_data.more", count=f"{group.count - len(group.examples):,}"), "dim")
    # formatted with something, so that doubled braces of JSON in them become single ones
    _say(console, t(f"row_faults.{group.code}.does", code=group.code), "", lead="→ ")
    _say(console, t(f"row_faults.{group.code}.helps", code=group.code), "dim", lead="  ")


def _say(console: Console, text: str, style: str, lead: str = "") -> None:
    for number, line in enumerate(wrap(text, console.width - _INDENT - len(lead) - 1)):
        mark = lead if number == 0 else " " * len(lead)
        console.print(Text(" " * _INDENT + mark + line, style=style), soft_wrap=True)


def counted(counts: Mapping[str, int]) -> list[str]:
    """Return counts by fault in words, the most frequent first."""
    lines = [
        f"{t(f'row_faults.{code}.name')}  {t('check_data.times', count=f'{count:,}')}"
        for code, count in sorted(counts.items(), key=lambda pair: -pair[1])
        if count
    ]
    return lines or [t("check_data.fix_nothing")]


def show_repairs(
    console: Console, target: Path, repairs: Repairs, remaining: Mapping[str, int]
) -> None:
    """Print what a repair changed and left out, and which faults remain."""
    show_title(
        console,
        t("check_data.fixed", path=target.name, rows=f"{repairs.written:,}"),
    )
    show_rows(
        console,
        [
            Row(t("check_data.fix_changed"), counted(repairs.changed)),
            Row(t("check_data.fix_left_out"), counted(repairs.left_out)),
            Row(t("check_data.fix_remaining"), counted(remaining)),
        ],
    )
