"""Which linear layers of a model get an adapter: those of its language model that PEFT supports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .config_facts import ConfigFacts


def choose_targets(_: ConfigFacts) -> None:
    """Have xtuner leave out of its own choice the layers where an adapter does no good."""
    import xtuner.model.sft as sft

    sft.find_all_linear_names = in_language_model(sft.find_all_linear_names)


def in_language_model(find_names: Callable[[Any], list[str]]) -> Callable[[Any], list[str]]:
    """Return xtuner's function without layers outside the language model, and of state spaces.

    The fused kernel of a Mamba layer reads the weight of `out_proj` and bypasses an adapter; PEFT
    refuses it for that reason (peft/tuners/tuners_utils.py, `_check_lora_target_modules_mamba`).
    """

    def find_targets(model: Any) -> list[str]:
        import torch

        names = set(find_names(model))
        linears = [
            name
            for name, module in model.named_modules()
            if isinstance(module, torch.nn.Linear) and name.rpartition(".")[2] in names
        ]
        outside = _outside(model)
        left_out = {name for name in linears if f"{name}.".startswith(outside)}
        left_out |= _passed_by(model)
        if left_out.isdisjoint(linears):
            return sorted(names)
        taken = [name for name in linears if name not in left_out]
        last_names = {name.rpartition(".")[2] for name in taken}
        others = {name.rpartition(".")[2] for name in left_out}
        # full names only if the short ones are ambiguous
        return sorted(taken if last_names & others else last_names)

    return find_targets


def _outside(model: Any) -> tuple[str, ...]:
    """Return the prefixes of modules that are neither in the language model nor its head."""
    try:
        decoder, head = model.get_decoder(), model.get_output_embeddings()
    except (AttributeError, NotImplementedError):  # a model that brings code of its own
        return ()
    inside = {
        id(module) for part in (decoder, head) if part is not None for module in part.modules()
    }
    if decoder is None or decoder is model:
        return ()
    around = {
        id(module) for module in model.modules() if any(id(m) in inside for m in module.modules())
    }
    return tuple(
        f"{name}." for name, module in model.named_modules() if name and id(module) not in around
    )


def _passed_by(model: Any) -> set[str]:
    """Return the names of state-space layers, found by their parameters, that kernels bypass."""
    return {
        f"{name}.out_proj"
        for name, module in model.named_modules()
        if all(hasattr(module, part) for part in ("conv1d", "A_log", "D"))
    }
