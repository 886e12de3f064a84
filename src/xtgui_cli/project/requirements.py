"""The memory and disk space that a run needs, and those that are available."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..planning.memory.model_shape import ModelShape
from ..planning.memory.requirements import Needs
from ..planning.memory.training_disk import training_disk
from ..planning.memory.training_memory import training_memory
from ..planning.memory.training_setup import Device, set_up
from ..planning.plan import Plan, with_length
from ..settings.table import Settings
from ..shared.disk import free_bytes
from ..shared.errors import XtguiError
from .build_run import BuiltRun
from .model_shapes import find_shape
from .written_config import read_config_settings


def read_shape_and_settings(config: Path, root: Path) -> tuple[ModelShape, Settings] | None:
    """Return what a config says about a run's needs; None if its model's shape is not known."""
    try:
        settings = read_config_settings(config, root)
        return (find_shape(settings.model.path)[1], settings) if settings.model.path else None
    except XtguiError:
        return None


def find_needs(
    shape: ModelShape, settings: Settings, device: Device, root: Path, plan: Plan | None
) -> Needs:
    """Return the needs of a run.

    Args:
        shape: The model's.
        settings: The settings in force; open ones count with their usual value.
        device: The device that trains.
        root: The folder of the run.
        plan: None if the data are not counted. Without packing all samples may be shorter than
            max_length.
    """
    if plan is not None:
        settings = with_length(settings, plan.longest_sample or plan.max_length)
    setup = set_up(settings, shape, device)
    if plan is not None and device.kind == "cpu":
        setup = replace(setup, logit_tokens=plan.logit_tokens)
    return Needs(
        shape=shape,
        run=setup,
        memory=training_memory(shape, setup),
        device=device,
        disk=training_disk(shape, setup, settings.train.save_total_limit, plan),
        free_disk=free_bytes(root),
    )


def needs_of(run: BuiltRun, root: Path, device: Device) -> Needs | None:
    """Return the needs of a run that is ready to be written; None if its shape is unknown."""
    shape = run.model.shape
    return None if shape is None else find_needs(shape, run.settings, device, root, run.plan)
