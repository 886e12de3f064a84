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
LATENT: dict[str, Any] = {
    "num_key_value_heads": 4,
    "q_lora_rank": 16,
    "kv_lora_rank": 16,
    "qk_nope_head_dim": 8,
    "qk_rope_head_dim": 8,
    "v_head_dim": 16,
    "head_dim": None,
}
"""Sizes of latent attention."""
NO_EXPERTS: dict[str, Any] = {
    "num_local_experts": 0,
    "num_experts_per_tok": 0,
    "shared_intermediate_size": 96,
    "head_dim": None,
}
SIZES_OF: dict[str, dict[str, Any]] = {
    "gpt_neo": {
        "attention_types": [[["global", "local"], 1]],
        "num_key_value_heads": None,
        "window_size": 8,
    },
    "granitemoehybrid": NO_EXPERTS | {"layer_types": ["attention"] * 2},
    "minicpm3": LATENT,
    "phi3": {"head_dim": None},
    "youtu": LATENT,
}
"""What a type needs beside the usual sizes; None takes one of those away."""
OLD_SIZES = {"vocab_size": 256, "n_embd": 64, "n_layer": 2, "n_head": 4, "rotary_dim": 8}


def small_config(model_type: str, **changes: Any) -> Any:
    """Return the config of a small model, with sizes that differ from one another."""
    sizes = OLD_SIZES if model_type in ("gpt2", "gptj", "codegen", "gpt_bigcode") else SIZES
    facts = {**sizes, **SIZES_OF.get(model_type, {}), **changes}
    known = {name: value for name, value in facts.items() if value is not None}
    config = AutoConfig.for_model(model_type, **known)
    config.use_cache = False
    return config


def small_model(model_type: str, **changes: Any) -> Any:
    """Return a small model with random weights, always the same ones."""
    torch.manual_seed(0)
    config = small_config(model_type, **changes)
    return AutoModelForCausalLM.from_config(config).float().eval()
