"""The settings that are compared: xtgui's own, and the published defaults of other tools.

Batch size and accumulation are the tools' own; schedules that xtuner does not have become its
cosine. The source is named beside each, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Settings = Mapping[str, Any]

_AS_IT_IS: Settings = {"data.mix_general": 0, "train.val_ratio": 0.0}
"""None of them mixes anything in or holds rows back."""


def _other(**settings: Any) -> Settings:
    said = {
        "train.pack_to_max_length": False,
        "lora.lora_dropout": 0.0,
        "train.warmup_ratio": 0.1,
        **_AS_IT_IS,
    }
    named = {
        f"{'lora' if name.startswith('lora') else 'train'}.{name}": value
        for name, value in settings.items()
    }
    return said | named


RECIPES: Mapping[str, Settings] = {
    "xtgui": {},
    # xtuner 0.2.0, configs/llama/llama2_7b_chat
    "xtuner": {"train.recipe": "xtuner", **_AS_IT_IS},
    # LLaMA-Factory, examples/train_lora/*_lora_sft.yaml
    "llamafactory": _other(
        lora_r=8, lora_alpha=16, lr=1e-4, batch_size=1, accumulative_counts=8, max_epochs=3
    ),
    # unsloth_cli/config.py
    "unsloth": _other(
        lora_r=64, lora_alpha=16, lr=2e-4, batch_size=2, accumulative_counts=4, max_epochs=3
    ),
    # axolotl, examples/llama-3/lora-1b.yml
    "axolotl": _other(
        lora_r=16,
        lora_alpha=32,
        lora_dropout=0.05,
        lr=2e-4,
        batch_size=2,
        accumulative_counts=2,
        max_epochs=1,
    ),
    # torchtune, recipes/configs/llama3_2/1B_lora_single_device.yaml
    "torchtune": _other(
        lora_r=64, lora_alpha=128, lr=3e-4, batch_size=4, accumulative_counts=8, max_epochs=1
    ),
}
