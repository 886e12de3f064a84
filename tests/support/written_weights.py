"""Weights in safetensors files, written by ours from what a function says of each tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from xtgui_cli.engine.weights.safetensors_writer import Shard, TensorSpec, write_shards


def write_weights(
    folder: Path, shards: Sequence[Shard], content: Callable[[TensorSpec], Iterable[bytes]]
) -> None:
    """Write the tensors of the files, each with its content."""
    in_order = (tensor for shard in shards for tensor in shard.tensors)
    write_shards(folder, shards, (piece for tensor in in_order for piece in content(tensor)))
