"""What to change when a run is too big: each setting that helps, and what it saves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .model_shape import ModelShape
from .training_memory import Memory, training_memory
from .training_setup import Device, arrange

SHORTEST = 256
"""Below so many tokens hardly any conversation is whole."""
LOWEST_RANK = 8
SMALLEST: Mapping[str, Any] = {
    "train.method": "qlora",
    "train.batch_size": 1,
    "train.max_length": SHORTEST,
    "train.use_activation_checkpointing": True,
    "train.optim_type": "AdamW8bit",
    "lora.lora_r": LOWEST_RANK,
}
"""The settings with which a run takes least."""
_WORTH = 0.01
"""The part of the need below which a change is not worth naming."""


@dataclass(frozen=True)
class Remedy:
    """One change."""

    changes: Mapping[str, Any]
    """Setting key to its new value; one, or several that only help together."""
    saves: int
    """Bytes."""
    needs: int
    """Bytes that the run takes with it."""
    fits: bool


@dataclass(frozen=True)
class Remedies:
    """What helps."""

    single: tuple[Remedy, ...]
    """Changes that help by themselves, those that are enough first, then by what they save."""
    together: Remedy | None
    """The fewest changes that are enough where none is by itself; or all, if they are not."""
    fitting_parameters: int | None
    """About how many numbers a model may have that would fit, where this one never does."""

    @property
    def is_enough(self) -> bool:
        """Whether something makes the run fit."""
        return any(remedy.fits for remedy in (*self.single, self.together) if remedy)


def find_remedies(
    shape: ModelShape, settings: Mapping[str, Any], device: Device, room: float
) -> Remedies:
    """Give what brings a run into *room* bytes."""
    now = _memory(shape, settings, device)
    single = []
    for changes in _candidates(shape, settings, device, room):
        remedy = _remedy(shape, settings, device, room, changes, now)
        if remedy.saves >= _WORTH * now.total:
            single.append(remedy)
    single.sort(key=lambda remedy: (not remedy.fits, -remedy.saves))
    if any(remedy.fits for remedy in single):
        return Remedies(tuple(single), None, None)
    together = _together(shape, settings, device, room, now)
    never = together is None or not together.fits
    return Remedies(
        tuple(single), together, _fitting(shape, settings, device, room) if never else None
    )


def _memory(shape: ModelShape, settings: Mapping[str, Any], device: Device) -> Memory:
    return training_memory(shape, arrange(settings, shape, device))


def _remedy(
    shape: ModelShape,
    settings: Mapping[str, Any],
    device: Device,
    room: float,
    changes: Mapping[str, Any],
    now: Memory,
) -> Remedy:
    needs = _memory(shape, {**settings, **changes}, device).total
    return Remedy(changes, now.total - needs, needs, needs <= room)


def _candidates(
    shape: ModelShape, settings: Mapping[str, Any], device: Device, room: float
) -> Iterator[dict[str, Any]]:
    """Give the changes that may help, each with the mildest value that is enough, or the last."""
    for key, values in _ladders(settings, shape, device):
        mildest = None
        for value in values:
            mildest = {key: value}
            if _memory(shape, {**settings, **mildest}, device).total <= room:
                break
        if mildest is not None:
            yield mildest


def _ladders(
    settings: Mapping[str, Any], shape: ModelShape, device: Device
) -> list[tuple[str, list[Any]]]:
    """Give each setting that helps with its values, mild ones first, and mild settings first."""
    run = arrange(settings, shape, device)
    has_8_bit = device.kind == "cpu" or run.optim_type.endswith("8bit")
    methods = {"full": ["lora", "qlora"], "lora": ["qlora"], "qlora": []}[run.method]
    ladders: list[tuple[str, list[Any]]] = [
        ("train.use_activation_checkpointing", [] if run.checkpointing else [True]),
        ("train.batch_size", _halves(run.batch_size, 1)),
        ("train.optim_type", [] if has_8_bit else ["PagedAdamW8bit"]),
        ("train.method", methods),
        ("lora.lora_r", [] if run.method == "full" else _halves(run.lora_r, LOWEST_RANK)),
        ("train.max_length", _halves(run.length, SHORTEST)),
    ]
    return [(key, values) for key, values in ladders if values]


def _halves(value: int, least: int) -> list[int]:
    halves = []
    while value // 2 >= least:
        value //= 2
        halves.append(value)
    return halves


def _together(
    shape: ModelShape, settings: Mapping[str, Any], device: Device, room: float, now: Memory
) -> Remedy | None:
    """Give changes that are enough together, step by step from the mildest; or all there are."""
    changes: dict[str, Any] = {}
    steps = _ladders(settings, shape, device)
    for key, values in steps:
        for value in values:
            before = _memory(shape, {**settings, **changes}, device).total
            tried = {**changes, key: value}
            needs = _memory(shape, {**settings, **tried}, device).total
            if before - needs >= _WORTH * now.total:
                changes = tried
            if needs <= room and changes == tried:
                return _remedy(shape, settings, device, room, changes, now)
    return _remedy(shape, settings, device, room, changes, now) if changes else None


def _fitting(
    shape: ModelShape, settings: Mapping[str, Any], device: Device, room: float
) -> int | None:
    """Give about how large a model of this kind may be: with qlora, short samples, a batch of one.

    The model is made thinner and flatter alike, its vocabulary stays. None: not even a tiny one.
    """
    smallest = {**settings, **SMALLEST}
    for percent in range(99, 0, -1):
        smaller = _shrunk(shape, percent / 100)
        if _memory(smaller, smallest, device).total <= room:
            return smaller.parameters
    return None


def _shrunk(shape: ModelShape, factor: float) -> ModelShape:
    return replace(
        shape,
        hidden=math.ceil(shape.hidden * factor),
        inner=math.ceil(shape.inner * factor),
        layers=math.ceil(shape.layers * factor),
        head_dim=math.ceil(shape.head_dim * factor),
    )
