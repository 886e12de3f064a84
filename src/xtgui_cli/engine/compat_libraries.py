"""Fixes to torch and transformers that must be there before xtuner is imported (see compat.py)."""

from __future__ import annotations

import functools
from typing import Any

from .config_facts import ConfigFacts


def lacks_cpu_bf16(_: ConfigFacts) -> bool:
    import torch

    return not hasattr(torch.cpu, "is_bf16_supported")


def add_cpu_bf16(_: ConfigFacts) -> None:
    import torch

    torch.cpu.is_bf16_supported = lambda: True


def lacks_cuda(_: ConfigFacts) -> bool:
    import torch

    return not torch.cuda.is_available()


def ignore_set_device(_: ConfigFacts) -> None:
    import torch

    torch.cuda.set_device = lambda device: None


def lacks_is_safetensors_available(_: ConfigFacts) -> bool:
    import transformers.utils

    return not hasattr(transformers.utils, "is_safetensors_available")


def add_is_safetensors_available(_: ConfigFacts) -> None:
    import transformers.utils

    transformers.utils.is_safetensors_available = lambda *version: True


def read_by_allow_list(_: ConfigFacts) -> None:
    """Make torch.load, where the caller names no way of unpickling, use the allow-list."""
    import torch

    from . import unpickler

    load = torch.load

    @functools.wraps(load)
    def load_by_allow_list(*arguments: Any, **options: Any) -> Any:
        if options.get("weights_only") is None and options.get("pickle_module") is None:
            options |= {"pickle_module": unpickler, "weights_only": False}
        return load(*arguments, **options)

    torch.load = load_by_allow_list


def repacks_quantised_weights(facts: ConfigFacts) -> bool:
    if not facts.needs_bitsandbytes or not lacks_cuda(facts):
        return False
    import bitsandbytes.nn.modules

    return hasattr(bitsandbytes.nn.modules, "has_avx512bf16")


def keep_quantised_weights(_: ConfigFacts) -> None:
    import bitsandbytes.nn.modules

    bitsandbytes.nn.modules.has_avx512bf16 = lambda: False
