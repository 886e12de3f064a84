"""Shows a finished or unfinished run: its curves, its numbers, its answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.text import Text

from ..runs.progress import RECENT
from ..runs.series import curve_numbers, smooth
from ..runs.snapshot import Evaluation, Snapshot, State
from ..texts import t
from . import train_words as words
from .console import ACCENT
from .plots import Iterations, draw_curve
from .train_screen import beside, loss_title
from .units import duration
from .wrap import cut, pad, wrap

_WIDE = 120
_ANSWER_LINES = 3


@dataclass(frozen=True)
class Results:
    """The data of the curves and the numbers above the answers."""

    project: str
    snapshot: Snapshot
    state: State | None
    """None if unknown, since xtgui did not start the run."""
    checkpoints: tuple[str, ...]
    """Those on disk."""


def draw_overview(results: Results, width: int, height: int) -> Iterator[Text]:
    """Yield the heading, both curves and the numbers; *height* is the terminal's."""
    snapshot = results.snapshot
    yield Text()
    yield _heading(results)
    yield Text()
    if snapshot.losses:
        yield from _curves(snapshot, width, height)
        yield Text()
        yield from _numbers(results)
    if results.checkpoints:
        names = t("train.on_disk", names=", ".join(results.checkpoints))
        yield from (Text(f" {line}") for line in wrap(names, width - 2))


def _heading(results: Results) -> Text:
    snapshot = results.snapshot
    text = Text(" ")
    name = " · ".join(
        part for part in (results.project, snapshot.method, words.model_name(snapshot)) if part
    )
    text.append(name, "bold")
    if results.state is not None:
        text.append(f" · {words.state_word(snapshot, results.state)}", ACCENT)
    return text


def _curves(snapshot: Snapshot, width: int, height: int) -> Iterator[Text]:
    losses = smooth(snapshot.losses, RECENT)
    end = losses[-1].iteration
    marks = tuple(saved.iteration for saved in snapshot.checkpoints)
    iterations = Iterations(end, marks)
    if width >= _WIDE:
        left_width, rows = (width - 4) // 2, max(8, min(24, height // 2))
        lr_title = Text(t("train.lr_title"), "dim")
        yield from beside([loss_title(snapshot)], [lr_title], left_width + 3)
        left = draw_curve(losses, left_width, rows, iterations=iterations, second=snapshot.held_out)
        right = draw_curve(snapshot.lrs, width - 4 - left_width, rows, iterations=iterations)
        yield from (Text.assemble(" ", line) for line in beside(left, right, left_width + 1))
        return
    for title, points, second, share in (
        (loss_title(snapshot), losses, snapshot.held_out, 3),
        (Text(f"  {t('train.lr_title')}", "dim"), snapshot.lrs, (), 4),
    ):
        yield title
        rows = max(6, min(16, height // share))
        curve = draw_curve(points, width - 2, rows, iterations=iterations, second=second)
        yield from (Text.assemble(" ", line) for line in curve)


def _numbers(results: Results) -> Iterator[Text]:
    snapshot = results.snapshot
    numbers = curve_numbers(snapshot.losses, RECENT)
    if numbers is None:
        yield Text(" " + t("results.no_finite_loss"), "bold red")
        return
    yield Text(
        " "
        + t(
            "results.loss",
            first=words.loss(numbers.first.value),
            last=words.loss(numbers.last.value),
            lowest=words.loss(numbers.lowest.value),
            iteration=numbers.lowest.iteration,
        )
    )
    key = "results.time" if len(snapshot.launches) == 1 else "results.time_starts"
    total = snapshot.total or snapshot.iteration
    yield Text(
        " "
        + t(
            key,
            iteration=snapshot.iteration,
            total=total,
            time=duration(snapshot.trained_s),
            starts=len(snapshot.launches),
        )
    )
    if early := words.early_end(snapshot, results.state or "finished"):
        yield Text(" " + early)


def draw_answers(evaluations: Sequence[Evaluation], width: int, *, in_full: bool) -> Iterator[Text]:
    """Yield the answers by question, across checkpoints, so that changes are visible."""
    names = {evaluation.iteration: _name(evaluation.iteration) for evaluation in evaluations}
    margin = 3 + max((cell_len(name) for name in names.values()), default=0) + 2
    for question in _questions(evaluations):
        yield Text()
        for number, line in enumerate(_fold(_clean(question), width - 4)):
            yield Text.assemble((" Q " if number == 0 else "   ", "bold"), (line, "bold"))
        for evaluation in evaluations:
            for answer in evaluation.answers:
                if answer.question == question:
                    name = names[evaluation.iteration]
                    yield from _answer(name, answer.answer, width, margin, in_full=in_full)
    alike = _all_alike(evaluations)
    if alike is not None:
        yield Text()
        yield Text(" ! " + t("results.all_alike", name=_name(alike)), "yellow")


def _answer(name: str, answer: str, width: int, margin: int, *, in_full: bool) -> Iterator[Text]:
    text = _clean(answer) if in_full else " ".join(_clean(answer).split())
    room = width - margin - 1
    lines = _fold(text, room) or [""]
    if not in_full and len(lines) > _ANSWER_LINES:
        lines = [*lines[: _ANSWER_LINES - 1], cut(lines[_ANSWER_LINES - 1], room - 2) + " …"]
    for number, line in enumerate(lines):
        lead = pad(f"   {name}" if number == 0 else "", margin)
        yield Text.assemble((lead, ACCENT), line)


def _fold(text: str, width: int) -> list[str]:
    """Break a text into lines; a model's answer may contain words that are wider than a line."""
    return [part for line in wrap(text, width) for part in chop_cells(line, max(width, 2)) or [""]]


def _questions(evaluations: Sequence[Evaluation]) -> list[str]:
    asked = [answer.question for evaluation in evaluations for answer in evaluation.answers]
    return list(dict.fromkeys(asked))


def _all_alike(evaluations: Sequence[Evaluation]) -> int | None:
    """Return the last iteration if different questions get the same answer there.

    The loss curve of the training data cannot show that: it falls as the model memorizes.
    """
    if len(evaluations) < 2:
        return None
    first, last = (
        {answer.answer.strip() for answer in evaluation.answers}
        for evaluation in (evaluations[0], evaluations[-1])
    )
    is_asked = len(_questions(evaluations[-1:])) > 1
    return evaluations[-1].iteration if is_asked and len(last) == 1 and len(first) > 1 else None


def _name(iteration: int) -> str:
    return t("results.before") if iteration == 0 else f"iter_{iteration}"


def _clean(text: str) -> str:
    """Return an answer without surrounding blanks, and without half a character at its end."""
    whole = text.expandtabs(4).strip().rstrip("\ufffd")
    return "\n".join(line.rstrip() for line in whole.split("\n"))
