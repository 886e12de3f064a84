"""What to change if a run is too big: each setting that helps, and what it saves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...settings.layers import replace_values
from ...settings.table import Origin, Settings, Value
from .model_shape import ModelShape
from .training_memory import Memory, training_memory
from .training_setup import Device, set_up

SHORTEST = 256
"""With fewer tokens hardly any conversation is complete."""
LOWEST_RANK = 8
SMALLEST: Mapping[str, Value] = {
    "train.method": "qlora",
    "train.batch_size": 1,
    "train.max_length": SHORTEST,
    "train.use_activation_checkpointing": True,
    "train.optim_type": "AdamW8bit",
    "lora.lora_r": LOWEST_RANK,
}
"""The settings, by key, with which a run takes least."""
_WORTH = 0.01
"""The share of the need below which a saving is not worth mentioning."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run that may be too big."""

    shape: ModelShape
    settings: Settings
    device: Device
    room_bytes: float
    """The memory that it may take."""

    def memory(self, changes: Mapping[str, Value]) -> Memory:
        """Return the memory that the run takes with some settings changed."""
        settings = replace_values(self.settings, changes, Origin.FLAG)
        return training_memory(self.shape, set_up(settings, self.shape, self.device))


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One change, or several that help only together."""

    changes: Mapping[str, Value]
    """Setting key to its new value."""
    saves: int
    """Bytes saved."""
    needs: int
    """Bytes that the run takes with it."""
    fits: bool


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """What helps."""

    single: tuple[Suggestion, ...]
    """Changes that help by themselves, those that are enough first, then by savings."""
    together: Suggestion | None
    """The fewest changes that are enough together if no single one is; all, if not even they
    are."""

    @property
    def is_enough(self) -> bool:
        """Whether anything makes the run fit."""
        return any(each.fits for each in (*self.single, self.together) if each)


def find_suggestions(run: Run) -> Suggestions:
    """Return what makes a run fit into the available memory."""
    now = run.memory({}).total
    single = [_suggest(run, changes, now) for changes in _candidates(run)]
    worth = [each for each in single if each.saves >= _WORTH * now]
    worth.sort(key=lambda each: (not each.fits, -each.saves))
    fits = any(each.fits for each in worth)
    return Suggestions(single=tuple(worth), together=None if fits else _together(run, now))


def _suggest(run: Run, changes: Mapping[str, Value], now: int) -> Suggestion:
    needs = run.memory(changes).total
    return Suggestion(changes=changes, saves=now - needs, needs=needs, fits=needs <= run.room_bytes)


def _candidates(run: Run) -> Iterator[dict[str, Value]]:
    """Yield the changes that may help, each with the mildest value that is enough, or the last."""
    for key, values in _ladders(run):
        enough = (value for value in values if run.memory({key: value}).total <= run.room_bytes)
        yield {key: next(enough, values[-1])}


def _ladders(run: Run) -> list[tuple[str, Sequence[Value]]]:
    """Return each setting that helps with its values, mild ones first, and mild settings first."""
    settings = run.settings
    setup = set_up(settings, run.shape, run.device)
    has_8_bit = run.device.kind == "cpu" or setup.optim_type.endswith("8bit")
    ranks = _halves(setup.lora_r, LOWEST_RANK) if setup.trains_adapter else []
    ladders: list[tuple[str, Sequence[Value]]] = [
        ("train.use_activation_checkpointing", [] if setup.checkpointing else [True]),
        ("train.batch_size", _halves(setup.batch_size, 1)),
        ("train.optim_type", [] if has_8_bit else ["PagedAdamW8bit"]),
        ("train.method", settings.method.lighter),
        ("lora.lora_r", ranks),
        ("train.max_length", _halves(setup.length, SHORTEST)),
    ]
    return [(key, values) for key, values in ladders if values]


def _halves(value: int, least: int) -> list[int]:
    halves = []
    while value // 2 >= least:
        value //= 2
        halves.append(value)
    return halves


def _together(run: Run, now: int) -> Suggestion | None:
    """Return changes that are enough together, step by step from the mildest; or all of them."""
    changes: dict[str, Value] = {}
    for key, values in _ladders(run):
        for value in values:
            before = run.memory(changes).total
            tried = {**changes, key: value}
            needs = run.memory(tried).total
            if before - needs >= _WORTH * now:
                changes = tried
            if needs <= run.room_bytes and changes == tried:
                return _suggest(run, changes, now)
    return _suggest(run, changes, now) if changes else None
