"""The config for training: up to date, read once before the start, fitted to the machine."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..planning import machine
from ..planning.machine import Machine
from ..settings.layers import Layer, Layers
from ..settings.table import BY_CONFIG_NAME, BY_KEY
from ..shared.atomic import write_text
from ..shared.config_file import method_of, read, read_file
from ..shared.errors import Exit, XtguiError
from ..shared.methods import METHODS
from ..shared.run_folder import RunFolder
from ..texts import t
from ..ui.console import say
from . import settings_file
from .build_run import device_values
from .config_filler import fill
from .config_writer import free_name, set_values, write_config
from .cpu_config import adapt_to_cpu, needs_gpu
from .data_origin import is_outdated
from .import_data import take_in, warn_of_change
from .row_record import RECORD, RowRecord
from .run_origin import MAY_SET
from .settled_run import settle_run
from .test_questions import read_checked_tests
from .written_config import METHOD, is_equal, read_layers, read_written_config

_METHOD = BY_KEY["train.method"]


def update_config(
    folder: RunFolder, sets: Sequence[str], *, is_resume: bool, restarts_schedule: bool = False
) -> None:
    """Write the values of `--set`, and those changed in xtgui.toml, into the project's config.

    A resumed run keeps its config, except for what `--set` may change (the learning rate too if its
    schedule restarts); differences in xtgui.toml are reported.

    Raises:
        XtguiError: "train.set_on_resume" for settings that a resumed run would not obey; or if
            something is wrong with settings, model or data.
    """
    changes = settings_file.parse_sets(sets)
    may_change = MAY_SET | ({"train.lr"} if restarts_schedule else set())
    refused = sorted(changes.keys() - may_change)
    if is_resume and refused:
        raise XtguiError("train.set_on_resume", Exit.ANSWERS, keys=", ".join(refused))
    if changes.get("data.tests"):
        read_checked_tests(Path(str(changes["data.tests"])))
    if not is_resume:
        _follow_data(folder, changes)
    layers = replace(read_layers(folder), flags=changes)
    outdated = ", ".join(find_outdated(folder, layers))
    record = _outdated_rows(folder, layers)
    if is_resume:
        if outdated:
            say("config.outdated_on_resume", style="yellow", keys=outdated)
        set_values(folder, changes)
    elif changes or outdated or record:
        if outdated:
            say("config.outdated", style="yellow", keys=outdated)
        elif record and not record.awaits_engine:
            say("config.rows_outdated", style="yellow")
        for edit in write_config(settle_run(layers.to_plan(), machine.detect()), folder):
            say(
                "config.disagreement",
                name=edit.name,
                in_config=edit.in_config,
                answered=edit.answered,
            )
    settings_file.save(folder.settings_file, changes)


def put_back(folder: RunFolder, old_values: Mapping[str, Any]) -> None:
    """Restore the values that a run began with in its config and in xtgui.toml.

    Raises:
        XtguiError: Those of `set_values` and `settings_file.save`.
    """
    values: Layer = {
        key: tuple(value) if isinstance(value, list) else value for key, value in old_values.items()
    }
    set_values(folder, values)
    saved = settings_file.load(folder.settings_file)
    settings_file.save(
        folder.settings_file, {key: value for key, value in values.items() if key in saved}
    )


def _follow_data(folder: RunFolder, changes: Layer) -> None:
    """Convert the user's file again if it has changed since a copy was made from it."""
    path = settings_file.load(folder.settings_file).get("data.path")
    if path is None or "data.path" in changes:
        return
    if not is_outdated(Path(str(path)), folder):
        warn_of_change(Path(str(path)))
        return
    taken = take_in(Path(str(path)), folder)
    if str(taken) != path:
        settings_file.save(folder.settings_file, {"data.path": str(taken)})


def find_outdated(folder: RunFolder, layers: Layers) -> list[str]:
    """Return the settings, by key, that xtgui.toml has changed since the config was written.

    Empty if there is no config, and for paths that are only spelled differently.
    """
    written = read_written_config(folder)
    if written is None:
        return []
    now = replace(layers, flags={}).in_force()
    before = replace(layers, saved={}, flags={}).in_force()
    return [
        setting.key
        for name, setting in (*BY_CONFIG_NAME.items(), (METHOD, _METHOD))
        if name in written.values
        and setting.key in layers.saved
        and not is_equal(now.value(setting), before.value(setting))
    ]


