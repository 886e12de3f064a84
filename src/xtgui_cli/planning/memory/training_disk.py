"""What a run writes to the disk, and how much of it is there at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .model_shape import ModelShape
from .training_memory import Arrangement, trained_tensors

_FLOAT = 4
_SHORT = 2
_STATE = {"SGD": 4, "AdamW": 8, "Adam": 8, "PagedAdamW32bit": 8}
"""Bytes of optimizer state for each number that is trained; all others hold 8 bits twice."""
_EIGHT_BIT = 2 * (1 + 4 / 256)
_BASICS = 200_000
"""A checkpoint's config, log values and names; with the random states beside it."""


@dataclass(frozen=True)
class Disk:
    """Bytes on the disk."""

    checkpoint: int
    """One checkpoint of xtuner's: what is trained in float32, and the optimizer's state."""
    resume_state: int
    """What lies beside each for an exact resume: the gradients of an unfinished accumulation."""
    kept: int | None
    """How many checkpoints are kept; None: all, and nobody knows how many that will be."""
    converted: int
    """The Hugging Face adapter or model that is made of one."""
    merged: int
    """The merged model, in the base's own dtype; 0 with full."""

    @property
    def training(self) -> int:
        """What must be free for the training: a new checkpoint is whole before an old one goes."""
        count = (self.kept or 1) + 1
        return count * (self.checkpoint + self.resume_state)


def training_disk(
    shape: ModelShape, run: Arrangement, save_total_limit: int, plan: Mapping[str, Any] | None
) -> Disk:
    """Give what a run writes.

    Args — plan: total_iters, save_steps, max_epochs and accumulative_counts of the run, where they
    are known: fewer saves than the limit take less room.
    """
    trained = sum(trained_tensors(shape, run))
    if run.method == "full":
        trained = shape.parameters
    state = _STATE.get(run.optim_type, _EIGHT_BIT)
    accumulates = plan is None or plan["accumulative_counts"] > 1
    saves = _saves(plan) if plan is not None else None
    kept = saves if save_total_limit < 0 else save_total_limit
    if saves is not None and kept is not None:
        kept = min(kept, saves)
    base_bytes = _FLOAT if shape.dtype == "float32" else _SHORT
    whole = shape.parameters * base_bytes
    return Disk(
        checkpoint=int(trained * (_FLOAT + state)) + _BASICS,
        resume_state=trained * _FLOAT if accumulates else 0,
        kept=kept,
        converted=whole if run.method == "full" else trained * _FLOAT,
        merged=0 if run.method == "full" else whole,
    )


def _saves(plan: Mapping[str, Any]) -> int:
    """Give how often is saved at most: at intervals, at the ends of epochs, at the end."""
    return int(plan["total_iters"] // plan["save_steps"] + plan["max_epochs"])
