"""What a run takes, of what, and whether that is enough: the values that views draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...settings.table import Settings
from .model_shape import ModelShape
from .suggestions import Suggestions
from .training_disk import Disk
from .training_memory import GIB, Memory, TrainingSetup
from .training_setup import Device

Verdict = Literal["fits", "tight", "crowded", "too_big"]
EASY = 0.9
"""Up to this part of what is free a run fits without a doubt about the estimate."""


@dataclass(frozen=True)
class Needs:
    """What a run takes, and of what."""

    shape: ModelShape
    run: TrainingSetup
    memory: Memory
    device: Device
    disk: Disk
    free_disk: int
    """Bytes."""

    @property
    def verdict(self) -> Verdict:
        """Whether the memory is enough. "crowded": it would be if other programs left it."""
        return verdict_of(self.memory.total / GIB, self.device)

    @property
    def has_disk(self) -> bool:
        """Whether the checkpoints have room."""
        return self.disk.training <= self.free_disk


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """All that is known of a run before it begins."""

    model: str
    settings: Settings
    needs: Needs
    suggestions: Suggestions | None
    """None if the run fits."""
    largest_fitting: str | None
    """The largest model of the catalogue that fits, where nothing makes this one fit."""
    iteration_s: float | None
    """How long an iteration took in this folder's last run of the same kind; None: unknown."""
    rough_s: float | None
    """How long the run will roughly take; None if the data are not counted."""
    total_iters: int | None
    """None: the data are not counted, and what the plan would decide is as usual."""


def verdict_of(needed_gib: float, device: Device) -> Verdict:
    """Say whether so much memory is there."""
    if needed_gib <= device.free_gib * EASY:
        return "fits"
    if needed_gib <= device.free_gib:
        return "tight"
    return "crowded" if needed_gib <= device.total_gib * EASY else "too_big"
