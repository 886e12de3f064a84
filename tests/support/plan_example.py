"""A plan for tests of what is made of plans."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xtgui_cli.planning.memory.model_shape import ModelShape
from xtgui_cli.planning.plan import Plan

SMOLLM2 = ModelShape(
    hidden=576,
    layers=30,
    heads=9,
    kv_heads=3,
    head_dim=64,
    inner=1536,
    vocabulary=49152,
    is_tied=True,
    is_gated=True,
    model_type="llama",
    dtype="bfloat16",
)
"""The shape of SmolLM2-135M."""

_PLAN = Plan(
    samples=30,
    lost_share=0.0,
    tokens=10_000,
    cut_rows=0,
    vanished_rows=0,
    iters_per_epoch=30,
    total_iters=90,
    optimizer_steps=23,
    max_length=128,
    pack_to_max_length=False,
    batch_size=1,
    accumulative_counts=4,
    max_epochs=3,
    warmup_ratio=0.0,
    warmup_iters=0,
    save_steps=30,
    evaluation_freq=30,
    use_activation_checkpointing=True,
    lr=2e-4,
    lora_r=16,
    lora_alpha=32,
    lora_dropout=0.0,
    SYSTEM="",
    evaluation_inputs=(),
)


def plan_with(**changes: Any) -> Plan:
    """Return a plan of 30 samples in 3 epochs, changed."""
    return replace(_PLAN, **changes)
