"""Step 5: what came of the training: curves over all starts, and answers at every checkpoint."""

from __future__ import annotations

import re
from pathlib import Path

from ..runs.progress import RECENT, Progress
from ..runs.run_reader import FollowedRun
from ..runs.series import Point, curve_numbers, smooth
from ..runs.snapshot import Evaluation, Snapshot
from ..runs.xtuner_logs import events_from_logs
from ..shared.errors import Exit, XtguiError
from ..shared.events import EventReader
from ..shared.run_folder import RunFolder, list_checkpoints
from ..ui.console import out, say
from ..ui.json_output import print_json

_CHECKPOINT = re.compile(r"(?:iter_)?(\d+)(?:\.pth)?")


def run(root: Path, checkpoint: str | None, as_json: bool, png: Path | None = None) -> Exit:
    """Show curves and answers; of one checkpoint, its answers in full; or draw a picture.

    Raises — XtguiError "results.nothing_here", "results.no_answers_at".
    """
    folder = RunFolder(root)
    progress = _progress(folder)
    snapshot = progress.snapshot()
    if not snapshot.losses and not progress.evaluations:
        raise XtguiError("results.nothing_here", Exit.ANSWERS, path=folder.root)
    evaluations = [progress.evaluations[at] for at in sorted(progress.evaluations)]
    if checkpoint is not None:
        evaluations = [_at(evaluations, checkpoint)]
    if png is not None:
        from .results_png import write

        out().print(str(write(folder, snapshot, png)), soft_wrap=True)
        return Exit.DONE
    if as_json:
        print_json(_as_data(folder, snapshot, evaluations))
        return Exit.DONE
    _show(folder, snapshot, evaluations, is_one=checkpoint is not None)
    return Exit.DONE


def _progress(folder: RunFolder) -> Progress:
    progress = Progress()
    if not progress.add_all(EventReader(folder.events_file)()):
        progress.add_all(events_from_logs(folder))
    return progress


def _at(evaluations: list[Evaluation], checkpoint: str) -> Evaluation:
    match = _CHECKPOINT.fullmatch(checkpoint)
    for evaluation in evaluations:
        if match and evaluation.iteration == int(match[1]):
            return evaluation
    there = ", ".join(f"iter_{evaluation.iteration}" for evaluation in evaluations) or "-"
    raise XtguiError("results.no_answers_at", Exit.ANSWERS, name=checkpoint, there=there)


def _show(
    folder: RunFolder, snapshot: Snapshot, evaluations: list[Evaluation], is_one: bool
) -> None:
    from ..ui.results import Results, draw_answers, draw_overview

    run = FollowedRun(folder)
    run.update()
    console = out()
    results = Results(
        project=folder.root.resolve().name,
        snapshot=snapshot,
        state=run.state if run.snapshot().run_id else None,
        checkpoints=tuple(saved.name for saved in list_checkpoints(folder.work_dir)),
    )
    if not is_one:
        for line in draw_overview(results, console.width, console.height):
            console.print(line)
    for line in draw_answers(evaluations, console.width, in_full=is_one):
        console.print(line)
    if not is_one and evaluations:
        say("results.one_checkpoint", name=f"iter_{evaluations[-1].iteration}")


def _as_data(
    folder: RunFolder, snapshot: Snapshot, evaluations: list[Evaluation]
) -> dict[str, object]:
    numbers = curve_numbers(snapshot.losses, RECENT)
    return {
        "run_id": snapshot.run_id,
        "method": snapshot.method,
        "model": snapshot.model,
        "iteration": snapshot.iteration,
        "total": snapshot.total,
        "trained_s": round(snapshot.trained_s, 3),
        "starts": [
            {"at": start.at, "resumed_from": start.resumed_from, "lasted_s": start.lasted_s}
            for start in snapshot.starts
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
        },
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
