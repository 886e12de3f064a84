"""The plan before the run: what the data allow, and the settings that follow from them.

What the user has set is obeyed, with a warning where it hurts; the rest is chosen here, each
choice with its reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..settings.layers import replace_values
from ..settings.table import BY_KEY, SETTINGS, Origin, Settings
from .machine import Machine
from .memory.model_shape import ModelShape
from .memory.training_memory import GIB
from .memory.training_setup import activation_bytes, device_of, set_up
from .packing import Measured
from .plan_samples import DataPlan, plan_samples
from .plan_steps import iters_per_epoch, plan_saving, plan_steps, plan_warmup
from .reasons import Reason, explain

_CHECKPOINTING = BY_KEY["train.use_activation_checkpointing"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will be trained, and how; the planned settings have their names."""

    samples: int
    """0: nothing is left to train on; the reasons say why."""
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
    settings: Settings,
    machine: Machine,
    *,
    shape: ModelShape | None,
    max_positions: int | None,
) -> Plan:
    """Return the plan for measured rows.

    Args:
        measured: The rows, counted under the settings' template.
        settings: What is None in them and can be planned is chosen here.
        machine: What trains.
        shape: The model's; None where it is of a kind that is not counted.
        max_positions: The longest sequence the model reads; None where nobody knows.
    """
    data = plan_samples(measured, settings, max_positions)
    if not data.samples.count:
        return _nothing(data)
    per_epoch = iters_per_epoch(data.samples.count, settings)
    epochs, accumulation, steps_reasons = plan_steps(per_epoch, settings)
    total = per_epoch * epochs
    ratio, warmup, warmup_reasons = plan_warmup(
        per_epoch, epochs, accumulation, settings.train.warmup_ratio
    )
    save, evaluate = plan_saving(per_epoch, epochs, settings)
    checkpointing, memory_reason = _plan_checkpointing(data, settings, shape, machine)
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


def with_plan(settings: Settings, plan: Plan) -> Settings:
    """Return the settings with everything decided: what was open is as the plan says."""
    chosen = {
        setting.key: getattr(plan, setting.name)
        for setting in SETTINGS
        if setting.planned and settings.value(setting) is None
    }
    return replace_values(settings, chosen, Origin.PLANNED)


def with_length(settings: Settings, tokens: int) -> Settings:
    """Return the settings with another max_length, such as the longest sample that there is."""
    return replace_values(settings, {"train.max_length": tokens}, Origin.PLANNED)


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


def _plan_checkpointing(
    data: DataPlan, settings: Settings, shape: ModelShape | None, machine: Machine
) -> tuple[bool, Reason]:
    chosen = settings.train.use_activation_checkpointing
    if shape is None:
        return chosen is not False, explain(_CHECKPOINTING, "checkpointing_unknown")
    device = device_of(machine)
    setup = set_up(with_length(settings, data.longest_sample), shape, device)
    needed_gib = activation_bytes(shape, setup) / GIB
    facts = {
        "needed_gib": f"{math.ceil(needed_gib * 10) / 10:.1f}",
        "free_gib": f"{device.free_gib:.1f}",
    }
    if chosen is not None:
        return chosen, explain(_CHECKPOINTING, "checkpointing_given", **facts)
    if device.kind != "cpu":
        return True, explain(_CHECKPOINTING, "checkpointing_gpu", **facts)
    name = "checkpointing_tight" if setup.checkpointing else "checkpointing_plenty"
    return setup.checkpointing, explain(_CHECKPOINTING, name, **facts)
