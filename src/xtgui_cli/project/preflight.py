"""Checks before a start: a place for the run, disk space for checkpoints, and enough memory."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from ..data.errors import explained
from ..planning import machine
from ..planning.machine import Machine
from ..planning.memory.requirements import Needs
from ..planning.memory.training_memory import GIB
from ..planning.memory.training_setup import device_of
from ..planning.plan import Plan
from ..runs.copied_command import quote
from ..shared.config_file import read_known
from ..shared.disk import free_bytes
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.own_files import open_own, require_no_link
from ..shared.regular_file import open_regular, read_bytes
from ..shared.run_folder import RunFolder, list_checkpoints, take_lock
from ..texts import t
from ..ui.console import say, show_error
from ..ui.units import file_size, memory_size
from .build_run import build_run
from .requirements import find_needs, read_shape_and_settings
from .test_questions import read_checked_tests
from .written_config import read_layers

NEEDED_BYTES = 100_000_000
"""With less room a start makes no sense: logs and the smallest adapter's checkpoint."""


def require_place(folder: RunFolder) -> None:
    """Raise an error unless the work_dir can be written and its disk has room.

    Raises:
        XtguiError: "train.not_writable" (exit 2) or "train.no_space" (exit 1).
        NotOurFileError: If a link or something else is in place of a run's files.
    """
    try:
        require_no_link(folder.state_dir)
        folder.state_dir.mkdir(parents=True, exist_ok=True)
        for path in folder.state_dir.iterdir():
            require_no_link(path)
        for place in (folder.work_dir, folder.state_dir):
            with tempfile.TemporaryFile(dir=place):
                pass
        for file in (folder.log_file, folder.events_file, folder.lock_file):
            if os.path.lexists(file):
                os.close(open_own(file, os.O_WRONLY))
    except OSError as error:
        raise XtguiError(
            "train.not_writable",
            Exit.ANSWERS,
            path=error.filename or folder.work_dir,
            reason=error.strerror or str(error),
        ) from None
    free = free_bytes(folder.work_dir)
    if free < NEEDED_BYTES:
        raise XtguiError(
            "train.no_space",
            Exit.FAILED,
            path=folder.work_dir,
            free=file_size(free),
            needed=file_size(NEEDED_BYTES),
        )


def require_readable_tests(folder: RunFolder, config: Path) -> None:
    """Raise an error unless the test questions that a config names can still be asked.

    Raises:
        XtguiError: Those of `read_checked_tests`.
    """
    named = read_known(config).get("tests_path")
    if isinstance(named, str) and named:
        read_checked_tests(folder.root / named)


def require_one_process(folder: RunFolder, config: Path) -> None:
    """Raise an error if the settings ask for more than one process on one GPU.

    Settings that cannot be read ask for nothing; that is reported elsewhere.

    Raises:
        XtguiError: "launch.one_gpu_only" if they do.
    """
    try:
        launch = read_layers(folder).in_force().launch
    except XtguiError:
        return
    if launch.num_gpus == 1 and not launch.deepspeed:
        return
    gpus = t("launch.gpus", count=launch.num_gpus) if launch.num_gpus > 1 else ""
    command = f"NPROC_PER_NODE={launch.num_gpus} xtuner train {quote(config)}"
    if launch.deepspeed:
        command += f" --deepspeed {launch.deepspeed}"
    wanted = " + ".join(filter(None, (gpus, launch.deepspeed)))
    raise XtguiError("launch.one_gpu_only", Exit.ANSWERS, wanted=wanted, command=command)


def require_sources(config: Path) -> None:
    """Raise an error unless the model and data that a config names by path still exist.

    Raises:
        XtguiError: "train.sources_gone" with those that do not.
        FaultyDataError: If the data cannot be read.
    """
    said = read_known(config)
    gone = find_gone(said)
    if gone:
        problems = [Notice(f"train.gone_{name}", {"path": path}) for name, path in gone.items()]
        raise XtguiError("train.sources_gone", Exit.ANSWERS, problems)
    data = said.get("data_path")
    if isinstance(data, str) and Path(data).is_absolute():
        with explained(Path(data)), open_regular(Path(data)):
            pass


def find_gone(values: Mapping[str, object]) -> dict[str, str]:
    """Return the paths of a config's model and data that no longer exist; never names on hubs."""
    named = {"model": values.get("pretrained_model_name_or_path"), "data": values.get("data_path")}
    return {
        name: path
        for name, path in named.items()
        if isinstance(path, str) and Path(path).is_absolute() and not Path(path).exists()
    }


def has_room(
    folder: RunFolder, config: Path, *, is_resume: bool, checks_disk: bool, may_ask: bool
) -> bool:
    """Warn if memory is short; ask or refuse if the checkpoints do not fit on the disk.

    It does not hold up a config if the model's shape is not known.

    Returns:
        Whether to train.

    Raises:
        XtguiError: "estimate.no_disk" if nobody can be asked.
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
    # the data are counted only now: a short run saves less often than the limit allows
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


def holds_run(folder: RunFolder) -> bool:
    """Return whether there is anything of a run in a project."""
    return bool(list_checkpoints(folder.work_dir)) or folder.events_file.exists()


def put_old_run_away(folder: RunFolder, config: Path, before: bytes | None = None) -> Path | None:
    """Archive the work_dir as runs/<time>/, by renaming, and make a new one with the config in it.

    The archived run gets the config that it was trained with, under the name of the project's own.

    Args:
        folder: The project.
        config: The config that is trained next.
        before: The project's config before this start changed it, None if there was none. It is
            used if an older version of xtgui started the run.

    Returns:
        Where the old run is now; None if another start has just archived it.

    Raises:
        XtguiError: "train.already_running".
    """
    lock = take_lock(folder.lock_file)
    try:
        if not holds_run(folder):
            return None
        target = _free_name(folder.old_runs_dir)
        new = Path(tempfile.mkdtemp(prefix=".work_dir.", dir=folder.root))
        new.chmod(folder.work_dir.stat().st_mode & 0o777)
        written = folder.state_dir / "written.json"
        for file in {config, folder.config_file, written}:
            if file.is_file() and file.is_relative_to(folder.work_dir):
                copy = new / file.relative_to(folder.work_dir)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, copy)
        folder.old_runs_dir.mkdir(exist_ok=True)
        folder.work_dir.rename(target)
        new.rename(folder.work_dir)
        old = RunFolder(target)
        if old.trained_config_file.is_file():
            before = read_bytes(old.trained_config_file)
        if before is not None:
            old.config_file.unlink(missing_ok=True)
            old.config_file.write_bytes(before)
        return target
    finally:
        os.close(lock)


def _find_needs(folder: RunFolder, config: Path, here: Machine, plan: Plan | None) -> Needs | None:
    known = read_shape_and_settings(config, folder.root)
    return find_needs(*known, device_of(here), folder.work_dir, plan) if known else None


def _make_plan(folder: RunFolder, config: Path, here: Machine) -> Plan | None:
    """Return the plan of the project's own config, None if it cannot be made."""
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


def _free_name(runs_dir: Path) -> Path:
    stamp = time.strftime("%Y%m%d_%H%M%S")
    target, number = runs_dir / stamp, 2
    while target.exists():
        target = runs_dir / f"{stamp}_{number}"
        number += 1
    return target
