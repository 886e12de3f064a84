"""Which checkpoint is meant: by epoch, by iteration, by file, or the latest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..shared.errors import Exit, XtguiError
from ..shared.events import EventReader
from ..shared.run_folder import RunFolder, latest_checkpoint, list_checkpoints


@dataclass(frozen=True)
class CheckpointChoice:
    """A checkpoint, and how the folders made of it are named."""

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
    folder: RunFolder, epoch: int | None, iteration: int | None, file: Path | None
) -> CheckpointChoice:
    """Give the checkpoint that the flags mean, at most one of them given; none: the latest.

    Raises — XtguiError "convert.no_checkpoint", "convert.gone" with what is left,
    "convert.epoch_unknown", "convert.checkpoint_missing".
    """
    if file is not None:
        return _by_file(folder, file)
    there = list_checkpoints(folder.work_dir)
    latest = latest_checkpoint(folder.work_dir)
    if latest is None:
        raise XtguiError("convert.no_checkpoint", Exit.ANSWERS, folder=folder.work_dir)
    wanted, label = latest.iter, ""
    if iteration is not None:
        wanted = iteration
    elif epoch is not None:
        wanted, label = epoch * iterations_per_epoch(folder), f"epoch_{epoch}"
    for checkpoint in there:
        if checkpoint.iter == wanted:
            return CheckpointChoice(checkpoint.path, label or f"iter_{wanted}")
    raise XtguiError(
        "convert.gone",
        Exit.ANSWERS,
        name=f"iter_{wanted}.pth",
        left=", ".join(checkpoint.path.stem for checkpoint in there),
    )


def iterations_per_epoch(folder: RunFolder) -> int:
    """Give what the engine counted. Raises — XtguiError "convert.epoch_unknown"."""
    count = 0
    for event in EventReader(folder.events_file)():
        if event["event"] == "plan":
            count = int(event.get("iters_per_epoch") or 0)
    if count < 1:
        raise XtguiError("convert.epoch_unknown", Exit.ANSWERS)
    return count


def _by_file(folder: RunFolder, file: Path) -> CheckpointChoice:
    """Take a path as it is, or a bare name ("iter_300") as one in the work_dir."""
    name = file.name if file.suffix == ".pth" else f"{file.name}.pth"
    for path in (file, folder.work_dir / name):
        if path.suffix == ".pth" and path.exists():
            return CheckpointChoice(path.resolve(), path.stem)
    raise XtguiError("convert.checkpoint_missing", Exit.ANSWERS, file=file)
