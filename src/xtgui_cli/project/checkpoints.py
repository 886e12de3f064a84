"""Which checkpoint is meant: to resume from, or to convert."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..runs.progress import Progress
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.events import EventReader
from ..shared.json_values import count, text
from ..shared.learning import Learning, recommended
from ..shared.run_folder import (
    Checkpoint,
    NotACheckpointError,
    RunFolder,
    latest_checkpoint,
    list_checkpoints,
)
from ..shared.schedule_restarts import read_restarts


@dataclass(frozen=True)
class ResumePoint:
    """A checkpoint to resume from, and what the events say about its run."""

    checkpoint: Checkpoint
    run_id: str | None
    """None if xtgui has not trained here."""
    is_at_the_end: bool
    """Whether no iteration is left after it, as the engine counted."""
    iters_per_epoch: int | None = None
    """As the engine counted; None if it has not."""


def find_resume_point(folder: RunFolder, spelling: str = "") -> ResumePoint:
    """Return where training resumes.

    Args:
        folder: The project.
        spelling: As in `Checkpoint.parse`, "" for the latest checkpoint.

    Raises:
        NotACheckpointError: If it does not name a checkpoint.
        XtguiError: "train.no_checkpoint" if the project has none, "train.checkpoint_gone" if it
            does not have this one, with those that it has, "train.restarts_unreadable".
    """
    try:
        wanted = Checkpoint.parse(spelling, folder.work_dir).path.resolve() if spelling else None
    except NotACheckpointError as error:
        error.hint = Notice("train.resume_from")
        raise
    checkpoint = latest_checkpoint(folder.work_dir)
    if checkpoint is None:
        raise XtguiError("train.no_checkpoint", Exit.ANSWERS, path=folder.work_dir)
    if wanted is not None:
        there = list_checkpoints(folder.work_dir)
        found = next((one for one in there if one.path.resolve() == wanted), None)
        if found is None:
            left = ", ".join(one.name for one in there)
            raise XtguiError("train.checkpoint_gone", Exit.ANSWERS, name=spelling, left=left)
        checkpoint = found
    run_id, total, per_epoch = None, None, None
    for event in EventReader(folder.events_file)():
        if event["event"] == "start":
            run_id = text(event.get("run_id"))
        elif event["event"] == "plan":
            total, per_epoch = count(event.get("total_iters")), count(event.get("iters_per_epoch"))
    restarts = read_restarts(folder.schedule_restarts_file)
    if restarts:  # also if the engine did not get as far as counting
        total = restarts[-1].end
    return ResumePoint(
        checkpoint,
        run_id,
        is_at_the_end=total is not None and checkpoint.iter >= total,
        iters_per_epoch=per_epoch or None,
    )


Why = Literal["named", "recommended", "latest"]


@dataclass(frozen=True)
class CheckpointChoice:
    """A checkpoint to convert, and the names of the folders made from it."""

    path: Path
    label: str
    """"iter_300", or "epoch_2" if the user asked for an epoch."""
    why: Why = "named"
    """Whether the user named it, or why it was chosen."""

    def converted_dir(self, folder: RunFolder) -> Path:
        """Return where its Hugging Face format is."""
        return folder.work_dir / f"xtuner_{self.label}_hf"

    def merged_dir(self, folder: RunFolder) -> Path:
        """Return where the model is that it was merged into."""
        return folder.work_dir / f"xtuner_{self.label}_merge"


def choose_checkpoint(
    folder: RunFolder,
    *,
    epoch: int | None = None,
    iteration: int | None = None,
    spelling: str | Path | None = None,
) -> CheckpointChoice:
    """Return the checkpoint to convert; it is named in at most one way, by default the best.

    The best one is the recommended one, or the latest if that was not checked: a run that was
    stopped has been taught more than its checks know.

    Args:
        folder: The project.
        epoch: The end of this epoch, counted from 1.
        iteration: After so many iterations.
        spelling: "recommended", "latest", as in `Checkpoint.parse`, or the path of any `.pth` file.

    Raises:
        NotACheckpointError: If `spelling` does not name a checkpoint.
        XtguiError: "convert.no_checkpoint", "convert.gone" with those that are left,
            "convert.epoch_unknown", "convert.checkpoint_missing", "convert.none_recommended".
    """
    if isinstance(spelling, Path) or spelling not in (None, "recommended", "latest"):
        return _spelled(folder, spelling)
    latest = latest_checkpoint(folder.work_dir)
    if latest is None:
        raise XtguiError("convert.no_checkpoint", Exit.ANSWERS, folder=folder.work_dir)
    if epoch is not None:
        of_epoch = epoch * _iterations_per_epoch(folder)
        return CheckpointChoice(_there(folder, of_epoch), f"epoch_{epoch}")
    if iteration is not None:
        path = _there(folder, iteration)
        return CheckpointChoice(path, path.stem)
    if spelling == "latest":
        return CheckpointChoice(latest.path, latest.label, "latest")
    checks = _checks(folder)
    best = best_checkpoint(checks, list_checkpoints(folder.work_dir))
    if best is not None and (spelling or latest.iter in {check.iter for check in checks}):
        return CheckpointChoice(best.path, best.label, "recommended")
    if spelling == "recommended":
        raise XtguiError("convert.none_recommended", Exit.ANSWERS, latest=latest.label)
    return CheckpointChoice(latest.path, latest.label, "latest")


def best_checkpoint(
    checks: Collection[Learning], there: Collection[Checkpoint]
) -> Checkpoint | None:
    """Return the recommended one of the existing checkpoints; None if none was checked."""
    by_iteration = {checkpoint.iter: checkpoint for checkpoint in there}
    best = recommended([check for check in checks if check.iter in by_iteration])
    return None if best is None else by_iteration[best]


def _checks(folder: RunFolder) -> tuple[Learning, ...]:
    progress = Progress()
    progress.add_all(EventReader(folder.events_file)())
    return progress.snapshot().learnings


def _spelled(folder: RunFolder, spelling: str | Path) -> CheckpointChoice:
    file = Path(spelling)
    if file.suffix == ".pth" and file.exists():
        return CheckpointChoice(file.resolve(), file.stem)
    named = Checkpoint.parse(spelling, folder.work_dir)
    if named.path.exists():
        return CheckpointChoice(named.path.resolve(), named.label)
    if named.path.parent.resolve() != folder.work_dir.resolve():
        raise XtguiError("convert.checkpoint_missing", Exit.ANSWERS, file=spelling)
    return CheckpointChoice(_there(folder, named.iter), named.label)


def _there(folder: RunFolder, iteration: int) -> Path:
    """Return the checkpoint of an iteration, or raise XtguiError if it does not exist."""
    wanted, there = Checkpoint.at(iteration, folder.work_dir), list_checkpoints(folder.work_dir)
    if not there:
        raise XtguiError("convert.no_checkpoint", Exit.ANSWERS, folder=folder.work_dir)
    if not wanted.path.exists():
        left = ", ".join(one.label for one in there)
        raise XtguiError("convert.gone", Exit.ANSWERS, name=wanted.name, left=left)
    return wanted.path


def _iterations_per_epoch(folder: RunFolder) -> int:
    """Return what the engine counted, or raise XtguiError "convert.epoch_unknown"."""
    counted = None
    for event in EventReader(folder.events_file)():
        if event["event"] == "plan":
            counted = count(event.get("iters_per_epoch"))
    if not counted:
        raise XtguiError("convert.epoch_unknown", Exit.ANSWERS)
    return counted
