"""The config that trains: changed by `--set`, read once before the start, fitted to the machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..shared.atomic import write_text
from ..shared.config_file import method_of, read, read_file
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..ui.console import say
from .config_filler import fill

_MAY_CHANGE_ON_RESUME = frozenset(
    {
        "train.save_steps",
        "train.save_total_limit",
        "train.evaluation_freq",
        "train.evaluation_inputs",
        "train.max_new_tokens",
    }
)
"""What a resumed run takes from its config; the rest stands in the checkpoint (xtuner restores
the optimizer and the schedule, learning rate included) or would not fit it."""


def change_settings(
    folder: RunFolder, config: Path | None, sets: list[str], is_resume: bool
) -> None:
    """Write what `--set` says into the config and into xtgui.toml.

    Raises — XtguiError "train.set_elsewhere" for a config that is not the project's own,
    "train.set_on_resume" for settings that a resumed run would not obey.
    """
    from ..planning.machine import look
    from . import settings_file as answers_step
    from .build_run import prepare
    from .config_writer import hand_edits, write_config

    if config is not None and config != folder.config_file:
        raise XtguiError("train.set_elsewhere", Exit.ANSWERS, path=config)
    changes = answers_step.parse_sets(sets)
    refused = sorted(changes.keys() - _MAY_CHANGE_ON_RESUME)
    if is_resume and refused:
        raise XtguiError("train.set_on_resume", Exit.ANSWERS, keys=", ".join(refused))
    saved = answers_step.load(folder.settings_file)
    prepared = prepare(answers_step.merge(saved, hand_edits(folder), changes), look())
    for edit in write_config(prepared, folder):
        say(
            "config.disagreement",
            name=edit.name,
            in_config=edit.in_config,
            answered=edit.answered,
        )
    answers_step.save(folder.settings_file, changes)


def require_config(folder: RunFolder, config: Path | None) -> Path:
    """Give the config that trains, once it is there and can be parsed.

    Raises — XtguiError "train.no_config", "config.syntax", "config.not_text".
    """
    file = config or folder.config_file
    if not file.is_file():
        code = "train.no_config_given" if config else "train.no_config"
        raise XtguiError(code, Exit.ANSWERS, path=file)
    read(read_file(file), str(file))
    return file


def fit_to_machine(folder: RunFolder, config: Path) -> None:
    """Change the config's device values where this machine cannot train with them, and say so.

    A config may have been written on another machine. One that is not the project's own is not
    touched. Raises — XtguiError "train.needs_gpu" where such a one cannot run here.
    """
    from ..planning.machine import look
    from .build_run import device_values

    text = read_file(config)
    said, machine = read(text, str(config)), look()
    wanted = device_values(method_of(text, str(config)), machine)
    if not wanted.keys() <= said.keys() or all(said[name] == wanted[name] for name in wanted):
        return
    if not _misfits(said, machine.device, machine.bf16):
        return
    if config != folder.config_file:
        if machine.device == "cpu":
            raise XtguiError("train.needs_gpu", Exit.ANSWERS, path=config)
        return
    write_text(config, fill(text, wanted, str(config)))
    values = ", ".join(f"{name} = {value!r}" for name, value in wanted.items())
    say(f"train.fitted_{machine.device}", values=values)


def _misfits(said: Mapping[str, Any], device: str, has_bf16: bool) -> bool:
    """Whether the values are those of another kind of machine, and not only of another taste."""
    is_for_gpu = said["dist_backend"] == "nccl" or said["amp_dtype"] is not None
    if device == "cpu":
        return is_for_gpu or said["torch_dtype"] != "float32"
    uses_bf16 = "bfloat16" in (said["amp_dtype"], said["torch_dtype"])
    return not is_for_gpu or (uses_bf16 and not has_bf16)
