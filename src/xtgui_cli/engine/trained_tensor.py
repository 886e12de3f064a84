"""A trained tensor in a checkpoint: in one file, or in pieces in several."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .checkpoint_reader.checkpoint_file import CheckpointFile
from .checkpoint_reader.stand_ins import Tensor


@dataclass(frozen=True)
class Part:
    """A view of a tensor's elements in one file."""

    file: CheckpointFile
    view: Tensor

    def cut(self, begin: int, count: int) -> Part:
        """Return some elements of a view that is a vector without gaps."""
        storage, offset = self.view.storage, self.view.offset + begin
        return Part(self.file, Tensor(storage, offset, (count,), (1,), requires_grad=False))


@dataclass(frozen=True)
class TrainedTensor:
    """A tensor whose elements are those of its parts, one part after the other."""

    shape: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def dtype(self) -> str:
        """Under torch's name."""
        return self.parts[0].view.storage.dtype.name

    @property
    def place(self) -> tuple[object, ...]:
        """An identity that only tensors with shared elements have in common."""
        views = [(id(part.file), part.view) for part in self.parts]
        places = [
            (file, view.storage.record.name, view.offset, view.stride) for file, view in views
        ]
        return (self.shape, *places)

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of its elements, in C order, some megabytes at a time.

        Raises:
            CheckpointError: If a file has been cut off since it was opened.
        """
        for part in self.parts:
            yield from part.file.pieces(part.view)


def cut(vector: list[Part], begin: int, count: int) -> tuple[Part, ...]:
    """Return the parts that hold some elements of a longer vector.

    Args:
        vector: Its own parts, each a vector without gaps.
        begin: The first element.
        count: How many.

    Raises:
        ValueError: If it has fewer.
    """
    found, end = [], begin + count
    for part in vector:
        size = part.view.count
        first, last = max(begin, 0), min(end, size)
        if first < last:
            found.append(part.cut(first, last - first))
        begin, end = begin - size, end - size
    if sum(part.view.count for part in found) != count:
        raise ValueError(count)
    return tuple(found)
