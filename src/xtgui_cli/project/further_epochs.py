"""`xtgui train --more N`: further epochs from a checkpoint, and their schedule."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..planning.plan_steps import BEST_FACTOR, best_factor, warmup_iters
from ..shared.config_file import parse_config, read, read_file
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..shared.schedule_restarts import ScheduleRestart, add_restart
from . import settings_file
from .checkpoints import ResumePoint
from .config_writer import replace_values
from .train_config import require_config
from .written_config import read_written_config

_MAX_EPOCHS = "train.max_epochs"
_NEEDED = ("max_epochs", "lr", "warmup_ratio", "accumulative_counts")


@dataclass(frozen=True)
class FurtherEpochs:
    """What further epochs change: the config, and where the schedule restarts."""

    max_epochs: int
    """Epochs of the whole run, including those before the checkpoint."""
    warmup_iters: int
    """The warm-up in the config of a run with so many epochs: its names belong together."""
    restart: ScheduleRestart


def find_further_epochs(folder: RunFolder, point: ResumePoint, epochs: int) -> FurtherEpochs:
    """Return what it takes to train *epochs* more epochs.

    An epoch that has begun is trained to its end and not counted.

    Args:
        folder: The project, with its config.
        point: Where training resumes.
        epochs: At least 1.

    Raises:
        XtguiError: "train.more_unknown" if the length of an epoch is not known,
            "train.more_not_plain" if the config does not say plainly what is needed,
            "train.more_other_schedule" if it has another schedule, and those of `require_config`.
    """
    per_epoch, begin = point.iters_per_epoch, point.checkpoint.iter
    if not per_epoch:
        raise XtguiError("train.more_unknown", Exit.ANSWERS)
    text = read_file(require_config(folder, None))
    values = read(text, str(folder.config_file))
    missing = [name for name in _NEEDED if not isinstance(values.get(name), (int, float))]
    if missing:
        raise XtguiError(
            "train.more_not_plain", Exit.ANSWERS, file=folder.config_file, names=", ".join(missing)
        )
    _require_known_schedule(text, folder)
    max_epochs = math.ceil(begin / per_epoch) + epochs
    end = max_epochs * per_epoch
    return FurtherEpochs(
        max_epochs,
        _warmup(values, max_epochs, per_epoch),
        ScheduleRestart(begin, end, _warmup(values, 1, end - begin), float(values["lr"])),
    )


def write_further_epochs(folder: RunFolder, further: FurtherEpochs) -> None:
    """Write it beside the run, into the config, and into xtgui.toml if that sets the epochs.

    Raises:
        XtguiError: "config.not_writable", "config.missing_name", "config.not_plain",
            "settings.cannot_write", "train.not_writable".
    """
    try:
        add_restart(folder.schedule_restarts_file, further.restart)
    except OSError as error:
        raise XtguiError(
            "train.not_writable",
            Exit.ANSWERS,
            path=folder.schedule_restarts_file,
            reason=error.strerror or str(error),
        ) from None
    config = read_written_config(folder)
    names = {"max_epochs": further.max_epochs, "warmup_iters": further.warmup_iters}
    known = config.values if config else {}
    replace_values(folder, {name: value for name, value in names.items() if name in known})
    if _MAX_EPOCHS in settings_file.load(folder.settings_file):
        settings_file.save(folder.settings_file, {_MAX_EPOCHS: further.max_epochs})


def _require_known_schedule(config: str, folder: RunFolder) -> None:
    names = {name.rpartition(".")[2] for name in parse_config(config).objects}
    schedule = {name for name in names if name.endswith("LR")}
    if not {"CosineAnnealingLR"} <= schedule <= {"CosineAnnealingLR", "LinearLR"}:
        raise XtguiError("train.more_other_schedule", Exit.ANSWERS, file=folder.config_file)


def _warmup(values: Mapping[str, Any], epochs: int, per_epoch: int) -> int:
    """Return the warm-up of a schedule: none if no update would get the full rate."""
    wanted = warmup_iters(values["warmup_ratio"], epochs, per_epoch)
    if wanted < 2:
        return 0
    best = best_factor(wanted, epochs * per_epoch, values["accumulative_counts"])
    return wanted if best >= BEST_FACTOR else 0
