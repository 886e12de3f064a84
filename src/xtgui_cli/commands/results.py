"""Step 5: the results of the training: curves over all starts, and answers at every checkpoint."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..project import run_report
from ..project.engine_environment import find_engine
from ..project.outcome import Outcome
from ..runs.progress import RECENT
from ..runs.run_reader import RunReader
from ..runs.series import Point, curve_numbers, finite, smooth
from ..runs.snapshot import Evaluation, Snapshot, State
from ..runs.training_process import engine_command, engine_environment
from ..runs.xtuner_logs import read_progress
from ..shared.errors import Exit, XtguiError
from ..shared.interpreters import run_apart
from ..shared.learning import recommended
from ..shared.run_folder import Checkpoint, RunFolder, list_checkpoints
from ..texts import in_english, t
from ..ui.console import ACCENT, out, say, talk
from ..ui.json_output import print_json

_PNG = b"\x89PNG"
_LONGEST_S = 120


@dataclass(frozen=True, kw_only=True)
class ResultsRequest:
    """Which run to show, and how."""

    root: Path
    """The project's folder."""
    checkpoint: str | None = None
    """Show only the answers at this checkpoint, in full."""
    as_json: bool = False
    """Print one JSON object."""
    png: Path | None = None
    """A file to draw the curves into."""
    says_next: bool = True
    """Whether to say what to do next."""


def run(request: ResultsRequest) -> Exit:
    """Show curves and answers; or the answers of one checkpoint in full; or draw a picture.

    Raises:
        XtguiError: "results.nothing_here", "results.no_answers_at".
    """
    folder = RunFolder(request.root)
    progress = read_progress(folder)
    snapshot = progress.snapshot()
    if not snapshot.losses and not progress.evaluations:
        raise XtguiError("results.nothing_here", Exit.ANSWERS, path=folder.root)
    evaluations = [progress.evaluations[at] for at in sorted(progress.evaluations)]
    if request.checkpoint is not None:
        evaluations = [_at(evaluations, request.checkpoint)]
    if request.png is not None:
        out().print(str(_write_png(folder, snapshot, request.png)), soft_wrap=True)
        return Exit.DONE
    if request.as_json:
        print_json(_as_data(folder, snapshot, evaluations))
        return Exit.DONE
    _show(request, snapshot, evaluations)
    return Exit.DONE


def _at(evaluations: list[Evaluation], checkpoint: str) -> Evaluation:
    wanted = Checkpoint.parse(checkpoint).iter
    for evaluation in evaluations:
        if evaluation.iteration == wanted:
            return evaluation
    there = ", ".join(f"iter_{evaluation.iteration}" for evaluation in evaluations) or "-"
    raise XtguiError("results.no_answers_at", Exit.ANSWERS, name=checkpoint, there=there)


def _show(request: ResultsRequest, snapshot: Snapshot, evaluations: list[Evaluation]) -> None:
    from ..ui.learning_view import draw_learning
    from ..ui.results_view import Results, draw_answers, draw_overview

    folder, is_one = RunFolder(request.root), request.checkpoint is not None
    console, state = out(), _state(folder)
    results = Results(
        project=folder.root.resolve().name,
        snapshot=snapshot,
        state=state,
        checkpoints=tuple(saved.name for saved in list_checkpoints(folder.work_dir)),
    )
    outcome = Outcome(folder, snapshot, state or "finished")
    if not is_one:
        for line in draw_overview(results, console.width, console.height):
            console.print(line)
        for line in draw_learning(snapshot.learnings):
            console.print(line)
        run_report.say_verdict(outcome)
    for line in draw_answers(evaluations, console.width, in_full=is_one):
        console.print(line)
    if is_one:
        return
    if evaluations:
        say("results.one_checkpoint", name=f"iter_{evaluations[-1].iteration}")
    if request.says_next and outcome.step is not None:
        talk().print()
        run_report.say_next(outcome)


def _state(folder: RunFolder) -> State | None:
    """Return the state of the run; None if xtgui did not start it."""
    run = RunReader(folder)
    run.update()
    return run.state if run.snapshot().run_id else None


