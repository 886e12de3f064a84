"""A rough count of what a training iteration keeps in memory for its backward pass."""

from __future__ import annotations

from typing import Protocol

from .model_shape import ModelShape
from .training_memory import Arrangement, Method, kept_by_layer

_USUAL_HEAD = 128
"""The width of one attention head; it matters little here."""


class ModelFacts(Protocol):
    """What the plan asks of a model; 0 where unknown."""

    @property
    def max_positions(self) -> int | None: ...
    @property
    def hidden_size(self) -> int: ...
    @property
    def intermediate_size(self) -> int: ...
    @property
    def layers(self) -> int: ...
    @property
    def vocab_size(self) -> int: ...


def activation_bytes(model: ModelFacts, tokens: int, method: str) -> int:
    """Give the bytes of activations and loss without checkpointing, in float32.

    Counted as `training_memory` does; heads are taken as usual, none of them shared.
    """
    hidden = model.hidden_size or 4096
    heads = max(hidden // _USUAL_HEAD, 1)
    shape = ModelShape(
        hidden=hidden,
        layers=model.layers or 32,
        heads=heads,
        kv_heads=heads,
        head_dim=hidden // heads,
        inner=model.intermediate_size or 4 * hidden,
        vocabulary=model.vocab_size or 32000,
        is_tied=False,
        is_gated=True,
        model_type="",
        dtype="",
    )
    kind: Method = "full" if method == "full" else "lora"
    run = Arrangement(kind, tokens, device="cpu", compute_bytes=4, autocast=False)
    kept = shape.layers * kept_by_layer(shape, run)
    return int(kept + tokens * shape.vocabulary * run.loss_bytes)
