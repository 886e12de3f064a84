"""How long a run will roughly take on a machine that has not trained it yet.

A pass over a model costs 2 floating-point operations per parameter and token, and at least the time
to read all weights once, which dominates for short rows. The backward pass costs a frozen base one
more pass, full fine-tuning two, and recomputing activations one.

Measured on SmolLM2-135M, LoRA, float32, one core of an AMD EPYC with AVX-512 (torch 2.9.1): 0.56 s
for 48 tokens, 1.55 s for 4 x 48, 2.83 s for 8 x 48. For GPUs nothing was measured: the figures are
those of an RTX 2080 Ti at a third of its nominal speed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .machine import Machine
from .memory.model_shape import ModelShape
from .plan import Plan

_START_S = 20
"""Imports, loading the model, tokenizing."""
_PADDING = 1.15
"""Tokens computed per real token in a batch of rows of different lengths."""
_SIDE_BY_SIDE = 16
"""Answers that are generated at once."""


@dataclass(frozen=True)
class _Speed:
    flops: float
    bytes_per_s: float
    weight_bytes: int


_CORE = _Speed(flops=70e9, bytes_per_s=8e9, weight_bytes=4)
_MOST_CORES = 8
"""More hardly help: memory is the bottleneck."""
_CARD = _Speed(flops=20e12, bytes_per_s=300e9, weight_bytes=2)


def rough_seconds(plan: Plan, shape: ModelShape, machine: Machine, *, is_full: bool) -> float:
    """Return the duration of a planned run including its start; it may be off by a factor of two.

    Args:
        plan: The plan of the run.
        shape: The model's.
        machine: The machine that trains.
        is_full: Whether all weights are trained rather than an adapter.
    """
    passes = 2 + is_full + plan.use_activation_checkpointing
    speed = _speed(machine)
    tokens = plan.tokens * plan.max_epochs * (_PADDING if plan.batch_size > 1 else 1)
    computing = 2 * shape.parameters * passes * tokens / speed.flops
    reading = shape.parameters * speed.weight_bytes * (passes + 1) / speed.bytes_per_s
    return _START_S + computing + reading * plan.total_iters


def answer_seconds(
    shape: ModelShape, machine: Machine, prompt_tokens: int, answer_tokens: int
) -> float:
    """Return the time per answer if several are generated at once.

    All weights are read for each token; the model is already loaded.
    """
    speed = _speed(machine)
    computing = 2 * shape.parameters * (prompt_tokens + answer_tokens) / speed.flops
    reading = shape.parameters * speed.weight_bytes / speed.bytes_per_s
    return computing + reading * answer_tokens / _SIDE_BY_SIDE


def _speed(machine: Machine) -> _Speed:
    if machine.device != "cpu":
        return _CARD
    return replace(_CORE, flops=_CORE.flops * min(machine.cores, _MOST_CORES))
