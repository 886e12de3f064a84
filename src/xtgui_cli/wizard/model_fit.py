"""Whether the models of the catalogue can be trained here, in a word each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..catalogue.models import Model
from ..planning.machine import look
from ..planning.memory.requirements import verdict_of
from ..planning.memory.training_memory import GIB, training_memory
from ..planning.memory.training_setup import Device, arrange
from ..project.model_shapes import shape_of
from ..project.requirements import device_of
from ..texts import t


def fit_words(found: list[Model], settings: Mapping[str, Any]) -> list[str]:
    """Say for each model what a run with these settings, by key, would take of this machine.

    The least that it takes: activation checkpointing is off only where there is room for that.
    """
    device = device_of(look())
    least = {"train.use_activation_checkpointing": True, **settings}
    return [_words(model, least, device) for model in found]


def _words(model: Model, settings: Mapping[str, Any], device: Device) -> str:
    shape = shape_of(model)
    needed_gib = training_memory(shape, arrange(settings, shape, device)).total / GIB
    digits = 1 if needed_gib < 10 else 0
    return t(f"estimate.fit_{verdict_of(needed_gib, device)}", needed=f"{needed_gib:.{digits}f}")
