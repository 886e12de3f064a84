"""Small random models of any class that transformers knows."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

SIZES = {
    "vocab_size": 256,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "max_position_embeddings": 256,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
OLD_SIZES = {"vocab_size": 256, "n_embd": 64, "n_layer": 2, "n_head": 4, "rotary_dim": 8}


def small_model(model_type: str, **changes: Any) -> Any:
    torch.manual_seed(0)
    sizes = OLD_SIZES if model_type in ("gpt2", "gptj", "codegen", "gpt_bigcode") else SIZES
    config = AutoConfig.for_model(model_type, **{**sizes, **changes})
    config.use_cache = False
    return AutoModelForCausalLM.from_config(config).float().eval()
