"""The plan before the run: what the data allow, and the settings that follow from them.

What the user has set is obeyed, with a warning if it hurts; the rest is chosen here, each choice
with its reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..settings.layers import replace_values
from ..settings.table import BY_KEY, SETTINGS, Origin, Settings
from ..shared.packing import joins_samples
from .base_facts import BaseFacts
from .machine import Machine
from .memory.model_shape import ModelShape
from .memory.training_memory import GIB
from .memory.training_setup import activation_bytes, device_of, set_up
from .packing import Measured
from .plan_samples import DataPlan, plan_samples
from .plan_steps import Trained, plan_saving, plan_steps, plan_warmup
from .reasons import Reason, explain
from .recipe import plan_rates, warn_of_few_rows
from .row_facts import RowFacts

_REPEAT_ROWS = BY_KEY["data.repeat_rows"]
_CHECKPOINTING = BY_KEY["train.use_activation_checkpointing"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will be trained, and how; planned settings have the settings' names."""

    samples: int
    """0: nothing is left to train on; the reasons say why."""
    lost_share: float
    """The share of the tokens that packing loses, from 0 to 1."""
    tokens: int
    """Of all samples, as trained in one epoch."""
    cut_rows: int
    vanished_rows: int
    iters_per_epoch: int
    total_iters: int
    optimizer_steps: int
    max_length: int
    pack_to_max_length: bool
    batch_size: int
    accumulative_counts: int
    max_epochs: int
    warmup_ratio: float
    warmup_iters: int
    save_steps: int
    evaluation_freq: int
    use_activation_checkpointing: bool
    lr: float
    lora_r: int
    lora_alpha: int
    lora_dropout: float
    SYSTEM: str
    evaluation_inputs: tuple[str, ...]
    repeat_rows: int = 1
    """How often each of the user's rows is trained in an epoch."""
    mix_general: int = 0
    """How many general questions are wanted."""
    val_ratio: float = 0.0
    """The share of the rows that is held out."""
    general_rows: int = 0
    """How many general questions are, or will be, among the rows."""
    held_out_rows: int = 0
    """How many of the user's rows are not trained."""
    reasons: tuple[Reason, ...] = ()
    longest_sample: int = 0
    """In tokens: what the memory depends on; 0 if nothing is left."""
    logit_tokens: int | None = None
    """Maximum tokens of a batch that a CPU computes logits for; None: all of them."""


def make_plan(measured: Measured, settings: Settings, machine: Machine, base: BaseFacts) -> Plan:
    """Return the plan for measured rows.

    Args:
        measured: The rows, counted under the settings' template.
        settings: Values that are None are chosen here, if they can be planned. Which rows are held
            out or mixed in has been chosen: `measured` is without the former and has the latter.
        machine: The machine that trains.
        base: The model that is trained.
    """
    data = plan_samples(measured, settings, base.max_positions, base.model_type)
    if not data.samples.count:
        return _nothing(data)
    trained = Trained(
        rows=data.samples.rows - data.samples.vanished_rows,
        own_rows=max(1, min(measured.taught, data.samples.rows)),
        repeats=measured.repeats,
        samples=data.samples.count,
        longest_sample=data.longest_sample,
        facts=measured.facts,
        taught_share=1 - measured.general / measured.rows,
    )
    steps = plan_steps(trained, settings)
    ratio, warmup, warmup_reasons = plan_warmup(steps, settings)
    save, evaluate = plan_saving(steps, settings)
    rates = plan_rates(settings, base.shape.hidden if base.shape else None, trained.own_rows)
    planned = {"train.batch_size": steps.batch_size, "lora.lora_r": rates.lora_r}
    settings = replace_values(settings, planned, Origin.PLANNED)
    checkpointing, memory_reason = _plan_checkpointing(data, settings, base.shape, machine)
    system = settings.train.SYSTEM
    return Plan(
        samples=data.samples.count,
        lost_share=data.samples.lost_share,
        tokens=data.samples.tokens - data.samples.lost_tokens,
        cut_rows=data.samples.cut_rows,
        vanished_rows=data.samples.vanished_rows,
        iters_per_epoch=steps.iters_per_epoch,
        total_iters=steps.iterations,
        optimizer_steps=steps.updates,
        max_length=data.max_length,
        pack_to_max_length=data.pack,
        batch_size=steps.batch_size,
        accumulative_counts=steps.accumulation,
        max_epochs=steps.epochs,
        warmup_ratio=ratio,
        warmup_iters=warmup,
        save_steps=save,
        evaluation_freq=evaluate,
        use_activation_checkpointing=checkpointing,
        lr=rates.lr,
        lora_r=rates.lora_r,
        lora_alpha=rates.lora_alpha,
        lora_dropout=rates.lora_dropout,
        SYSTEM=measured.facts.system if system is None else system,
        evaluation_inputs=settings.train.evaluation_inputs or _questions(measured.facts),
        repeat_rows=measured.repeats,
        mix_general=settings.data.mix_general or 0,
        val_ratio=settings.train.val_ratio or 0.0,
        general_rows=measured.general,
        held_out_rows=measured.held_out,
        reasons=(
            *warn_of_few_rows(measured.facts, trained.own_rows),
            *_repetition(measured, settings),
            *rates.reasons,
            *steps.reasons,
            *data.reasons,
            *warmup_reasons,
            memory_reason,
        ),
        longest_sample=data.longest_sample,
        logit_tokens=_logit_tokens(data, steps.batch_size, base.model_type),
    )


