"""Before a start: has the disk room for the checkpoints, and is there memory enough?"""

from __future__ import annotations

from pathlib import Path

from ..planning import machine
from ..planning.machine import Machine
from ..planning.memory.requirements import Needs
from ..planning.memory.training_memory import GIB
from ..planning.memory.training_setup import device_of
from ..planning.plan import Plan
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, list_checkpoints
from ..texts import t
from ..ui.console import say, show_error
from ..ui.units import file_size, memory_size
from .build_run import build_run
from .model_shapes import find_shape
from .requirements import find_needs
from .written_config import read_config_settings, read_layers


def has_room(
    folder: RunFolder, config: Path, *, is_resume: bool, checks_disk: bool, may_ask: bool
) -> bool:
    """Warn where memory is short; ask or refuse where the disk cannot hold the checkpoints.

    A config whose model's shape is not known is not held up.

    Returns:
        Whether to train.

    Raises:
        XtguiError: "estimate.no_disk" where nobody can be asked.
    """
    here = machine.detect()
    needs = _find_needs(folder, config, here, None)
    if needs is None:
        return True
    _warn_of_memory(needs)
    if not checks_disk:
        return True
    there = _bytes_of_checkpoints(folder) if is_resume else 0
    if needs.disk.training <= needs.free_disk + there:
        return True
    # only now the data are counted: a short run saves less often than the limit allows
    exact = _find_needs(folder, config, here, _make_plan(folder, config, here)) or needs
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


def _find_needs(folder: RunFolder, config: Path, here: Machine, plan: Plan | None) -> Needs | None:
    try:
        settings = read_config_settings(config, folder.root)
        if not settings.model.path:
            return None
        _, shape = find_shape(settings.model.path)
    except XtguiError:
        return None
    return find_needs(shape, settings, device_of(here), folder.work_dir, plan)


def _make_plan(folder: RunFolder, config: Path, here: Machine) -> Plan | None:
    """Return the plan of the project's own config, None where it cannot be made."""
    if config != folder.config_file:
        return None
    try:
        return build_run(read_layers(folder).to_plan(), here).plan
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
