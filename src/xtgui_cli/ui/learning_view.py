"""How it is shown what a model has learned: a line while it trains, a table and a verdict after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from ..runs.verdict import is_measurable, judge
from ..shared.learning import Learning, recommended
from ..texts import t
from .console import ACCENT, in_words
from .wrap import pad, wrap

_NAMED_ROWS = 12
"""How many rows that are not known are named."""
_GAP = 3


def learning_line(learnings: Sequence[Learning]) -> str:
    """Return what the newest check found, in a line; empty where there is none."""
    if not learnings:
        return ""
    cells = [cell for cell in _cells(learnings[0], learnings[-1]) if cell]
    if not cells:
        return ""
    return t("learning.line", iteration=learnings[-1].iter, found=" · ".join(cells))


def _cells(before: Learning, now: Learning) -> Iterator[str]:
    if now.known is not None and now.known.asked:
        cell = t("learning.cell_known", known=now.known.count, asked=now.known.asked)
        if now is not before and before.known is not None:
            cell += t("learning.cell_before", before=before.known.count)
        yield cell
    if now.tests:
        right = sum(test.right for test in now.tests)
        yield t("learning.cell_tests", right=right, asked=len(now.tests))
    if now.kept is not None and now.kept.asked:
        kept = {"kept": now.kept.of_base_right, "of": now.kept.base_right}
        key = "cell_kept" if is_measurable(now.kept) else "cell_kept_unknown"
        yield t(f"learning.{key}", **kept)
    if now.held_out is not None:
        yield t("learning.cell_held_out", loss=f"{now.held_out:.2f}")


def draw_learning(learnings: Sequence[Learning], width: int) -> Iterator[Text]:
    """Yield the table of all checks, what is not known, and the verdict."""
    if not learnings:
        return
    yield Text()
    yield Text(" " + t("learning.title"), "bold")
    yield from _table(learnings)
    best = recommended(learnings)
    if best is not None and len(learnings) > 2:
        yield Text(" " + t("learning.recommended", name=f"iter_{best}"), ACCENT)
    yield from draw_verdict(learnings, width)


def draw_verdict(learnings: Sequence[Learning], width: int) -> Iterator[Text]:
    """Yield what was learned and what was not, in sentences."""
    for notice in judge(learnings):
        lines = wrap(in_words(notice), width - 4)
        yield from (Text(("   " if n else " · ") + line) for n, line in enumerate(lines))
    unknown = learnings[-1].known.unknown if learnings and learnings[-1].known else ()
    if unknown and len(learnings) > 1:
        named = ", ".join(str(row + 1) for row in unknown[:_NAMED_ROWS])
        more = ", ..." if len(unknown) > _NAMED_ROWS else ""
        yield Text("   " + t("learning.not_known", rows=named + more), "dim")


def _table(learnings: Sequence[Learning]) -> Iterator[Text]:
    columns = [_column(name, learnings) for name in ("checkpoint", *_VALUES)]
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
    return [head, *(_VALUES[name](each) for each in learnings)]


def _known(each: Learning) -> str:
    return f"{each.known.count}/{each.known.asked}" if each.known and each.known.asked else ""


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


_VALUES = {
    "known": _known,
    "tests": _tests,
    "kept": _kept,
    "wording": _wording,
    "held_out": _held_out,
}