def _outdated_rows(folder: RunFolder, layers: Layers) -> RowRecord | None:
    """Return what the config's rows were made from, if that would differ now."""
    written, settings = read_written_config(folder), layers.to_plan()
    record = RowRecord.from_json(written.record.get(RECORD)) if written else None
    is_known = bool(settings.model.path and settings.data.path)
    is_outdated = record is not None and is_known and record.is_outdated(layers.in_force())
    return record if is_outdated else None


def require_config(folder: RunFolder, config: Path | None) -> Path:
    """Return the config for training, if it exists and can be parsed.

    Raises:
        XtguiError: "train.no_config", "train.no_config_given", "config.syntax", "config.not_text".
    """
    file = config or folder.config_file
    if not file.is_file():
        code = "train.no_config_given" if config else "train.no_config"
        raise XtguiError(code, Exit.ANSWERS, path=file)
    read(read_file(file), str(file))
    return file


def fit_to_machine(
    folder: RunFolder, config: Path, *, may_ask: bool = False, yes: bool = True
) -> bool:
    """Change the config's device values if this machine cannot train with them, and say so.

    A config may have been written on another machine. One that is not in the project is not
    touched.

    Args:
        folder: The project.
        config: The config that is trained.
        may_ask: Whether the user can be asked.
        yes: Whether to change somebody else's config if nobody can be asked.

    Returns:
        Whether to train.

    Raises:
        XtguiError: "train.needs_gpu" or "train.elsewhere_needs_gpu" if it cannot run here.
    """
    text = read_file(config)
    said, here = read(text, str(config)), machine.detect()
    wanted = device_values(METHODS[method_of(text)], here)
    if not wanted.keys() <= said.keys():
        is_misfit = here.device == "cpu" and needs_gpu(text)
        return not is_misfit or _adapt(folder, config, text, may_ask=may_ask, yes=yes)
    _fill_in_device(folder, config, text, here)
    return True


def _adapt(folder: RunFolder, config: Path, text: str, *, may_ask: bool, yes: bool) -> bool:
    """Change somebody else's config so that it trains without a GPU; keep the original."""
    if config != folder.config_file or not (may_ask or yes):
        raise XtguiError("train.elsewhere_needs_gpu", Exit.ANSWERS, path=config)
    if may_ask:
        from ..ui import ask

        say("train.elsewhere_needs_gpu", path=config)
        if not ask.confirm(t("train.adapt_question"), default=True, name="adapt"):
            return False
    kept = free_name(config)
    shutil.copy2(config, kept)
    write_text(config, adapt_to_cpu(text))
    say("train.adapted", name=kept.name)
    return True


def _fill_in_device(folder: RunFolder, config: Path, text: str, here: Machine) -> None:
    said = read(text, str(config))
    wanted = device_values(METHODS[method_of(text)], here)
    if all(said[name] == wanted[name] for name in wanted):
        return
    if not _misfits(said, here):
        return
    if config != folder.config_file:
        if here.device == "cpu":
            raise XtguiError("train.needs_gpu", Exit.ANSWERS, path=config)
        return
    write_text(config, fill(text, wanted, str(config)), through_links=True)
    values = ", ".join(f"{name} = {value!r}" for name, value in wanted.items())
    say(f"train.fitted_{here.device}", values=values)


def _misfits(said: Mapping[str, Any], here: Machine) -> bool:
    """Return whether the values are those of another kind of machine, not just preferences."""
    is_for_gpu = said["dist_backend"] == "nccl" or said["amp_dtype"] is not None
    if here.device == "cpu":
        return is_for_gpu or said["torch_dtype"] != "float32"
    uses_bf16 = "bfloat16" in (said["amp_dtype"], said["torch_dtype"])
    return not is_for_gpu or (uses_bf16 and not here.bf16)
