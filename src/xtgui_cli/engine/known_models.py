"""What is known of the models of transformers; of a model with code of its own nothing is."""

from __future__ import annotations

from typing import Any

from ..shared.packing import KEEPS_PACKS_APART

_BLOCKWISE = ("sdpa", "eager")
"""Attention implementations that build the mask from position ids, and add a mask of ours."""


def is_of_transformers(model: Any) -> bool:
    """Return whether a model (or the one in a PEFT model) is of a class of transformers itself."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    return type(base).__module__.startswith("transformers.")


def can_keep_apart(model: Any) -> bool:
    """Return whether samples in one row do not see each other.

    That is known of some models (`KEEPS_PACKS_APART`): where position ids restart, a new sample
    starts, and a mask of (1, 1, tokens, tokens) decides what each token attends to.

    Args:
        model: A model of transformers, or a PEFT model around one.
    """
    import transformers

    masks = getattr(transformers, "masking_utils", None)
    return (
        hasattr(masks, "find_packed_sequence_indices")
        and is_of_transformers(model)
        and model.config.model_type in KEEPS_PACKS_APART
        and model.config._attn_implementation in _BLOCKWISE
    )


def window_of(model: Any) -> int | None:
    """Return how many tokens the layers with the shortest sight attend to; None: all.

    Args:
        model: One that `can_keep_apart`; other models may name it differently.
    """
    window: int | None = getattr(model.config, "sliding_window", None)
    return window or None
