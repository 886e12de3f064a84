"""What a run needs of memory and disk, against what there is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..planning.gpus import Card
from ..planning.machine import Machine
from ..planning.memory.model_shape import ModelShape
from ..planning.memory.requirements import Needs
from ..planning.memory.training_disk import training_disk
from ..planning.memory.training_memory import training_memory
from ..planning.memory.training_setup import Device, arrange
from ..shared.config_file import read, read_file
from ..shared.disk import free_bytes
from ..shared.errors import XtguiError
from ..shared.settings import BY_KEY, SETTINGS, default
from .train_config import method_of

if TYPE_CHECKING:
    from .build_run import Prepared


def device_of(machine: Machine) -> Device:
    """Give what a run trains on here: the first card, else the computer's own memory."""
    if machine.device == "cuda":
        return Device("cuda", machine.gpu_name, machine.gpu_gib, machine.free_gpu_gib, machine.bf16)
    return Device("cpu", "", machine.ram_gib, machine.free_ram_gib, False)


def device_of_card(card: Card) -> Device:
    """Give a card that is not there as a device that nobody else uses."""
    return Device("cuda", card.name, card.memory_gib, card.memory_gib, card.has_bf16)


def find_needs(
    shape: ModelShape,
    settings: Mapping[str, Any],
    device: Device,
    root: Path,
    plan: Mapping[str, Any] | None,
) -> Needs:
    """Give the needs of a run with these settings, by key.

    Args — plan: as `training_disk` takes it. root: where the run would write.
    """
    run = arrange(settings, shape, device)
    limit = settings.get("train.save_total_limit")
    if limit is None:
        limit = default(BY_KEY["train.save_total_limit"], run.method)
    return Needs(
        shape=shape,
        run=run,
        memory=training_memory(shape, run),
        device=device,
        disk=training_disk(shape, run, limit, plan),
        free_disk=free_bytes(root),
    )


def needs_of(prepared: Prepared, root: Path, device: Device) -> Needs | None:
    """Give the needs of a run that is ready to be written; None where its shape is not known."""
    from .model_shapes import find_shape

    try:
        _, shape = find_shape(str(prepared.model.path))
    except XtguiError:
        return None
    return find_needs(shape, planned_settings(prepared), device, root, vars(prepared.plan))


def planned_settings(prepared: Prepared) -> dict[str, Any]:
    """Give the settings that the config will have, by key; as max_length the longest sample.

    Samples that are not packed may all be shorter than max_length allows.
    """
    values = {
        setting.key: prepared.values[setting.config_name]
        for setting in SETTINGS
        if setting.config_name and setting.config_name in prepared.values
    }
    longest = prepared.plan.longest_sample or prepared.plan.max_length
    return {**values, "train.method": prepared.method, "train.max_length": longest}


def settings_in(config: Path) -> dict[str, Any]:
    """Give the settings that a config says plainly, by key: sources, training, lora.

    Raises — XtguiError "config.syntax", "config.not_text".
    """
    text = read_file(config)
    said = read(text, str(config))
    settings = {
        setting.key: said[setting.config_name]
        for setting in SETTINGS
        if setting.config_name in said and setting.config_name and _is_counted(setting.key)
    }
    return {**settings, "train.method": method_of(text)}


def _is_counted(key: str) -> bool:
    return key in ("model.path", "data.path") or key.startswith(("train.", "lora."))
