"""Writes safetensors files from tensors that come in pieces, so that none has to be in memory.

The library's own writer wants all tensors of a file at once. A file is eight bytes with the size of
its header, the header in JSON, and the tensors' bytes, one tensor after the other.

Source: https://huggingface.co/docs/safetensors, "Format"; read back by the library in the tests.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from .dtypes import DTYPES, ROUNDED

LARGEST_SHARD = 5_000_000_000
"""Bytes of tensors in one file, as in transformers 4; a larger tensor has a separate file."""

_ALIGNMENT = 8
_METADATA = "__metadata__"


@dataclass(frozen=True)
class TensorSpec:
    """A tensor without its content."""

    name: str
    dtype: str
    """Under torch's name, a key of `DTYPES`."""
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self.count * DTYPES[self.dtype].itemsize

    @property
    def is_float(self) -> bool:
        """Whether it holds floats that can be rounded to another dtype."""
        return self.dtype in ROUNDED


@dataclass(frozen=True)
class Shard:
    """One file of a model's weights."""

    file_name: str
    tensors: tuple[TensorSpec, ...]
    """In the order in which they are stored in the file."""


Progress: TypeAlias = Callable[[int, int], None]
"""Receives how many tensors are written, and of how many."""


def plan_shards(
    tensors: Iterable[TensorSpec], stem: str = "model", largest: int = LARGEST_SHARD
) -> list[Shard]:
    """Return the files for the tensors, filled in the order given.

    Args:
        tensors: All of them.
        stem: "model" stands for model.safetensors, or model-00001-of-00002.safetensors and so on.
        largest: Maximum bytes of tensors in one file.
    """
    groups: list[list[TensorSpec]] = [[]]
    taken = 0
    for tensor in tensors:
        if groups[-1] and taken + tensor.size > largest:
            groups.append([])
            taken = 0
        groups[-1].append(tensor)
        taken += tensor.size
    return [
        Shard(_file_name(stem, number, len(groups)), _aligned(group))
        for number, group in enumerate(groups, 1)
    ]


def write_shards(
    folder: Path,
    shards: Sequence[Shard],
    pieces: Iterable[bytes | memoryview],
    progress: Progress = lambda done, total: None,
) -> None:
    """Write a model's weights and, if there are several files, the index that names them.

    Args:
        folder: Where to write.
        shards: From `plan_shards`, or a model's own.
        pieces: The bytes of all tensors, little-endian and in C order, one tensor after the other
            in the order of the files. Each piece is written before the next is asked for, and none
            holds more than one tensor.
        progress: Called after each tensor.

    Raises:
        ValueError: If a tensor's content has another size than its shape says.
        OSError: If the disk does not take it.
    """
    coming = iter(pieces)
    total, done = sum(len(shard.tensors) for shard in shards), 0
    for shard in shards:
        with (folder / shard.file_name).open("wb") as file:
            file.write(_header(shard.tensors))
            for tensor in shard.tensors:
                _write_tensor(file, tensor, coming)
                done += 1
                progress(done, total)
    if any(coming):
        raise ValueError("bytes of no tensor")
    if len(shards) > 1:
        stem = shards[0].file_name.partition("-00001-of-")[0]
        index = {
            "metadata": {"total_size": sum(one.size for shard in shards for one in shard.tensors)},
            "weight_map": {one.name: shard.file_name for shard in shards for one in shard.tensors},
        }
        text = json.dumps(index, indent=2, sort_keys=True) + "\n"
        (folder / f"{stem}.safetensors.index.json").write_text(text, "utf-8")


def planned_bytes(shards: Sequence[Shard]) -> int:
    """Return the size of the files, without their index."""
    return sum(len(_header(shard.tensors)) + sum(t.size for t in shard.tensors) for shard in shards)


def _write_tensor(file: BinaryIO, tensor: TensorSpec, pieces: Iterator[bytes | memoryview]) -> None:
    left = tensor.size
    while left > 0:
        piece = next(pieces, None)
        if piece is None:
            raise ValueError(f"{tensor.name}: {left} bytes too few")
        left -= file.write(piece)
    if left:
        raise ValueError(f"{tensor.name}: {-left} bytes too many")


def _header(tensors: Sequence[TensorSpec]) -> bytes:
    """Return everything before the tensors' bytes."""
    entries: dict[str, object] = {_METADATA: {"format": "pt"}}
    end = 0
    for tensor in tensors:
        if tensor.name in entries:
            raise ValueError(f"{tensor.name}: no name for a tensor, or there twice")
        begin, end = end, end + tensor.size
        entries[tensor.name] = {
            "dtype": DTYPES[tensor.dtype].code,
            "shape": list(tensor.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return len(text).to_bytes(8, "little") + text


def _aligned(tensors: Iterable[TensorSpec]) -> tuple[TensorSpec, ...]:
    """Return the tensors, the widest dtypes first, so that each is aligned to its own size."""
    return tuple(sorted(tensors, key=lambda tensor: -DTYPES[tensor.dtype].itemsize))


def _file_name(stem: str, number: int, of: int) -> str:
    return f"{stem}.safetensors" if of == 1 else f"{stem}-{number:05}-of-{of:05}.safetensors"