def _logit_tokens(data: DataPlan, batch_size: int, model_type: str) -> int | None:
    joined = joins_samples("cpu", model_type, batch_size * data.longest_sample)
    return batch_size * data.longest_answer if joined and not data.pack else None


def _questions(facts: RowFacts) -> tuple[str, ...]:
    """Return the evaluation questions: questions of the rows, and one that they do not ask."""
    return tuple(question for question in (*facts.questions, facts.outside) if question)


def _repetition(measured: Measured, settings: Settings) -> list[Reason]:
    is_planned = measured.repeats > 1 and not settings.is_given(_REPEAT_ROWS)
    return [explain(_REPEAT_ROWS, "plan.repeat_rows", times=measured.repeats)] if is_planned else []


def with_plan(settings: Settings, plan: Plan) -> Settings:
    """Return the settings with everything decided: open ones are set as planned."""
    chosen = {
        setting.key: getattr(plan, setting.name)
        for setting in SETTINGS
        if setting.planned and settings.value(setting) is None
    }
    return replace_values(settings, chosen, Origin.PLANNED)


def with_length(settings: Settings, tokens: int) -> Settings:
    """Return the settings with another max_length, such as that of the longest sample."""
    return replace_values(settings, {"train.max_length": tokens}, Origin.PLANNED)


def _nothing(data: DataPlan) -> Plan:
    return Plan(
        samples=0,
        lost_share=0.0,
        tokens=0,
        cut_rows=data.samples.cut_rows,
        vanished_rows=data.samples.vanished_rows,
        iters_per_epoch=0,
        total_iters=0,
        optimizer_steps=0,
        max_length=data.max_length,
        pack_to_max_length=data.pack,
        batch_size=1,
        accumulative_counts=1,
        max_epochs=1,
        warmup_ratio=0.0,
        warmup_iters=0,
        save_steps=1,
        evaluation_freq=1,
        use_activation_checkpointing=True,
        lr=0.0,
        lora_r=1,
        lora_alpha=1,
        lora_dropout=0.0,
        SYSTEM="",
        evaluation_inputs=(),
        reasons=data.reasons,
    )


def _plan_checkpointing(
    data: DataPlan, settings: Settings, shape: ModelShape | None, machine: Machine
) -> tuple[bool, Reason]:
    chosen = settings.train.use_activation_checkpointing
    if shape is None:
        return chosen is not False, explain(_CHECKPOINTING, "plan.checkpointing_unknown")
    device = device_of(machine)
    setup = set_up(with_length(settings, data.longest_sample), shape, device)
    needed_gib = activation_bytes(shape, setup) / GIB
    facts = {
        "needed_gib": f"{math.ceil(needed_gib * 10) / 10:.1f}",
        "free_gib": f"{device.free_gib:.1f}",
    }
    if chosen is not None:
        return chosen, explain(_CHECKPOINTING, "plan.checkpointing_given", **facts)
    if device.kind != "cpu":
        return True, explain(_CHECKPOINTING, "plan.checkpointing_gpu", **facts)
    is_tight = setup.checkpointing
    key = "plan.checkpointing_tight" if is_tight else "plan.checkpointing_plenty"
    return is_tight, explain(_CHECKPOINTING, key, **facts)
