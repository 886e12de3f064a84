"""A rough count of what a training iteration keeps in memory for its backward pass."""

from __future__ import annotations

from typing import Protocol

_FLOAT = 4


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
    """Give the bytes of activations without checkpointing, in float32.

    Counted per layer and token: what the linear layers, norms, rotary embedding, attention and
    activation function of a Llama-like block keep (about 16 times the hidden and 4 times the inner
    size), an adapter's copies on top (its dropout's output and mask for every linear layer's
    input), and three copies of the logits. Attention without the square matrix (sdpa).
    """
    hidden = model.hidden_size or 4096
    inner = model.intermediate_size or 4 * hidden
    layers = model.layers or 32
    kept = 16 * hidden + 4 * inner
    if method != "full":
        kept += 2 * (6 * hidden + inner)
    logits = 3 * (model.vocab_size or 32000)
    return tokens * _FLOAT * (layers * kept + logits)
