"""Memory that is used again and again: allocating it takes longer than filling it."""

from __future__ import annotations

import torch
from torch import Tensor


class ReusedMemory:
    """Lends memory for tensors; several threads may ask."""

    def __init__(self) -> None:
        self._free: list[Tensor] = []
        self._largest = 0

    def take(self, count: int, dtype: torch.dtype) -> Tensor:
        """Return *count* elements of any value, to be returned with `give_back`."""
        size = count * dtype.itemsize
        self._largest = max(self._largest, size)
        free = self._free.pop() if self._free else _new(self._largest)
        return (free if len(free) >= size else _new(self._largest))[:size].view(dtype)

    def give_back(self, lent: Tensor) -> None:
        """Take back memory that was lent, as any view of it."""
        self._free.append(_new(0).set_(lent.untyped_storage()))


def _new(size: int) -> Tensor:
    return torch.empty(size, dtype=torch.uint8)
