"""Reads which special tokens a model folder's tokenizer has, as transformers would set them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAMES = (
    "bos_token",
    "eos_token",
    "unk_token",
    "sep_token",
    "pad_token",
    "cls_token",
    "mask_token",
)

# What a tokenizer class of transformers takes where neither file says anything.
_CLASS_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "Llama": {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"},
    "CodeLlama": {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"},
    "Gemma": {"bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>"},
    "GPT2": {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"},
    "Qwen2": {"eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>"},
}


def read_special_tokens(folder: Path, tokenizer_config: Mapping[str, Any]) -> dict[str, str]:
    """Give the special tokens that are set: tokenizer_config.json, else special_tokens_map.json."""
    kind = str(tokenizer_config.get("tokenizer_class") or "")
    kind = kind.removesuffix("Fast").removesuffix("Tokenizer")
    sources = (tokenizer_config, _special_tokens_map(folder), _CLASS_DEFAULTS.get(kind, {}))
    tokens: dict[str, str] = {}
    for name in NAMES:
        said = next((source[name] for source in sources if name in source), None)
        text = said.get("content") if isinstance(said, dict) else said
        if isinstance(text, str) and text:
            tokens[name] = text
    return tokens


def _special_tokens_map(folder: Path) -> Mapping[str, Any]:
    try:
        content = json.loads((folder / "special_tokens_map.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
