"""Checkpoints as xtuner writes them, made in a second and without training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

RANK, ALPHA = 8, 16

_CONFIG = """
model = dict(
    llm=dict(
        pretrained_model_name_or_path={base!r},{quantised}
        type='transformers.AutoModelForCausalLM.from_pretrained'),
    lora=dict(
        bias='none', lora_alpha={alpha}, lora_dropout=0.1, r={rank}, type='peft.LoraConfig'))
"""
_QUANTISED = "\n        quantization_config=dict(load_in_4bit=True),"


def config_text(base: Path, method: str) -> str:
    """Return the part of a dumped config that a conversion reads."""
    quantised = _QUANTISED if method == "qlora" else ""
    return _CONFIG.format(base=str(base), quantised=quantised, alpha=ALPHA, rank=RANK)


def save_checkpoint(path: Path, base: Path, method: str, seed: int = 1) -> Path:
    """Write what a run of *method* would: seeded random changes, large enough to be heard."""
    import torch
    from mmengine.logging import HistoryBuffer
    from safetensors.torch import load_file

    dice = torch.Generator().manual_seed(seed)
    weights = load_file(base / "model.safetensors")
    state: dict[str, Any] = {}
    for name, weight in weights.items():
        if method == "full":
            change = torch.randn(weight.shape, generator=dice) * 0.02
            state[f"llm.{name}"] = weight.float() + change
        elif weight.ndim == 2 and "layers" in name:
            module = f"llm.base_model.model.{name.removesuffix('.weight')}"
            a = torch.randn((RANK, weight.shape[1]), generator=dice) * 0.2
            b = torch.randn((weight.shape[0], RANK), generator=dice) * 0.2
            state[f"{module}.lora_A.default.weight"] = a
            state[f"{module}.lora_B.default.weight"] = b
    torch.save(
        {
            "meta": {"epoch": 0, "iter": 20, "cfg": config_text(base, method), "seed": 42},
            "state_dict": state,
            "message_hub": {"log_scalars": {"train/loss": HistoryBuffer([2.0, 1.5], [1, 1])}},
            "optimizer": {"state": {0: {"exp_avg": torch.zeros(4)}}, "param_groups": []},
            "param_schedulers": [{"last_step": 20}],
        },
        path,
    )
    return path
