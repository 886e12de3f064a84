"""How xtuner holds a model with our settings and configs: what the memory is counted for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...settings.table import Settings
from ..gpus import Card
from ..machine import Machine
from ..plan_samples import longest_allowed
from .model_shape import ModelShape
from .training_memory import GIB, TrainingSetup, training_memory

USUAL_RANK = 64
"""XTuner's own, used unless the plan sets another."""


@dataclass(frozen=True, kw_only=True)
class Device:
    """What a run would train on."""

    kind: str
    """"cuda" or "cpu"."""
    name: str
    """The card's; "" for main memory."""
    total_gib: float
    free_gib: float
    """What other programs leave free; all of it for a card that is not in this machine."""
    has_bf16: bool
    """Whether the card is an Ampere or newer: it computes in bfloat16, its attention is fused."""


def device_of(machine: Machine) -> Device:
    """Return what a run trains on here: the first card, or main memory."""
    if machine.device == "cuda":
        return Device(
            kind="cuda",
            name=machine.gpu_name,
            total_gib=machine.gpu_gib,
            free_gib=machine.free_gpu_gib,
            has_bf16=machine.bf16,
        )
    return Device(
        kind="cpu",
        name="",
        total_gib=machine.ram_gib,
        free_gib=machine.free_ram_gib,
        has_bf16=False,
    )


def device_of_card(card: Card) -> Device:
    """Return a card that this machine lacks, as a device with all of its memory free."""
    return Device(
        kind="cuda",
        name=card.name,
        total_gib=card.memory_gib,
        free_gib=card.memory_gib,
        has_bf16=card.has_bf16,
    )


def set_up(settings: Settings, shape: ModelShape, device: Device) -> TrainingSetup:
    """Return how a run with these settings holds the model.

    On a card the configs hold a frozen base in 16 bits (compat.py, "frozen_base_kept_short"; with
    float16 only its linear layers) and compute under autocast; peft converts qlora's head,
    embedding and norms to float32. A CPU computes in float32.

    Args:
        settings: Activation checkpointing that is still open is set as the plan would. Samples are
            assumed to be as long as max_length allows.
        shape: The model's.
        device: The device that trains.
    """
    method, train = settings.method, settings.train
    is_cpu = device.kind == "cpu"
    is_short = method.trains_adapter and not method.quantizes_base and not is_cpu
    passes_short = is_short and device.has_bf16
    setup = TrainingSetup(
        method=method.name,
        length=longest_allowed(settings),
        batch_size=train.batch_size or 1,
        device=device.kind,
        base_bytes=2 if is_short else 4,
        other_bytes=2 if passes_short else 4,
        compute_bytes=4 if is_cpu else 2,
        autocast=not is_cpu,
        optim_type=train.optim_type,
        lora_r=settings.lora.lora_r or USUAL_RANK,
        lora_dropout=settings.lora.lora_dropout or 0.0,
        checkpointing=train.use_activation_checkpointing is not False,
        has_fused_attention=is_cpu or device.has_bf16,
    )
    if train.use_activation_checkpointing is not None or not is_cpu:
        return setup
    is_plenty = activation_bytes(shape, setup) <= device.free_gib * GIB / 2
    return replace(setup, checkpointing=not is_plenty)


def activation_bytes(shape: ModelShape, setup: TrainingSetup) -> int:
    """Return the memory of backward pass and loss without activation checkpointing."""
    memory = training_memory(shape, replace(setup, checkpointing=False))
    return memory.activations + memory.work
