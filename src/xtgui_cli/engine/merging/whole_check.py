"""Compares a merged model with base and adapter: which token each finds likeliest.

peft adds B·(A·x) to what a layer gives; it shares nothing with how weights are folded here. Both
models compute in float32, so that what is compared is the weights and not the noise of computing;
within `rounded_inputs`, that noise is as large as what rounding the weights does.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..checked_model import pad_right
from ..compat_libraries import import_peft
from ..weights.weight_files import StoredTensor
from .asked_tokens import AskedTokens
from .fold import load
from .streamed_model import Change, HiddenStates, Parts, attach, build, likeliest


class NotComputableError(Exception):
    """A model gives what is no number, here or anywhere."""


@dataclass(frozen=True)
class Compared:
    """A model whose tokens are compared."""

    folder: Path
    """Where its config is."""
    tensors: Mapping[str, StoredTensor]
    """Its weights, by their names in the files."""
    adapter: Path | None = None
    """The folder of an adapter beside it."""
    adapted: frozenset[str] = field(default_factory=frozenset)
    """The layers that the adapter has something for."""
    change: Callable[[str, Tensor], Tensor] | None = None
    """What the weight of a linear layer becomes before it is used; by its name in the files."""


def likeliest_tokens(compared: Compared, asked: AskedTokens, *, trust_remote_code: bool) -> Tensor:
    """Return the token that a model finds likeliest at each position asked for.

    Raises:
        UnreadableModelError: If its class has weights that the files have not.
        NotComputableError: If something else than numbers comes out.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    parts = build(compared.folder, compared.tensors, trust_remote_code=trust_remote_code)
    changes = _changes(parts, compared.change)
    head = _take_head(parts, compared.adapted)
    model = parts.model
    if compared.adapter is not None:
        model = import_peft().PeftModel.from_pretrained(
            model, compared.adapter, low_cpu_mem_usage=True
        )
    model.eval()
    attach(parts, device, changes)
    ids, mask = pad_right([row.input_ids for row in asked.rows], device)
    rows, positions = zip(*asked.positions, strict=True)
    with torch.inference_mode():
        outputs = model(input_ids=ids, attention_mask=mask, use_cache=False)
        if head is None:
            logits = outputs.logits[list(rows), list(positions)].float()
            return _require_numbers(logits).argmax(-1).cpu()
        hidden = _require_numbers(head.place.last[list(rows), list(positions)].float())
        return likeliest(hidden, head.weight, head.bias).cpu()


@contextlib.contextmanager
def rounded_inputs() -> Iterator[None]:
    """Let a CPU round what it multiplies to bfloat16, and add up in float32, where that is faster.

    Weights in bfloat16 are the same thereafter: it rounds what goes into a layer, and A and B.
    On two cores with AMX a matrix takes a third of the time; a GPU computes as it did.
    """
    precision = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(precision if torch.cuda.is_available() else "medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(precision)


@dataclass(frozen=True)
class _Head:
    place: Any
    """The module that stands where the head was."""
    weight: StoredTensor
    bias: Tensor | None


def _take_head(parts: Parts, adapted: frozenset[str]) -> _Head | None:
    """Take the output layer off a model, where it is a plain one and no adapter is at it."""
    head = parts.head
    names = [name for name, module in parts.model.named_modules() if module is head]
    if head is None or head not in parts.sources or adapted & set(names):
        return None
    place = HiddenStates()
    parts.model.set_output_embeddings(place)
    stored = parts.sources[head]
    bias = load(stored["bias"]).float() if "bias" in stored else None
    return _Head(place, stored["weight"], bias)


def _changes(
    parts: Parts, change: Callable[[str, Tensor], Tensor] | None
) -> dict[nn.Module, Change]:
    """Return what the weights of linear layers become; the output layer's stays as it is."""
    if change is None:
        return {}
    return {
        module: functools.partial(change, stored["weight"].spec.name)
        for module, stored in parts.sources.items()
        if type(module) is nn.Linear and module is not parts.head
    }


def _require_numbers(values: Tensor) -> Tensor:
    if not values.isfinite().all():
        raise NotComputableError
    return values
