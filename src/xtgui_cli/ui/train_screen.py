"""The lines of the live screen: a pure function of a view and a size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from ..runs.log_tail import without_warnings
from ..runs.progress import RECENT
from ..runs.series import finite, smooth
from ..runs.snapshot import Evaluation, Snapshot, State
from ..runs.training_process import LOG_MARK
from ..texts import t
from . import train_words as words
from .console import ACCENT, in_words
from .learning_view import course_line, learning_lines
from .plots import MARK, POINT, SECOND, Iterations, draw_curve
from .train_lines import plan_line
from .units import duration
from .wrap import one_line, pad, wrap

_LOG_LINES = 60
"""How many of the newest log lines are considered; the last that fit are shown."""
_LEAST_CURVE = 5
"""Below this many lines the loss has no legend."""
_WIDE = 120
"""From this width on, the learning rate has its own curve beside the loss."""

DrawCurves = Callable[[Snapshot, int, int], list[Text]]
"""Draws the curves of a run into a width and a height: `draw_curves`, or a cache of it."""


@dataclass(frozen=True)
class View:
    """Everything that a screen is drawn from."""

    project: str
    snapshot: Snapshot
    state: State
    now: float
    """Seconds since the epoch."""
    started_at: float
    """When this start began, in seconds since the epoch."""
    log_lines: Sequence[str] = ()
    """Newest last, not yet cleaned."""
    shows_log: bool = False
    """Whether the log has the whole screen."""
    shows_help: bool = False
    """Whether an explanation of the screen is shown instead."""
    note: str = ""
    """A message to show instead of the keys."""
    is_partial: bool = False
    """Whether the snapshot lacks the middle of the run, so that no curve can be drawn from it."""
    stalled: str = ""
    """A warning that the run has been silent for long, with what to try; empty otherwise."""


def draw_screen(view: View, width: int, height: int, curves: DrawCurves) -> list[Text]:
    """Return exactly *height* lines, none wider than *width* cells."""
    head = [_header(view, width), _bar(view, width), _numbers(view, width)]
    foot = [_keys(view, width)]
    room = height - len(head) - len(foot)
    if view.shows_help:
        body = _help(width, room)
    elif view.shows_log:
        body = _log(view.log_lines, width, room)
    else:
        body = _body(view, width, room, curves)
    lines = [*head, *body, *foot]
    if len(lines) > height:
        lines = [*lines[: height - 1], foot[0]]
    return [_cut(line, width) for line in lines]


def _body(view: View, width: int, room: int, curves: DrawCurves) -> list[Text]:
    """Divide the space: the curve gets what answers, news and log leave, at least five lines."""
    log_count = max(1, min(8, (room - 14) // 3 + 1))
    answer_count = max(2, min(12, (room - 8) // 3))
    answers = _answers(view.snapshot.evaluation, width, answer_count)
    newest = without_warnings(list(view.log_lines)[-_LOG_LINES:])
    log = [*_learned(view, width), *_news(view, width), *_log(newest, width, log_count)]
    below = [Text(), *answers, Text(), *log] if answers else [Text(), *log]
    curve_height = room - 1 - len(below)
    if curve_height < 5:
        below = below[: max(0, room - 6)]
        curve_height = room - 1 - len(below)
    if view.is_partial:
        return [Text(), *_in_the_middle(t("train.reading_history"), width, curve_height), *below]
    return [Text(), *curves(view.snapshot, width, curve_height), *below]


def _header(view: View, width: int) -> Text:
    snapshot = view.snapshot
    parts = [one_line(view.project), snapshot.method, words.model_name(snapshot)]
    title = " " + " · ".join(part for part in parts if part)
    is_over = view.state not in ("starting", "running", "stopping")
    seconds = (snapshot.last_at if is_over else view.now) - view.started_at
    right = f"{words.state_word(snapshot, view.state)} {duration(seconds)} "
    room = width - cell_len(right) - 1
    text = Text(_shorten(title, room), "bold")
    text.append(" " * (width - text.cell_len - cell_len(right)))
    return text.append(right, ACCENT if view.state in ("running", "finished") else "bold")


def _bar(view: View, width: int) -> Text:
    snapshot = view.snapshot
    right = ""
    if snapshot.total:
        count = str(snapshot.iteration).rjust(len(str(snapshot.total)))
        right = f" {count}/{snapshot.total}  {words.epoch(snapshot)} "
    length = max(0, width - 1 - cell_len(right))
    done = min(length, length * snapshot.iteration // snapshot.total) if snapshot.total else 0
    return Text.assemble(
        " ", ("━" * done, ACCENT), ("─" * (length - done), "dim"), right, no_wrap=True
    )


def _numbers(view: View, width: int) -> Text:
    snapshot = view.snapshot
    if snapshot.loss is None:
        return Text(f" {plan_line(snapshot)}", "dim")
    cells = [
        pad(t("train.loss", loss=words.loss_with_trend(snapshot)), 14),
        words.token_accuracy(snapshot),
        t("train.left", time=words.left(snapshot, view.now)),
        words.pace(snapshot.iteration_s),
        words.memory(snapshot),
        f"lr {words.learning_rate(snapshot.lr)}",
    ]
    cells = [cell for cell in cells if cell]
    while len(cells) > 1 and cell_len("   ".join(cells)) > width - 2:
        cells.pop()
    return Text(" " + "   ".join(cells))


def draw_curves(snapshot: Snapshot, width: int, height: int) -> list[Text]:
    """Draw the loss, and beside it the learning rate where there is room for both."""
    if not snapshot.losses:
        return _in_the_middle(t("train.no_curve_yet"), width, height)
    end = axis_end(snapshot.iteration, snapshot.total)
    marks = tuple(saved.iteration for saved in snapshot.checkpoints)
    iterations = Iterations(end, marks)
    losses, held_out = smooth(snapshot.losses, RECENT), finite(snapshot.held_out)
    if width < _WIDE:
        legend = [loss_title(snapshot)] if height > _LEAST_CURVE else []
        rows = height - len(legend)
        curve = draw_curve(losses, width - 2, rows, iterations=iterations, second=held_out)
        return [*legend, *_indent(curve)]
    left_width = (width - 4) * 3 // 5
    left = draw_curve(losses, left_width, height - 1, iterations=iterations, second=held_out)
    right = draw_curve(snapshot.lrs, width - 4 - left_width, height - 1, iterations=iterations)
    titles = beside([loss_title(snapshot)], [Text(t("train.lr_title"), "dim")], left_width + 3)
    return [*titles, *_indent(beside(left, right, left_width + 1))]


def _in_the_middle(sentence: str, width: int, height: int) -> list[Text]:
    """Return *height* lines, all empty except for a sentence in the middle."""
    lines = [Text()] * max(0, height)
    if lines:
        indent = max(0, (width - cell_len(sentence)) // 2)
        lines[height // 2] = Text(" " * indent + sentence, "dim")
    return lines


def loss_title(snapshot: Snapshot) -> Text:
    """Return the legend above the loss: which line is which, and what the marks mean."""
    title = Text("  ", no_wrap=True).append(t("train.loss_title"), "dim")
    if finite(snapshot.held_out):
        title.append(f"   {POINT} ", SECOND).append(t("train.held_out_title"), "dim")
    if snapshot.checkpoints:
        title.append(f"   {MARK} {t('train.checkpoint_mark')}", "dim")
    return title


def axis_end(iteration: int, total: int | None) -> int:
    """Return where the iteration axis ends: it doubles up to the full run, so it seldom jumps."""
    if total is None:
        return iteration
    end = total
    while end > 2 * max(iteration, 10):
        end = -(-end // 2)
    return end


def beside(left: Sequence[Text], right: Sequence[Text], offset: int) -> list[Text]:
    """Put two blocks of as many lines beside each other, the right one at *offset* cells."""
    return [
        Text.assemble(a, " " * max(0, offset - a.cell_len), b)
        for a, b in zip(left, right, strict=True)
    ]


def _answers(evaluation: Evaluation | None, width: int, count: int) -> list[Text]:
    """Return questions and answers in at most *count* lines, which the answers share."""
    if evaluation is None or not evaluation.answers:
        return []
    shown = evaluation.answers[: max(1, count // 2)]
    each = max(1, count // len(shown) - 1)
    lines: list[Text] = []
    for number, answer in enumerate(shown):
        right = t("train.at_iteration", iteration=evaluation.iteration) if number == 0 else ""
        question = _shorten(one_line(answer.question), width - 5 - cell_len(right))
        head = Text.assemble((" Q ", "bold"), question)
        head.append(" " * max(1, width - 1 - head.cell_len - cell_len(right)) + right, "dim")
        lines.append(head)
        wrapped = wrap(one_line(answer.answer), width - 4)
        body = wrapped[:each]
        if len(wrapped) > each:
            body[-1] = _shorten(body[-1] + " …", width - 4, always=True)
        for place, text in enumerate(body):
            lead = (" A ", f"bold {ACCENT}") if place == 0 else "   "
            lines.append(Text.assemble(lead, text))
    return lines


def _learned(view: View, width: int) -> list[Text]:
    """Return what the latest check found, and where the run ends because of it."""
    lines = learning_lines(view.snapshot.checks, width - 2)
    if early := words.early_end(view.snapshot, view.state):
        lines.append(early)
    return [Text(f" {line}", ACCENT) for line in lines]


def _news(view: View, width: int) -> list[Text]:
    """Return the latest news the user may have missed: a warning, or the last checkpoint."""
    snapshot = view.snapshot
    warning = view.stalled
    if not warning:
        warning = in_words(snapshot.waiting) if snapshot.waiting else course_line(snapshot.course)
    if not warning and snapshot.warnings:
        warning = in_words(snapshot.warnings[-1])
    if warning:
        lines = enumerate(wrap(warning, width - 4))
        return [Text(f" {' ' if number else '!'} {part}", "yellow") for number, part in lines]
    if snapshot.checkpoints:
        saved = snapshot.checkpoints[-1]
        return [Text(f" ✓ {words.saved_line(saved, snapshot.kept)}")]
    return []


def _log(lines: Sequence[str], width: int, count: int) -> list[Text]:
    """Return the last *count* lines of the log, padded to that number so that nothing moves."""
    printed = [line for line in lines if not line.startswith(LOG_MARK)]
    shown = [one_line(line) for line in printed[-count:]] if count > 0 else []
    drawn = [Text(f" {_shorten(line, width - 2)}", "dim") for line in shown]
    return [*drawn, *[Text()] * (count - len(drawn))]


def _keys(view: View, width: int) -> Text:
    if view.note:
        return Text(f" {view.note}", "bold")
    text = Text(" ")
    shows_log = view.shows_log and not view.shows_help
    keys = {
        "d": "train.key.leave",
        "s": "train.key.stop",
        "l": "train.key.back" if shows_log else "train.key.log",
        "?": "train.key.back" if view.shows_help else "train.key.help",
    }
    for key, label in keys.items():
        text.append(key, f"bold {ACCENT}").append(f" {t(label)}   ")
    return text


def _help(width: int, count: int) -> list[Text]:
    lines = ["", *wrap(t("train.screen_help", mark=MARK), min(width, 100) - 4)]
    return [Text(f"  {line}") for line in [*lines, *[""] * count][:count]]


def _indent(lines: Sequence[Text]) -> list[Text]:
    return [Text.assemble(" ", line) for line in lines]


def _shorten(text: str, width: int, *, always: bool = False) -> str:
    """Cut *text* to *width* cells, with a mark if something is missing."""
    if cell_len(text) <= width and not always:
        return text
    return set_cell_size(text.removesuffix(" …"), min(width - 1, cell_len(text))).rstrip() + "…"


def _cut(line: Text, width: int) -> Text:
    if line.cell_len > width:
        line = line.copy()
        line.truncate(width, overflow="ellipsis")
    return line
