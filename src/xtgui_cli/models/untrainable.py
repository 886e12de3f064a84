"""Models that this engine cannot train well, and those that it trains slowly.

Recognized by `config.json` if the model is here, by its name before it is downloaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from ..planning.memory.model_shape import count_experts

Reason = Literal["multimodal", "experts", "quantised"]
"""The key of a sentence: `model.untrainable_...`."""

_SENSES = ("vision_config", "audio_config", "speech_config", "visual", "mm_vision_tower")
"""Keys of config.json for the parts of a model that see or hear."""
_TEXT_ALONE = frozenset({"qwen3_5"})
"""Types of which transformers 5.23 loads only the language model (AutoModelForCausalLM uses their
text_config and leaves the rest), so that nothing else could be adapted."""
_TRAINABLE_QUANTISATION = frozenset({"bitsandbytes"})
_RECURRENT = ("mamba", "linear_attention", "conv", "recurrent")
"""Names in `layer_types` of config.json for layers that carry a state from token to token."""
_RECURRENT_TYPES = frozenset(
    {"bamba", "falcon_h1", "falcon_mamba", "jamba", "mamba", "mamba2", "nemotron_h", "olmo_hybrid"}
    | {"recurrent_gemma", "rwkv", "xlstm", "zamba", "zamba2", "lfm2", "lfm3", "qwen3_5"}
    | {"qwen3_5_text", "qwen3_next", "kimi_linear", "bailing_hybrid"}
)
"""Model types with such layers whose config need not list them."""

_BY_NAME: tuple[tuple[Reason, str], ...] = (
    ("quantised", r"-(fp8|awq|gptq|int4|int8|mxfp4|nvfp4)\b|-gptq-int\d"),
    ("multimodal", r"gemma-3-(4|12|27)b|gemma-3n|gemma-4|ministral-3-|qwen[\d.]*-vl|internvl"),
    ("multimodal", r"minicpm-[vo]\b|llama-3\.2-\d+b-vision|pixtral|llava"),
    ("experts", r"-\d+b-a\d+(\.\d+)?b|gpt-oss-|mixtral-|granite-[\d.]+-h-(tiny|small)|llama-4-"),
    ("experts", r"glm-4\.[5-9](-air|-flash)?$|deepseek-(v[2-4]|r1$)"),
)
"""Names of repositories that will be refused."""


def find_reason(config: Mapping[str, Any]) -> Reason | None:
    """Return why a model with that config.json is not trained; None if it can be."""
    quantised = config.get("quantization_config")
    if isinstance(quantised, dict):
        method = str(quantised.get("quant_method") or "").lower()
        if method and method not in _TRAINABLE_QUANTISATION:
            return "quantised"
    has_senses = any(config.get(key) for key in _SENSES)
    if has_senses and str(config.get("model_type")) not in _TEXT_ALONE:
        return "multimodal"
    return "experts" if count_experts(config) > 1 else None


def guess_reason(name: str) -> Reason | None:
    """Return why a model of that name will likely not be trained, before it is downloaded."""
    bare = name.rstrip("/").rpartition("/")[2]
    found = (reason for reason, pattern in _BY_NAME if re.search(pattern, bare, re.IGNORECASE))
    return next(found, None)


def is_hybrid(config: Mapping[str, Any]) -> bool:
    """Return whether some layers carry a state from token to token instead of attending."""
    inner = config.get("text_config")
    facts = {**config, **(inner if isinstance(inner, dict) else {})}
    layers = facts.get("layer_types")
    if isinstance(layers, list):
        return any(str(layer).startswith(_RECURRENT) for layer in layers)
    return str(config.get("model_type")) in _RECURRENT_TYPES
