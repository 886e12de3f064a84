"""Fixes to libraries that must be in place before xtuner is imported (see compat.py)."""

from __future__ import annotations

import functools
import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from .config_facts import ConfigFacts


def hide_bitsandbytes(_: ConfigFacts | None = None) -> None:
    """Make every import of bitsandbytes fail, since it takes 6 s to load."""
    sys.modules["bitsandbytes"] = None  # type: ignore[assignment]


def import_peft(*, needs_bitsandbytes: bool = False) -> ModuleType:
    """Import peft without letting it import bitsandbytes, which it does whether needed or not."""
    if not needs_bitsandbytes and "bitsandbytes" not in sys.modules:
        hide_bitsandbytes()
    return importlib.import_module("peft")


def lacks_cpu_bf16(_: ConfigFacts) -> bool:
    """Return whether torch does not say if the CPU supports bfloat16."""
    import torch

    return not hasattr(torch.cpu, "is_bf16_supported")


def add_cpu_bf16(_: ConfigFacts) -> None:
    """Have torch say that the CPU supports bfloat16."""
    import torch

    torch.cpu.is_bf16_supported = lambda: True


def lacks_cuda(_: ConfigFacts) -> bool:
    """Return whether torch finds no GPU."""
    import torch

    return not torch.cuda.is_available()


def ignore_set_device(_: ConfigFacts) -> None:
    """Make torch.cuda.set_device do nothing."""
    import torch

    torch.cuda.set_device = lambda device: None


def lacks_is_safetensors_available(_: ConfigFacts) -> bool:
    """Return whether transformers has dropped is_safetensors_available."""
    import transformers.utils

    return not hasattr(transformers.utils, "is_safetensors_available")


def add_is_safetensors_available(_: ConfigFacts) -> None:
    """Add is_safetensors_available to transformers again."""
    import transformers.utils

    transformers.utils.is_safetensors_available = lambda *version: True


def read_checkpoints_as_data(_: ConfigFacts) -> None:
    """Make torch.load use our reader unless the caller says how to unpickle."""
    import torch

    from . import checkpoint_values

    load = torch.load

    @functools.wraps(load)
    def load_as_data(f: Any, *arguments: Any, **options: Any) -> Any:
        is_explicit = options.get("weights_only") is not None or options.get("pickle_module")
        if is_explicit or len(arguments) > 1:
            return load(f, *arguments, **options)
        if isinstance(f, (str, os.PathLike)):
            return checkpoint_values.load(Path(f))
        return load(f, *arguments, **options | {"weights_only": True})

    torch.load = load_as_data


def repacks_quantised_weights(facts: ConfigFacts) -> bool:
    """Return whether bitsandbytes may change the layout of 4-bit weights for the CPU."""
    if not facts.needs_bitsandbytes or not lacks_cuda(facts):
        return False
    import bitsandbytes.nn.modules

    return hasattr(bitsandbytes.nn.modules, "has_avx512bf16")


def keep_quantised_weights(_: ConfigFacts) -> None:
    """Have bitsandbytes keep the layout of 4-bit weights."""
    import bitsandbytes.nn.modules

    bitsandbytes.nn.modules.has_avx512bf16 = lambda: False


# --- tokenizers that encode as the model's tokenizer.json says -----------------------------------
# transformers 5 rebuilds a tokenizer that names a class (GPT2Tokenizer, Qwen2Tokenizer...)
# and takes only the vocabulary from tokenizer.json. If a model splits text in another way than the
# class (SmolLM2 names GPT2Tokenizer but splits digits one by one), it would be trained on, and
# asked with, tokens that it has never seen. Up to transformers 4 all of the file was used.


def rebuilds_tokenizers(_: ConfigFacts) -> bool:
    """Return whether this is a transformers that rebuilds tokenizers."""
    import transformers

    return int(transformers.__version__.partition(".")[0]) >= 5


def load_tokenizers_from_file(_: ConfigFacts) -> None:
    """Have AutoTokenizer.from_pretrained return tokenizers that follow their tokenizer.json."""
    from transformers import AutoTokenizer

    load = AutoTokenizer.from_pretrained
    if getattr(load, "keeps_to_file", False):
        return

    @functools.wraps(load)
    def from_pretrained(pretrained_model_name_or_path: Any, *rest: Any, **options: Any) -> Any:
        tokenizer = load(pretrained_model_name_or_path, *rest, **options)
        return keep_to_file(tokenizer, Path(str(pretrained_model_name_or_path)))

    from_pretrained.keeps_to_file = True  # type: ignore[attr-defined]
    AutoTokenizer.from_pretrained = from_pretrained


def keep_to_file(tokenizer: Any, folder: Path) -> Any:
    """Return *tokenizer* with the splitting, normalizing and model of the folder's tokenizer.json.

    A tokenizer without that file, or with the model's own code, stays as it is.
    """
    file = folder / "tokenizer.json"
    backend = getattr(tokenizer, "_tokenizer", None)
    is_own = not type(tokenizer).__module__.startswith("transformers.")
    if backend is None or is_own or not file.is_file():
        return tokenizer
    from tokenizers import Tokenizer

    as_written = Tokenizer.from_file(str(file))
    backend.model = as_written.model
    backend.normalizer = as_written.normalizer
    backend.pre_tokenizer = as_written.pre_tokenizer
    backend.decoder = as_written.decoder
    return tokenizer
