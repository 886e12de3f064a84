"""What a run needs, what there is, and whether that is enough: the values that views draw."""

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
"""Up to this share of the free memory a run certainly fits."""


@dataclass(frozen=True)
class Needs:
    """What a run needs, and what there is."""

    shape: ModelShape
    run: TrainingSetup
    memory: Memory
    device: Device
    disk: Disk
    free_disk: int
    """In bytes."""

    @property
    def verdict(self) -> Verdict:
        """Whether the memory is enough; "crowded": it would be without other programs."""
        return verdict_of(self.memory.total / GIB, self.device)

    @property
    def has_disk(self) -> bool:
        """Whether there is disk space for the checkpoints."""
        return self.disk.training <= self.free_disk


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Everything that is known about a run before it begins."""

    model: str
    settings: Settings
    needs: Needs
    suggestions: Suggestions | None
    """None if the run fits."""
    largest_fitting: str | None
    """The largest model of the catalogue that fits, if nothing makes this one fit."""
    iteration_s: float | None
    """How long an iteration took in this folder's last run of the same kind; None if unknown."""
    rough_s: float | None
    """How long the run will roughly take; None if the data are not counted."""
    total_iters: int | None
    """None if the data are not counted, so that the plan's decisions are assumed to be as usual."""


def verdict_of(needed_gib: float, device: Device) -> Verdict:
    """Return whether so much memory is available."""
    if needed_gib <= device.free_gib * EASY:
        return "fits"
    if needed_gib <= device.free_gib:
        return "tight"
    return "crowded" if needed_gib <= device.total_gib * EASY else "too_big"
