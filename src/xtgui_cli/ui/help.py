"""The help page of a command: one usage line, what it does, its flags in aligned columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from ..texts import t
from .console import ACCENT, out
from .wrap import pad, wrap

_WIDEST_NAME = 24
_WIDEST_LINE = 100


@dataclass(frozen=True)
class Section:
    """A titled table of help: names on the left, their meaning on the right."""

    title: str
    rows: Sequence[tuple[str, str]]


def show_help(usage: str, about: str, sections: Sequence[Section]) -> None:
    """Print the help of one command to stdout."""
    console = out()
    width = min(console.width, _WIDEST_LINE)
    names = [name for section in sections for name, _ in section.rows if len(name) <= _WIDEST_NAME]
    column = max(map(len, names), default=0)
    lines = [Text.assemble((t("cli.usage_title"), "bold"), usage), Text()]
    lines += [Text(f"  {line}".rstrip()) for line in wrap(about, width - 2)]
    for section in sections:
        lines += [Text(), Text(section.title, style="bold")]
        for name, text in section.rows:
            lines += _row(name, text, column, width)
    for line in lines:
        console.print(line, soft_wrap=True)


def _row(name: str, text: str, column: int, width: int) -> Iterator[Text]:
    indent = " " * (column + 4)
    texts = wrap(text, max(width - len(indent), 20))
    if len(name) > column:
        yield Text(f"  {name}", style=ACCENT)
    else:
        yield Text.assemble("  ", (pad(name, column), ACCENT), "  ", texts.pop(0))
    yield from (Text(indent + line) for line in texts)
