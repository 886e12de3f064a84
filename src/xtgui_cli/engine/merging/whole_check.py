"""Compares the most likely tokens of a merged model with those of base and adapter.

peft adds B·(A·x) to the output of a layer, independently of how weights are folded here. Both
models compute in float32, so that the comparison shows the weights and not numerical noise, or in
bfloat16, where the noise is about as large as that of rounding the weights.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..checked_model import pad_right
from ..compat_libraries import import_peft
from ..known_models import can_keep_apart, window_of
from ..question_pack import Asked, QuestionPack
from ..quick_imports import skipped_initialization
from ..shared_prefix import common_length
from ..weights.weight_files import StoredTensor
from .asked_tokens import AskedTokens
from .fold import load
from .streamed_model import Change, HiddenStates, Parts, attach, build, likeliest

_MOST_PACKED = 1024
"""Tokens of rows that are read as one: attention grows with their square, products do not."""


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


def likeliest_tokens(
    compared: Compared, asked: AskedTokens, *, trust_remote_code: bool, is_rounded: bool = False
) -> Tensor:
    """Return the token that a model finds most likely at each position.

    Args:
        compared: The model.
        asked: What it is asked.
        trust_remote_code: Whether its class may come from its folder.
        is_rounded: Whether linear layers compute in bfloat16 if their weights are stored so.

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
        peft = import_peft()
        with skipped_initialization():
            model = peft.PeftModel.from_pretrained(model, compared.adapter, low_cpu_mem_usage=True)
    model.eval()
    attach(parts, device, changes, in_bfloat16=is_rounded)
    arranged = _arranged(asked, parts.model)
    rows, positions = arranged.rows, arranged.positions
    inputs = {name: one.to(device) for name, one in arranged.inputs.items()}
    with torch.inference_mode():
        outputs = model(**inputs, use_cache=False)
        if head is None:
            logits = outputs.logits[rows, positions].float()
            return _require_numbers(logits).argmax(-1).cpu()
        hidden = _require_numbers(head.place.last[rows, positions].float())
        return likeliest(hidden, head.weight, head.bias).cpu()


@dataclass(frozen=True)
class _Arranged:
    """Rows as a model's arguments."""

    inputs: Mapping[str, Tensor]
    rows: list[int]
    """For each token to predict the row of the one before it, and its position."""
    positions: list[int]


def _arranged(asked: AskedTokens, model: Any) -> _Arranged:
    """Return all rows as one if the model can read them so and they are short, else padded."""
    rows = [row.input_ids for row in asked.rows]
    longest = max(map(len, rows))
    if can_keep_apart(model) and longest <= (window_of(model) or longest):
        pack, places = _packed(asked)
        if len(pack.ids) <= _MOST_PACKED:
            inputs = {
                "input_ids": torch.tensor([pack.ids]),
                "attention_mask": pack.mask(torch.float32),
                "position_ids": torch.tensor([pack.positions]),
            }
            return _Arranged(inputs, [0] * len(places), places)
    ids, mask = pad_right(rows, torch.device("cpu"))
    numbers, positions = zip(*asked.positions, strict=True)
    return _Arranged({"input_ids": ids, "attention_mask": mask}, list(numbers), list(positions))


def _packed(asked: AskedTokens) -> tuple[QuestionPack, list[int]]:
    """Return all rows as one, their common beginning only once, and the places of the positions."""
    rows = [row.input_ids for row in asked.rows]
    first = min(position for _, position in asked.positions) + 1
    same = min(first, common_length(rows))
    if same:
        questions = [Asked(rows[0][:same], [row[same:] for row in rows])]
    else:
        questions, same = [Asked(row[:1], [row[1:]]) for row in rows], 1
    pack = QuestionPack(questions)
    return pack, [pack.places[row][2][position + 1 - same] for row, position in asked.positions]


def multiplies_bfloat16() -> bool:
    """Return whether a CPU is to compute that has instructions for products of bfloat16.

    On two cores with AVX-512 a matrix product then takes 0.3 of its time in float32. A GPU
    computes in float32.
    """
    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    has_them = any(getattr(torch.cpu, name, bool)() for name in names)
    return has_them and not torch.cuda.is_available()


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