def _as_data(
    folder: RunFolder, snapshot: Snapshot, evaluations: list[Evaluation]
) -> dict[str, object]:
    numbers = curve_numbers(snapshot.losses, RECENT)
    outcome = Outcome(folder, snapshot, _state(folder) or "finished")
    return {
        "run_id": snapshot.run_id,
        "method": snapshot.method,
        "model": snapshot.model,
        "iteration": snapshot.iteration,
        "total": snapshot.total,
        "planned_total": snapshot.planned_total,
        "ends_early": snapshot.ends_early or None,
        "trained_s": round(snapshot.trained_s, 3),
        "starts": [
            {"at": start.at, "resumed_from": start.resumed_from, "lasted_s": start.lasted_s}
            for start in snapshot.launches
        ],
        "loss": {
            "first": numbers.first.value if numbers else None,
            "last": numbers.last.value if numbers else None,
            "lowest": numbers.lowest.value if numbers else None,
            "lowest_iteration": numbers.lowest.iteration if numbers else None,
        },
        "curves": {
            "loss": _pairs(snapshot.losses),
            "loss_smoothed": _pairs(smooth(snapshot.losses, RECENT)),
            "lr": _pairs(snapshot.lrs),
            "held_out": _pairs(snapshot.held_out),
            "token_accuracy": _pairs(snapshot.token_accuracies),
        },
        "learning": [learning.to_event() for learning in snapshot.learnings],
        "recalls": [check.to_event() for check in snapshot.recalls],
        "recommended": recommended(snapshot.learnings),
        "not_known": [{"row": row, "question": question} for row, question in outcome.unknown],
        "loss_course": outcome.course.kind,
        "verdict": run_report.verdict_as_data(outcome),
        "next": run_report.step_as_data(outcome),
        "checkpoints": [saved.name for saved in list_checkpoints(folder.work_dir)],
        "evaluations": [
            {
                "iteration": evaluation.iteration,
                "answers": [
                    {"question": answer.question, "answer": answer.answer}
                    for answer in evaluation.answers
                ],
            }
            for evaluation in evaluations
        ],
    }


def _pairs(points: tuple[Point, ...] | list[Point]) -> list[tuple[int, float]]:
    return [(point.iteration, point.value) for point in points]


# --- as a picture ----------------------------------------------------------------------------


def _write_png(folder: RunFolder, snapshot: Snapshot, path: Path) -> Path:
    """Draw the curves of a run into *path* and return it, absolute.

    An existing picture is replaced, any other file is not.

    Raises:
        XtguiError: "results.png_name", "results.png_taken", "results.png_failed", and those of
            `find_engine`.
    """
    target = path.expanduser().absolute()
    _require_picture(target)
    request = {
        "path": str(target),
        "loss": _pairs(finite(snapshot.losses)),
        "smoothed": _pairs(finite(smooth(snapshot.losses, RECENT))),
        "held_out": _pairs(finite(snapshot.held_out)),
        "lr": _pairs(finite(snapshot.lrs)),
        "checkpoints": [saved.iter for saved in list_checkpoints(folder.work_dir)],
        "words": _png_words(folder, snapshot),
        "plain_words": in_english(lambda: _ascii(_png_words(folder, snapshot))),
    }
    with talk().status(t("results.png_drawing"), spinner_style=ACCENT):
        _draw(request, target)
    return target


def _draw(request: dict[str, Any], target: Path) -> None:
    try:
        done = run_apart(
            engine_command(find_engine(), "draw"),
            engine_environment(),
            input=json.dumps(request),
            encoding="utf-8",
            timeout=_LONGEST_S,
        )
        said = "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["?"])[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        said = getattr(error, "strerror", None) or str(error)
    if said:
        raise XtguiError("results.png_failed", Exit.FAILED, path=target, reason=said)


def _require_picture(target: Path) -> None:
    if target.suffix.lower() != ".png":
        raise XtguiError("results.png_name", Exit.ANSWERS, path=target)
    if not target.parent.is_dir():
        raise XtguiError("results.png_no_folder", Exit.ANSWERS, folder=target.parent)
    if not target.exists():
        return
    is_picture = target.is_file() and not target.is_symlink()
    if is_picture:
        with target.open("rb") as file:
            is_picture = file.read(len(_PNG)) in (_PNG, b"")
    if not is_picture:
        raise XtguiError("results.png_taken", Exit.ANSWERS, path=target)


def _png_words(folder: RunFolder, snapshot: Snapshot) -> dict[str, str]:
    facts = (folder.root.resolve().name, snapshot.method, Path(snapshot.model).name)
    return {
        "title": " · ".join(fact for fact in facts if fact),
        "loss": t("results.png_loss"),
        "smoothed": t("results.png_smoothed", count=RECENT),
        "held_out": t("train.held_out_title"),
        "lr": t("results.png_lr"),
        "iteration": t("results.png_iteration"),
    }


def _ascii(words: dict[str, str]) -> dict[str, str]:
    plain = {name: text.replace("·", "-") for name, text in words.items()}
    return {name: text.encode("ascii", "replace").decode() for name, text in plain.items()}
