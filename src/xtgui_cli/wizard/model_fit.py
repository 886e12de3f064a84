"""Whether the models of the catalogue can be trained here, in a word each."""

from __future__ import annotations

from ..catalogue.models import Model
from ..planning import machine
from ..planning.memory.requirements import verdict_of
from ..planning.memory.training_memory import GIB, training_memory
from ..planning.memory.training_setup import Device, device_of, set_up
from ..project.model_shapes import shape_of
from ..settings.layers import replace_values
from ..settings.table import Origin, Settings
from ..texts import t


def fit_words(found: list[Model], settings: Settings) -> list[str]:
    """Say for each model what a run with these settings would take of this machine.

    The least that it takes: activation checkpointing is off only where there is room for that.
    """
    device = device_of(machine.detect())
    if settings.train.use_activation_checkpointing is None:
        least = {"train.use_activation_checkpointing": True}
        settings = replace_values(settings, least, Origin.PLANNED)
    return [_words(model, settings, device) for model in found]


def _words(model: Model, settings: Settings, device: Device) -> str:
    shape = shape_of(model)
    needed_gib = training_memory(shape, set_up(settings, shape, device)).total / GIB
    digits = 1 if needed_gib < 10 else 0
    return t(f"estimate.fit_{verdict_of(needed_gib, device)}", needed=f"{needed_gib:.{digits}f}")
