"""How xtuner holds a model under our settings and configs: what the memory is counted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...shared.settings import BY_KEY, default
from .model_shape import ModelShape
from .training_memory import GIB, Arrangement, Method, training_memory


@dataclass(frozen=True)
class Device:
    """What a run would train on."""

    kind: str
    """"cuda" or "cpu"."""
    name: str
    """Of the card; "" for the computer's own memory."""
    total_gib: float
    free_gib: float
    """What other programs leave of it; all of it for a card that is not looked at."""
    has_bf16: bool
    """Whether the card is an Ampere or newer: it computes in bfloat16, its attention is fused."""


def arrange(settings: Mapping[str, Any], shape: ModelShape, device: Device) -> Arrangement:
    """Give the arrangement of a run with these settings, by key; what is not set has its default.

    On a card the configs hold a frozen base in 16 bits (compat.py, "frozen_base_kept_short"; in
    float16 its linear layers alone) and compute under autocast; qlora's head, embedding and norms
    are made float32 by peft. A CPU computes in float32.
    """

    def value(key: str) -> Any:
        chosen = settings.get(key)
        return default(BY_KEY[key], method) if chosen is None else chosen

    method: Method = settings.get("train.method") or BY_KEY["train.method"].default
    is_cpu = device.kind == "cpu"
    is_short = method == "lora" and not is_cpu
    passes_short = is_short and device.has_bf16
    checkpointing = settings.get("train.use_activation_checkpointing")
    arrangement = Arrangement(
        method=method,
        length=value("train.max_length"),
        batch_size=value("train.batch_size"),
        device=device.kind,
        base_bytes=2 if is_short else 4,
        other_bytes=2 if passes_short else 4,
        compute_bytes=4 if is_cpu else 2,
        autocast=not is_cpu,
        optim_type=value("train.optim_type"),
        lora_r=value("lora.lora_r"),
        lora_dropout=value("lora.lora_dropout"),
        checkpointing=checkpointing is not False,
        has_fused_attention=is_cpu or device.has_bf16,
    )
    if checkpointing is None and is_cpu:
        return _as_planned_on_cpu(arrangement, shape, device)
    return arrangement


def _as_planned_on_cpu(run: Arrangement, shape: ModelShape, device: Device) -> Arrangement:
    """Leave checkpointing out where its saving is not needed, as the plan does."""
    without = replace(run, checkpointing=False)
    memory = training_memory(shape, without)
    is_plenty = memory.activations + memory.work <= device.free_gib * GIB / 2
    return without if is_plenty else run
