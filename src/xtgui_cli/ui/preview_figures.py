"""Draws what a whole data file becomes: a histogram of lengths, and the figures of training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ..data.survey import Survey
from ..planning.length_stats import QUANTILES, Bar, histogram, quantile
from ..planning.plan import Plan
from ..planning.reasons import percent
from ..texts import t
from .console import ACCENT, out
from .panels import Row, show_notes, show_rows, show_title
from .preview_rows import WIDEST

_BLOCK = "#"
_LEAST_SHARE = 0.0005
"""A smaller share would read as 0.0 %."""
_NAMED = 10
"""How many of the left-out rows are listed."""


@dataclass(frozen=True)
class Figures:
    """What is drawn."""

    survey: Survey
    plan: Plan
    limit: int
    """Where rows are cut; a planned pack may be shorter, but never shorter than the longest row."""


def show_figures(figures: Figures, advice: Sequence[str], console: Console | None = None) -> None:
    """Print the whole file's figures; *advice* is a list of sentences about problems."""
    console = console or out()
    show_title(console, t("preview.lengths_title"))
    console.print()
    width = min(console.width, WIDEST)
    ordered = sorted(figures.survey.measured.lengths)
    max_length = figures.plan.max_length
    for line in draw_histogram(histogram(ordered, max_length), max_length, width):
        console.print(line, soft_wrap=True)
    console.print()
    show_rows(console, _summary(figures, ordered), indent=1)
    if advice:
        console.print()
        show_notes(console, advice, style="yellow")
    console.print()


def draw_histogram(bars: Sequence[Bar], max_length: int, width: int) -> list[Text]:
    """Return one line per bar and one at max_length, none wider than *width* cells."""
    most = max((bar.rows for bar in bars), default=0)
    names = [(f"{bar.first:,}", f"{bar.last:,}", f"{bar.rows:,}") for bar in bars]
    first, last, rows = (max(map(len, column), default=0) for column in zip(*names, strict=True))
    head = (t("preview.lengths_unit"), t("preview.lengths_rows"))
    span = max(first + 3 + last, cell_len(head[0]))
    rows = max(rows, cell_len(head[1]))
    room = max(width - span - rows - 6, 8)
    lines = [Text(f" {_right(head[0], span)}  {_right(head[1], rows)}", "dim")]
    mark = _mark(bars, max_length)
    for bar, (low, high, count) in zip(bars, names, strict=True):
        if bar.first == mark:
            lines.append(_limit_line("preview.limit", max_length, width))
        is_cut = bar.first > max_length
        filled = round(bar.rows / most * room) if most else 0
        block = _BLOCK * max(filled, 1 if bar.rows else 0)
        name = f"{low:>{first}} - {high:>{last}}".rjust(span)
        style = "yellow" if is_cut else ACCENT
        lines.append(Text.assemble(f" {name}  {count:>{rows}}  ", (block, style)))
    if mark is None:
        lines.append(_limit_line("preview.limit_above", max_length, width))
    for line in lines:
        line.rstrip()
    return lines


def _mark(bars: Sequence[Bar], max_length: int) -> int | None:
    """Return the first length of the bar that max_length precedes; None if it follows all bars."""
    return next((bar.first for bar in bars if bar.first > max_length), None)


def _limit_line(key: str, max_length: int, width: int) -> Text:
    text = t(key, max_length=max_length)
    return Text(f" -- {text} {'-' * max(width - cell_len(text) - 6, 0)}", "dim")


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text


def _summary(figures: Figures, ordered: Sequence[int]) -> list[Row]:
    survey = figures.survey
    lines = {
        "preview.name_rows": [
            t(
                "preview.rows_line",
                rows=survey.measured.rows,
                tokens=survey.tokens,
                trained=survey.trained,
                percent=_share(survey.trained, survey.tokens),
            )
        ],
        "preview.name_length": [_length_line(ordered)],
        "preview.name_cut": [_cut_line(survey)],
        "preview.name_vanishing": [_vanishing_line(survey)],
    }
    if figures.plan.samples:
        lines |= {
            "preview.name_packing": _packing_lines(figures),
            "preview.name_epoch": [
                _epoch_line(figures.plan),
                *_other_rows(figures.plan),
                _accumulated(figures),
            ],
            "preview.name_run": [_run_line(figures.plan)],
        }
    return [Row(t(name), said) for name, said in lines.items()]


def _length_line(ordered: Sequence[int]) -> str:
    median, p90, p99, longest = (quantile(ordered, share) for share in QUANTILES)
    return t("preview.length_line", median=median, p90=p90, p99=p99, longest=longest)


def _cut_line(survey: Survey) -> str:
    if not survey.cut_rows:
        return t("preview.cut_none")
    return t(
        "preview.cut_line",
        rows=survey.cut_rows,
        all=survey.measured.rows,
        percent=_share(survey.cut_rows, survey.measured.rows),
        share=_share(survey.trained_cut, survey.trained),
    )


def _vanishing_line(survey: Survey) -> str:
    count = len(survey.vanishing)
    if not count:
        return t("preview.vanishing_none")
    names = ", ".join(f"{number}" for number in survey.vanishing[:_NAMED])
    if count > _NAMED:
        names = t("preview.and_more", names=names)
    return t(
        "preview.vanishing_line",
        count=count,
        all=survey.measured.rows,
        percent=_share(count, survey.measured.rows),
        names=names,
    )


def _packing_lines(figures: Figures) -> list[str]:
    lines = [_packing_line(figures.plan)]
    if figures.plan.max_length < figures.limit:
        lines.append(t("preview.packed_shorter", limit=figures.limit))
    return lines


def _packing_line(plan: Plan) -> str:
    if not plan.pack_to_max_length:
        return t("preview.apart_line")
    if not plan.lost_share:
        return t("preview.packed_all_line", length=plan.max_length)
    lost = percent(plan.lost_share) if plan.lost_share >= _LEAST_SHARE else "< 0.1"
    return t("preview.packed_line", length=plan.max_length, percent=lost)


def _epoch_line(plan: Plan) -> str:
    steps = plan.iters_per_epoch / plan.accumulative_counts
    return t(
        "preview.epoch_line",
        samples=plan.samples,
        iters=plan.iters_per_epoch,
        steps=f"{steps:,.1f}".removesuffix(".0"),
    )


def _other_rows(plan: Plan) -> list[str]:
    """Return sentences about samples beyond the file's rows, and about rows left out."""
    counts = {
        "preview.repeated": plan.repeat_rows if plan.repeat_rows > 1 else 0,
        "preview.general": plan.general_rows,
        "preview.held_out": plan.held_out_rows,
    }
    return [t(key, count=count) for key, count in counts.items() if count]


def _accumulated(figures: Figures) -> str:
    return t(
        "preview.accumulated",
        batch=figures.plan.batch_size,
        accumulation=figures.plan.accumulative_counts,
    )


def _run_line(plan: Plan) -> str:
    return t(
        "preview.run_line",
        epochs=plan.max_epochs,
        iters=plan.total_iters,
        steps=plan.optimizer_steps,
    )


def _share(part: int, whole: int) -> str:
    return percent(part / whole if whole else 0.0)
