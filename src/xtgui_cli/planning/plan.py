"""The plan before the run: what the data allow, and the settings that follow from them.

What the user has set is obeyed, with a warning where it hurts; the rest is chosen here, each
choice with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..shared.settings import BY_KEY
from .memory.activations import ModelFacts, activation_bytes
from .packing import Measured
from .plan_samples import DataPlan, plan_samples
from .plan_steps import iters_per_epoch, plan_saving, plan_steps, plan_warmup
from .reasons import Reason

__all__ = ["MachineFacts", "Measured", "Plan", "Reason", "make_plan"]


class MachineFacts(Protocol):
    """What the plan asks of a machine."""

    @property
    def device(self) -> str: ...
    @property
    def free_ram_gib(self) -> float: ...


@dataclass(frozen=True)
class Plan:
    """What will be trained, and how."""

    samples: int
    lost_share: float
    """The part of the tokens that packing loses, from 0 to 1."""
    cut_rows: int
    vanished_rows: int
    iters_per_epoch: int
    total_iters: int
    optimizer_steps: int
    max_length: int
    pack_to_max_length: bool
    accumulative_counts: int
    max_epochs: int
    warmup_ratio: float
    warmup_iters: int
    save_steps: int
    evaluation_freq: int
    use_activation_checkpointing: bool
    reasons: tuple[Reason, ...] = ()
    longest_sample: int = 0
    """In tokens: what the memory follows from; 0 where nothing is left."""


def make_plan(
    measured: Measured,
    settings: Mapping[str, Any],
    model: ModelFacts,
    machine: MachineFacts,
) -> Plan:
    """Give the plan for measured rows.

    Args — settings: what the user has set, by key ("train.lr"); a missing key or None is planned.
    A plan of 0 samples means that nothing is left to train on; its reasons say why.
    """
    given = {key: value for key, value in settings.items() if value is not None}
    data = plan_samples(measured, given, model)
    if not data.samples.count:
        return _nothing(data)
    per_epoch = iters_per_epoch(data.samples.count, given)
    epochs, accumulation, steps_reasons = plan_steps(per_epoch, given)
    total = per_epoch * epochs
    ratio, warmup, warmup_reasons = plan_warmup(per_epoch, epochs, accumulation, given)
    save, evaluate = plan_saving(per_epoch, epochs, given)
    checkpointing, memory_reason = _plan_memory(data, given, model, machine)
    return Plan(
        samples=data.samples.count,
        lost_share=data.samples.lost_share,
        cut_rows=data.samples.cut_rows,
        vanished_rows=data.samples.vanished_rows,
        iters_per_epoch=per_epoch,
        total_iters=total,
        optimizer_steps=math.ceil(total / accumulation),
        max_length=data.max_length,
        pack_to_max_length=data.pack,
        accumulative_counts=accumulation,
        max_epochs=epochs,
        warmup_ratio=ratio,
        warmup_iters=warmup,
        save_steps=save,
        evaluation_freq=evaluate,
        use_activation_checkpointing=checkpointing,
        reasons=(*data.reasons, *steps_reasons, *warmup_reasons, memory_reason),
        longest_sample=data.longest_sample,
    )


def _nothing(data: DataPlan) -> Plan:
    return Plan(
        samples=0,
        lost_share=0.0,
        cut_rows=data.samples.cut_rows,
        vanished_rows=data.samples.vanished_rows,
        iters_per_epoch=0,
        total_iters=0,
        optimizer_steps=0,
        max_length=data.max_length,
        pack_to_max_length=data.pack,
        accumulative_counts=1,
        max_epochs=1,
        warmup_ratio=0.0,
        warmup_iters=0,
        save_steps=1,
        evaluation_freq=1,
        use_activation_checkpointing=True,
        reasons=data.reasons,
    )


def _plan_memory(
    data: DataPlan, given: Mapping[str, Any], model: ModelFacts, machine: MachineFacts
) -> tuple[bool, Reason]:
    key = "train.use_activation_checkpointing"
    method = given.get("train.method", BY_KEY["train.method"].default)
    tokens = data.longest_sample * given.get("train.batch_size", 1)
    needed_gib = activation_bytes(model, tokens, method) / (1 << 30)
    shown = math.ceil(needed_gib * 10) / 10
    facts = {"needed_gib": f"{shown:.1f}", "free_gib": f"{machine.free_ram_gib:.1f}"}
    if key in given:
        return bool(given[key]), Reason(key, "plan.checkpointing_given", facts)
    if machine.device != "cpu":
        return True, Reason(key, "plan.checkpointing_gpu", facts)
    is_tight = needed_gib > machine.free_ram_gib / 2
    code = "plan.checkpointing_tight" if is_tight else "plan.checkpointing_plenty"
    return is_tight, Reason(key, code, facts)
