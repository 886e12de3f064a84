"""What a run writes to the disk, and how much of it exists at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .model_shape import ModelShape
from .training_memory import TrainingSetup, state_bytes, trained_tensors

if TYPE_CHECKING:
    from ..plan import Plan

_FLOAT = 4
_SHORT = 2
_BASICS = 200_000
"""A checkpoint's config, logged values and names, and the random states beside it."""


@dataclass(frozen=True)
class Disk:
    """Bytes on the disk."""

    checkpoint: int
    """One checkpoint of xtuner's: the trained weights in float32, and the optimizer's state."""
    resume_state: int
    """The resume state beside each: the gradients of an unfinished accumulation."""
    kept: int | None
    """How many checkpoints are kept; None: all of an unknown number."""
    converted: int
    """The Hugging Face adapter or model made from a checkpoint."""
    merged: int
    """The merged model, in the base's own dtype; 0 for full fine-tuning."""

    @property
    def training(self) -> int:
        """Space needed for training: a new checkpoint is complete before an old one is deleted."""
        count = (self.kept or 1) + 1
        return count * (self.checkpoint + self.resume_state)


def training_disk(
    shape: ModelShape, run: TrainingSetup, save_total_limit: int, plan: Plan | None
) -> Disk:
    """Return what a run writes.

    Args:
        shape: The model's.
        run: How the model is held and trained.
        save_total_limit: How many checkpoints are kept; -1: all.
        plan: None if the data are not counted. Fewer saves than the limit take less room.
    """
    trained = sum(trained_tensors(shape, run)) if run.trains_adapter else shape.parameters
    accumulates = plan is None or plan.accumulative_counts > 1
    saves = _saves(plan) if plan is not None else None
    kept = saves if save_total_limit < 0 else save_total_limit
    if saves is not None and kept is not None:
        kept = min(kept, saves)
    base_bytes = _FLOAT if shape.dtype == "float32" else _SHORT
    whole = shape.parameters * base_bytes
    return Disk(
        checkpoint=int(trained * (_FLOAT + state_bytes(run))) + _BASICS,
        resume_state=trained * _FLOAT if accumulates else 0,
        kept=kept,
        converted=trained * _FLOAT if run.trains_adapter else whole,
        merged=whole if run.trains_adapter else 0,
    )


def _saves(plan: Plan) -> int:
    """Return the maximum number of saves: at intervals, at the ends of epochs, at the end."""
    return plan.total_iters // plan.save_steps + plan.max_epochs
