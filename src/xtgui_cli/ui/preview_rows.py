"""Draws training rows as the model sees them.

What is trained is marked by a bar in the margin and, with color, by another color. A line ends only
at a line break of the text, which is shown as a sign, at the width of the screen, or where the
treatment of the tokens changes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from ..data.token_runs import TokenRow, TokenRun
from ..texts import t
from .console import ACCENT, out
from .panels import show_title
from .wrap import wrap

WIDEST = 100
MOST_LINES = {"trained": (7, 4), "masked": (7, 4), "cut": (3, 2)}
"""How many first and last lines of a stretch are shown if a row is one of several."""
NEWLINE = "↵"
_BARS = {"trained": "┃", "masked": " ", "cut": "╎"}
_STYLES = {"trained": "green", "masked": "", "cut": "dim"}
_SPECIAL = "magenta"
_BROKEN = "‹", "›"
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x2028, 0x2029)
_VISIBLE = (
    {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
    | {0x7F: "\u2421"}
    | {code: f"<U+{code:04X}>" for code in (*range(0x80, 0xA0), *_BIDI, 0x200B, 0xFEFF)}
)


def show_head(
    *, data: str, model: str, template: str, max_length: int, console: Console | None = None
) -> None:
    """Print which rows are shown, how they are encoded, and how to read them."""
    console = console or out()
    show_title(console, t("preview.title"))
    names = {"data": data, "model": model, "template": template}
    text = t("preview.settings", **names, max_length=max_length)
    for line in wrap(text, _width(console) - 1):
        console.print(f" {line}", style="dim", soft_wrap=True)
    console.print(_legend(colored=has_color(console)), soft_wrap=True)


def show_row(row: TokenRow, *, in_full: bool, console: Console | None = None) -> None:
    """Print one row; long stretches are shortened in the middle unless *in_full*."""
    console = console or out()
    for line in draw_row(row, _width(console), in_full=in_full, colored=has_color(console)):
        console.print(line, soft_wrap=True)


def has_color(console: Console) -> bool:
    """Return whether colors reach the reader."""
    return console.color_system is not None and not console.no_color


def draw_row(row: TokenRow, width: int, *, in_full: bool, colored: bool) -> list[Text]:
    """Return the lines of one row, none wider than *width* cells."""
    lines = [Text(), *_headline(row, width)]
    if not row.runs:
        return [*lines, *_note(t("preview.row_empty"), width)]
    if not row.trained:
        lines += _note(t("preview.row_nothing"), width)
    if row.dropped:
        lines += _note(t("preview.row_dropped", count=row.dropped), width)
    was_cut = False
    for fate, runs in _stretches(row.runs):
        if fate == "cut" and not was_cut:
            lines += _cut_line(row, width)
            was_cut = True
        drawn = _draw_stretch(runs, fate, width, colored=colored)
        lines += drawn if in_full else _shortened(drawn, fate, row.number)
    return lines


def visible(text: str) -> str:
    """Return *text* with everything that controls a terminal shown as a sign."""
    return text.translate(_VISIBLE)


def _legend(*, colored: bool) -> Text:
    special = "<s>" if colored else "<s>".join(_BROKEN)
    entries = (
        (_BARS["trained"], "legend_trained", _STYLES["trained"]),
        (_BARS["cut"], "legend_cut", _STYLES["cut"]),
        (special, "legend_special", _SPECIAL if colored else ""),
        (NEWLINE, "legend_newline", "dim"),
    )
    legend = Text(" ")
    for sign, key, style in entries:
        legend.append(f"{sign} ", style=style).append(f"{t(f'preview.{key}')}   ", style="dim")
    legend.rstrip()
    return legend


def _headline(row: TokenRow, width: int) -> list[Text]:
    left = t("preview.row", number=row.number)
    right = t("preview.row_counts", tokens=row.tokens, trained=row.trained)
    if row.cut:
        right += " · " + t("preview.row_cut", count=row.cut)
    title = Text.assemble(" ", (left, f"bold {ACCENT}"))
    gap = width - cell_len(left) - cell_len(right) - 2
    if gap < 2:
        return [title, *(Text(f"   {line}", "dim") for line in wrap(right, width - 3))]
    return [title.append(" " * gap).append(right, style="dim")]


def _note(text: str, width: int) -> list[Text]:
    first, *rest = wrap(text, width - 3)
    return [Text(f" ! {first}", "yellow"), *(Text(f"   {line}", "yellow") for line in rest)]


def _cut_line(row: TokenRow, width: int) -> list[Text]:
    text = t(
        "preview.cut_here",
        max_length=row.max_length,
        tokens=row.cut,
        trained=row.trained_cut,
    )
    *first, last = wrap(text, width - 5)
    rest = "─" * max(width - cell_len(last) - 6, 0)
    return [Text(f" ── {line}".rstrip(), "yellow") for line in (*first, f"{last} {rest}")]


def _fate(run: TokenRun) -> str:
    return "cut" if run.is_cut else "trained" if run.trained else "masked"


def _stretches(runs: Iterable[TokenRun]) -> Iterator[tuple[str, list[TokenRun]]]:
    """Yield groups of adjacent runs that are treated alike."""
    together: list[TokenRun] = []
    for run in runs:
        if together and _fate(run) != _fate(together[0]):
            yield _fate(together[0]), together
            together = []
        together.append(run)
    if together:
        yield _fate(together[0]), together


def _draw_stretch(runs: Sequence[TokenRun], fate: str, width: int, *, colored: bool) -> list[Text]:
    room = max(width - 3, 8)
    style = _STYLES[fate]
    lines: list[Text] = [Text()]
    for run in runs:
        for text, kind in _pieces(run, colored=colored):
            if kind == "newline":
                if lines[-1].cell_len >= room:
                    lines.append(Text())
                lines[-1].append(NEWLINE, style="dim")
                lines.append(Text())
                continue
            for part in chop_cells(text, room) if cell_len(text) > room else [text]:
                if lines[-1].cell_len and lines[-1].cell_len + cell_len(part.rstrip()) > room:
                    lines.append(Text())
                lines[-1].append(part, style=_special_style(fate) if kind == "special" else style)
    if not lines[-1].plain:
        lines.pop()
    for line in lines:
        line.rstrip()
    bar = (_BARS[fate], style)
    return [Text.assemble(" ", bar, " ", line) for line in lines]


def _special_style(fate: str) -> str:
    return f"{_SPECIAL} dim" if fate == "cut" else _SPECIAL


def _pieces(run: TokenRun, *, colored: bool) -> Iterator[tuple[str, str]]:
    """Yield a run's words with the spaces after them, wide characters one by one, and breaks."""
    if run.is_special:
        shown = visible(run.text).replace("\n", NEWLINE)
        yield (shown if colored else shown.join(_BROKEN)), "special"
        return
    for number, line in enumerate(visible(run.text).replace("\t", "⇥   ").split("\n")):
        if number:
            yield "", "newline"
        word = ""
        for character in line:
            is_wide = unicodedata.east_asian_width(character) in "WF"
            if word and (is_wide or (word[-1] == " " and character != " ")):
                yield word, "text"
                word = ""
            word += character
        if word:
            yield word, "text"


def _shortened(lines: list[Text], fate: str, number: int) -> list[Text]:
    first, last = MOST_LINES[fate]
    left_out = len(lines) - first - last
    if left_out <= 1:
        return lines
    note = t("preview.lines_left_out", count=left_out, number=number)
    bar = lines[0][1:2]
    return [*lines[:first], Text.assemble(" ", bar, " ", (note, "dim italic")), *lines[-last:]]


def _width(console: Console) -> int:
    return min(console.width, WIDEST)


def show_cut_rows_end(
    found: int, shown: int, max_length: int, console: Console | None = None
) -> None:
    """Print the conclusion after the rows that are cut: none, or more than were shown."""
    console = console or out()
    if found and found <= shown:
        return
    key, data = ("more_cut", {"count": found - shown, "all": found})
    if not found:
        key, data = "none_cut", {"max_length": max_length}
    console.print()
    console.print(Text(f" {t(f'preview.{key}', **data)}", "dim"), soft_wrap=True)
