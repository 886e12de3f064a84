"""Before a start: has the disk room for the checkpoints, and will the memory do?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..planning.machine import Machine, look
from ..planning.memory.requirements import Needs
from ..planning.memory.training_memory import GIB
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, list_checkpoints
from ..texts import t
from ..ui.console import say, show_error
from ..ui.units import file_size, memory_size
from . import settings_file as answers_step
from .model_shapes import find_shape
from .requirements import device_of, find_needs, settings_in


def are_met(
    folder: RunFolder, config: Path, resume: Path | None, checks_disk: bool, may_ask: bool
) -> bool:
    """Warn where the memory will not do; ask or refuse where the disk will not.

    A config whose model's shape is not known is not held up. Gives — whether to train.
    Raises — XtguiError "estimate.no_disk" where nobody can be asked.
    """
    machine = look()
    needs = _needs(folder, config, machine, None)
    if needs is None:
        return True
    _warn_of_memory(needs)
    if not checks_disk:
        return True
    there = _bytes_of_checkpoints(folder) if resume is not None else 0
    if needs.disk.training <= needs.free_disk + there:
        return True
    # only now the data are counted: a short run saves less often than the limit allows
    exact = _needs(folder, config, machine, _plan(folder, config, machine)) or needs
    if exact.disk.training <= exact.free_disk + there:
        return True
    error = XtguiError(
        "estimate.no_disk",
        Exit.FAILED,
        path=folder.work_dir,
        needed=file_size(exact.disk.training - there),
        free=file_size(exact.free_disk),
    )
    if not may_ask:
        raise error
    from ..ui import ask

    show_error(error)
    return ask.confirm(t("estimate.no_disk_question"), default=False, name="no_disk")


def _needs(
    folder: RunFolder, config: Path, machine: Machine, plan: Mapping[str, Any] | None
) -> Needs | None:
    settings = settings_in(config)
    try:
        _, shape = find_shape(str(settings.get("model.path") or ""))
    except XtguiError:
        return None
    return find_needs(shape, settings, device_of(machine), folder.work_dir, plan)


def _plan(folder: RunFolder, config: Path, machine: Machine) -> Mapping[str, Any] | None:
    """Give the plan of the project's own config, None where it cannot be made."""
    from .build_run import prepare
    from .config_writer import hand_edits

    if config != folder.config_file:
        return None
    try:
        saved = answers_step.load(folder.settings_file)
        return vars(prepare(answers_step.merge(saved, hand_edits(folder)), machine).plan)
    except XtguiError:
        return None


def _warn_of_memory(needs: Needs) -> None:
    if needs.verdict in ("fits", "tight"):
        return
    device = needs.device
    say(
        "estimate.memory_warning",
        style="yellow",
        needed=memory_size(needs.memory.total),
        free=memory_size(device.free_gib * GIB),
        total=memory_size(device.total_gib * GIB),
        place=device.name or t(f"estimate.device_{device.kind}"),
    )
    say("estimate.memory_warning.hint")


def _bytes_of_checkpoints(folder: RunFolder) -> int:
    files = [checkpoint.path for checkpoint in list_checkpoints(folder.work_dir)]
    files += folder.resume_dir.glob("iter_*.pth")
    return sum(file.stat().st_size for file in files if file.is_file())
