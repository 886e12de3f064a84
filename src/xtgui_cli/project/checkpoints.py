"""Which checkpoint is meant: to resume from, or to convert."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..shared.errors import Exit, XtguiError
from ..shared.events import EventReader
from ..shared.run_folder import Checkpoint, RunFolder, latest_checkpoint, list_checkpoints


@dataclass(frozen=True)
class ResumePoint:
    """A checkpoint to resume from, and what the events say of its run."""

    checkpoint: Checkpoint
    run_id: str | None
    """None where xtgui has not trained here."""
    is_at_the_end: bool
    """Whether no iteration is left after it, as the engine counted."""


def find_resume_point(folder: RunFolder, spelling: str = "") -> ResumePoint:
    """Return where training resumes.

    Args:
        folder: The project.
        spelling: As `Checkpoint.parse` takes it, "" for the latest checkpoint.

    Raises:
        NotACheckpointError: If it spells no checkpoint.
        XtguiError: "train.no_checkpoint" if the project has none, "train.checkpoint_gone", with
            those that it has, if it has no such one.
    """
    wanted = Checkpoint.parse(spelling, folder.work_dir).path.resolve() if spelling else None
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
    run_id, total = None, None
    for event in EventReader(folder.events_file)():
        if event["event"] == "start":
            run_id = event.get("run_id")
        elif event["event"] == "plan":
            total = event.get("total_iters")
    return ResumePoint(
        checkpoint,
        run_id if isinstance(run_id, str) else None,
        is_at_the_end=isinstance(total, int) and checkpoint.iter >= total,
    )


@dataclass(frozen=True)
class CheckpointChoice:
    """A checkpoint to convert, and how the folders made of it are named."""

    path: Path
    label: str
    """"iter_300", or "epoch_2" where it was asked for by epoch."""

    def converted_dir(self, folder: RunFolder) -> Path:
        """Where the Hugging Face form of it lies."""
        return folder.work_dir / f"xtuner_{self.label}_hf"

    def merged_dir(self, folder: RunFolder) -> Path:
        """Where the model lies that it was merged into."""
        return folder.work_dir / f"xtuner_{self.label}_merge"


def choose_checkpoint(
    folder: RunFolder,
    *,
    epoch: int | None = None,
    iteration: int | None = None,
    spelling: str | Path | None = None,
) -> CheckpointChoice:
    """Return the checkpoint to convert; at most one way of naming it is given, none: the latest.

    Args:
        folder: The project.
        epoch: The end of this epoch, counted from 1.
        iteration: After so many iterations.
        spelling: As `Checkpoint.parse` takes it, or the path of any `.pth` file.

    Raises:
        NotACheckpointError: If `spelling` spells no checkpoint.
        XtguiError: "convert.no_checkpoint", "convert.gone" with what is left,
            "convert.epoch_unknown", "convert.checkpoint_missing".
    """
    if spelling is not None:
        file = Path(spelling)
        if file.suffix == ".pth" and file.exists():
            return CheckpointChoice(file.resolve(), file.stem)
        named = Checkpoint.parse(spelling, folder.work_dir)
        if named.path.exists():
            return CheckpointChoice(named.path.resolve(), named.label)
        if named.path.parent.resolve() != folder.work_dir.resolve():
            raise XtguiError("convert.checkpoint_missing", Exit.ANSWERS, file=spelling)
        iteration = named.iter
    latest = latest_checkpoint(folder.work_dir)
    if latest is None:
        raise XtguiError("convert.no_checkpoint", Exit.ANSWERS, folder=folder.work_dir)
    label = f"epoch_{epoch}" if epoch is not None else ""
    if epoch is not None:
        iteration = epoch * _iterations_per_epoch(folder)
    wanted = latest if iteration is None else Checkpoint.at(iteration, folder.work_dir)
    if not wanted.path.exists():
        left = ", ".join(one.label for one in list_checkpoints(folder.work_dir))
        raise XtguiError("convert.gone", Exit.ANSWERS, name=wanted.name, left=left)
    return CheckpointChoice(wanted.path, label or wanted.label)


def _iterations_per_epoch(folder: RunFolder) -> int:
    """Return what the engine counted. Raise XtguiError "convert.epoch_unknown" if it has not."""
    count = 0
    for event in EventReader(folder.events_file)():
        if event["event"] == "plan":
            count = int(event.get("iters_per_epoch") or 0)
    if count < 1:
        raise XtguiError("convert.epoch_unknown", Exit.ANSWERS)
    return count
