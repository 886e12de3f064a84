"""Writes trained weights from a checkpoint into safetensors files, without a model or torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .base_model import Shapes, require_shape
from .meanwhile import one_ahead
from .serve import Reply
from .trained_tensor import TrainedTensor
from .weights.dtypes import ROUNDED
from .weights.safetensors_writer import Shard, TensorSpec, write_shards

Named = Mapping[str, TrainedTensor]
"""Tensors of a checkpoint, by the names that they get."""


def specs(named: Named, dtype: str | None = None) -> list[TensorSpec]:
    """Return what is to be written: floats in a dtype, or as they were trained; others unchanged.

    Args:
        named: The tensors.
        dtype: "float32", "float16" or "bfloat16"; None for that of each tensor.
    """
    found = []
    for name, tensor in named.items():
        own = tensor.dtype
        found.append(TensorSpec(name, dtype if dtype and own in ROUNDED else own, tensor.shape))
    return found


def write_tensors(named: Named, folder: Path, shards: Sequence[Shard], reply: Reply) -> None:
    """Write tensors of a checkpoint, and report how many are written.

    Raises:
        CheckpointError: If the file is truncated meanwhile.
    """
    pieces = (
        piece
        for shard in shards
        for spec in shard.tensors
        for piece in _pieces(named[spec.name], spec.dtype)
    )
    write_shards(folder, shards, one_ahead(pieces), reply.progress)


def _pieces(tensor: TrainedTensor, dtype: str) -> Iterator[bytes | memoryview]:
    if tensor.dtype == dtype:
        yield from tensor.pieces()
        return
    from .weights.rounding import round_bytes

    for piece in tensor.pieces():
        yield round_bytes(piece, tensor.dtype, dtype)


def as_in_base(trained: Named, base: Path, shapes: Shapes) -> dict[str, TrainedTensor] | None:
    """Return the tensors that the files of the base hold; None if they have other names there.

    A tensor with two names, such as an output layer that is the embedding, gets those of the base.

    Args:
        trained: All weights of the model, by their names in it.
        base: The base model's folder.
        shapes: The shapes of its tensors.

    Raises:
        XtguiError: "convert.other_base" for a tensor of another shape than in the base.
    """
    for name, tensor in trained.items():
        if name in shapes:
            require_shape(base, name, shapes[name], tensor.shape)
    kept = {name: tensor for name, tensor in trained.items() if name in shapes}
    places = {tensor.place for tensor in kept.values()}
    is_all = len(kept) == len(shapes)
    return kept if is_all and all(each.place in places for each in trained.values()) else None
