"""Compares the most likely tokens of a merged model with those of base and adapter.

peft adds B·(A·x) to the output of a layer, independently of how weights are folded here. Both
models compute in float32, so that the comparison shows the weights and not numerical noise; within
`rounded_inputs`, the noise is as large as that of rounding the weights.
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
    """The model computes values that are not finite."""


@dataclass(frozen=True)
class Compared:
    """A model to compare."""

    folder: Path
    """Folder with its config."""
    tensors: Mapping[str, StoredTensor]
    """Its weights, by their names in the files."""
    adapter: Path | None = None
    """Folder of an adapter to apply."""
    adapted: frozenset[str] = field(default_factory=frozenset)
    """Layers that the adapter changes."""
    change: Callable[[str, Tensor], Tensor] | None = None
    """Changes the weight of a linear layer before use, by its name in the files."""


def likeliest_tokens(compared: Compared, asked: AskedTokens, *, trust_remote_code: bool) -> Tensor:
    """Return the token that a model finds most likely at each position.

    Raises:
        UnreadableModelError: If its class has weights that are not in the files.
        NotComputableError: If results are not finite.
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
    """Let a CPU multiply in bfloat16 and accumulate in float32 if that is faster.

    bfloat16 weights are unaffected; the inputs of layers, A and B are rounded. On two cores with
    AMX a matrix takes a third of the time. A GPU is unaffected.
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
    """The module in place of the head."""
    weight: StoredTensor
    bias: Tensor | None


def _take_head(parts: Parts, adapted: frozenset[str]) -> _Head | None:
    """Remove the output layer of a model if it is plain and has no adapter."""
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
    """Return the changes of linear weights, except that of the output layer."""
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
