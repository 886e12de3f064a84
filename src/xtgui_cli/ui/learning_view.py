"""Shows what a model has learned: a line while it trains, a table and a verdict afterwards."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from ..runs.loss_course import LossCourse
from ..runs.verdict import is_measurable, known_before, new_faults, sample_interval
from ..shared.errors import Notice
from ..shared.learning import KnownRows, Learning, recommended
from ..texts import t
from .console import ACCENT, in_words, sanitize
from .wrap import cut, pad, wrap

_NAMED_ROWS = 5
"""How many unknown rows are listed."""
_GAP = 2


def learning_line(learnings: Sequence[Learning]) -> str:
    """Return the findings of the newest check in a line; empty if there are none."""
    return " ".join(learning_lines(learnings, sys.maxsize))


def learning_lines(learnings: Sequence[Learning], width: int) -> list[str]:
    """Return the same in lines of that many cells, broken between measures."""
    found = list(_cells(learnings[0], learnings[-1])) if learnings else []
    if not found:
        return []
    lines = [t("learning.line", iteration=learnings[-1].iter, found=found[0])]
    for cell in found[1:]:
        if cell_len(lines[-1]) + cell_len(cell) + 5 <= width:
            lines[-1] += f" · {cell}"
        else:
            lines[-1] += " ·"
            lines.append(cell)
    return lines


def _cells(before: Learning, now: Learning) -> Iterator[str]:
    if now.known is not None and now.known.asked:
        cell = _known_cell(now.known)
        if now is not before and before.known is not None:
            cell += t("learning.cell_before", before=known_before(before, now.known))
        yield cell
    if now.tests:
        right = sum(test.right for test in now.tests)
        yield t("learning.cell_tests", right=right, asked=len(now.tests))
    if now.kept is not None and now.kept.asked:
        kept = {"kept": now.kept.of_base_right, "of": now.kept.base_right}
        is_known = is_measurable(now.kept)
        yield t("learning.cell_kept" if is_known else "learning.cell_kept_unknown", **kept)
    if now.wording is not None and now is not before:
        yield t("learning.cell_wording", nats=f"{now.wording:+.2f}")
    if now.held_out is not None:
        yield t("learning.cell_held_out", loss=f"{now.held_out:.2f}")
    yield from (t(f"learning.fault_{fault}") for fault in new_faults(before, now))


def _known_cell(known: KnownRows) -> str:
    facts: dict[str, object] = {"known": known.count, "asked": known.asked, "total": known.total}
    interval = sample_interval(known)
    if interval is not None:
        low, high = interval
        return t("learning.cell_known_interval", **facts, low=low, high=high)
    return t(
        "learning.cell_known_of" if known.total > known.asked else "learning.cell_known", **facts
    )


def course_line(course: LossCourse) -> str:
    """Return the warning of a loss that goes wrong during training; empty if there is none."""
    return t(f"learning.live_{course.kind}", **course.in_short) if course.is_bad else ""


def draw_learning(learnings: Sequence[Learning]) -> Iterator[Text]:
    """Yield the table of all checks, and which checkpoint is recommended."""
    if not learnings:
        return
    yield Text()
    yield Text(" " + t("learning.title"), "bold")
    yield from _table(learnings)
    best = recommended(learnings)
    if best is not None and len(learnings) > 2:
        yield Text(" " + t("learning.recommended", name=f"iter_{best}"), ACCENT)


def draw_verdict(verdict: Sequence[Notice], width: int) -> Iterator[Text]:
    """Yield what was learned and what was not, in sentences."""
    for notice in verdict:
        lines = wrap(in_words(notice), width - 4)
        yield from (Text(("   " if n else " · ") + line) for n, line in enumerate(lines))


def draw_unknown(rows: Sequence[tuple[int, str]], width: int) -> Iterator[Text]:
    """Yield the rows that are not known, up to five of them.

    Args:
        rows: Number and question of each; "" if the question is not known.
        width: Width of the terminal.
    """
    if not rows:
        return
    yield Text(" " + t("learning.not_known", count=len(rows)))
    named = [t("learning.row", number=number) for number, _ in rows[:_NAMED_ROWS]]
    column = max(map(cell_len, named)) + 2
    for name, (_, question) in zip(named, rows, strict=False):
        asked = cut(" ".join(sanitize(question).split()), max(10, width - column - 4))
        yield Text.assemble("   ", (pad(name, column), "dim"), asked)
    if len(rows) > _NAMED_ROWS:
        yield Text("   " + t("learning.more_rows", count=len(rows) - _NAMED_ROWS), "dim")


def _table(learnings: Sequence[Learning]) -> Iterator[Text]:
    columns = [_column(name, learnings) for name in ("checkpoint", *MEASURES)]
    shown = [column for column in columns if any(column[1:])]
    widths = [max(map(cell_len, column)) + _GAP for column in shown]
    for number in range(len(learnings) + 1):
        cells = [pad(column[number], width) for column, width in zip(shown, widths, strict=True)]
        yield Text(" " + "".join(cells).rstrip(), "dim" if number == 0 else "")


def _column(name: str, learnings: Sequence[Learning]) -> list[str]:
    head = t(f"learning.column_{name}")
    if name == "checkpoint":
        names = (f"iter_{each.iter}" if each.iter else t("learning.base") for each in learnings)
        return [head, *names]
    return [head, *(MEASURES[name](each) for each in learnings)]


def _known(each: Learning) -> str:
    known = each.known
    if known is None or not known.asked:
        return ""
    if known.total == known.asked:
        return f"{known.count}/{known.asked}"
    return t("learning.known_of", known=known.count, asked=known.asked, total=known.total)


def _tests(each: Learning) -> str:
    return f"{sum(test.right for test in each.tests)}/{len(each.tests)}" if each.tests else ""


def _kept(each: Learning) -> str:
    kept = each.kept
    if kept is None or not kept.asked:
        return ""
    return f"{kept.of_base_right}/{kept.base_right}" if is_measurable(kept) else "-"


def _wording(each: Learning) -> str:
    return "" if each.wording is None else f"{each.wording:+.2f}"


def _held_out(each: Learning) -> str:
    return "" if each.held_out is None else f"{each.held_out:.3f}"


def _faults(each: Learning) -> str:
    found = [t(f"learning.fault_{fault}") for fault in each.degenerate]
    return " ".join([found[0], f"+{len(found) - 1}"]) if len(found) > 1 else "".join(found)


MEASURES = {
    "known": _known,
    "tests": _tests,
    "kept": _kept,
    "wording": _wording,
    "held_out": _held_out,
    "faults": _faults,
}
"""The measures of a check, written for a table."""
