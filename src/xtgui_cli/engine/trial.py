"""Quantizes and trains a tiny model for two steps, to see whether all that a run needs works."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .compat import import_xtuner
from .config_facts import ConfigFacts
from .device import Loading, choose_device
from .serve import Reply

_STEPS = 2
_TOKENS, _VOCABULARY = 64, 256


def run(_: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Train an adapter on a 4-bit base as qlora does or, if that fails, on a 32-bit one.

    Args:
        _: The request, which has no fields.
        reply: Receives the phases.

    Returns:
        `device` ("cuda" or "cpu"), `name` of the GPU, `step_s` for both steps, `losses`, and
            `reason`
        why nothing can be quantized, "" if it can.
    """
    reply.enter("importing")
    import_xtuner(ConfigFacts(method="qlora"), [])
    import torch

    device = choose_device()
    has_bf16 = device.type == "cuda" and torch.cuda.get_device_capability(device)[0] >= 8
    short = "bfloat16" if has_bf16 else "float16" if device.type == "cuda" else "float32"
    with tempfile.TemporaryDirectory() as folder:
        _save_model(Path(folder))
        reason = ""
        try:
            reply.enter("quantising")
            model = _load(Path(folder), Loading(short, 4), device)
            _forward(model, device)
        except Exception as error:  # what bitsandbytes lacks shows in many ways
            reason = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            model = _load(Path(folder), Loading("float32", 32), device)
    reply.enter("training")
    began = time.monotonic()
    losses = _train(model, device)
    return {
        "device": device.type,
        "name": torch.cuda.get_device_name(device) if device.type == "cuda" else "",
        "step_s": time.monotonic() - began,
        "losses": losses,
        "reason": reason,
    }


def _save_model(folder: Path) -> None:
    """Write a random Llama of two layers."""
    from transformers import AutoModelForCausalLM, LlamaConfig

    config = LlamaConfig(
        vocab_size=_VOCABULARY,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=_TOKENS,
    )
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)


def _load(folder: Path, loading: Loading, device: Any) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, device_map=device, **loading.options())


def _ids(device: Any) -> Any:
    import torch

    return torch.arange(_TOKENS, device=device)[None] % _VOCABULARY


def _forward(model: Any, device: Any) -> Any:
    ids = _ids(device)
    return model(input_ids=ids, labels=ids).loss


def _train(model: Any, device: Any) -> list[float]:
    """Make both steps as xtuner does, with an adapter in 32 bits."""
    import torch
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

    model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    model = get_peft_model(model, LoraConfig(r=8, target_modules="all-linear"))
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-3)
    losses = []
    for _ in range(_STEPS):
        loss = _forward(model, device)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())  # waits for the device: what fails there fails here
    return losses
