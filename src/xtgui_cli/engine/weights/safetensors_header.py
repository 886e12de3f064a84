"""Reads the header of a safetensors file, which may come from anybody.

It enforces what the library's own reader does: the tensors are adjacent, they fill the file, and
each is as large as its shape says.

Source: https://huggingface.co/docs/safetensors, "Format" and "Format limitations".
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .dtypes import BY_CODE
from .safetensors_writer import TensorSpec

LARGEST_HEADER = 100_000_000
"""Bytes; the library's limit."""
MOST_DIMENSIONS = 64
_SIZE_BYTES = 8
_METADATA = "__metadata__"


class WeightFault(str, Enum):
    """What is wrong with a file of weights; each value is the key of its sentence."""

    CUT_OFF = "convert.weights_cut_off"
    NOT_SAFETENSORS = "convert.weights_not_safetensors"
    HEADER = "convert.weights_header"
    """Its header describes a tensor, the `name`, in a way that cannot be right."""
    LAYOUT = "convert.weights_layout"
    """Tensors overlap, or there is something between or behind them."""
    DTYPE = "convert.weights_dtype"
    """A tensor, the `name`, has a `dtype` that is not known here."""
    LACKING = "convert.weights_lacking"
    """It lacks a tensor, the `name`, that the index promises."""
    INDEX = "convert.weights_index"
    NONE = "convert.weights_none"
    SCATTERED = "convert.weights_scattered"
    """A tensor, the `name`, is not stored in one piece."""


class HeaderError(ValueError):
    """The file is not a safetensors file, or is incomplete."""

    def __init__(self, fault: WeightFault, **data: str) -> None:
        """Store the fault, and what its sentence needs beside the file."""
        super().__init__(fault.value, data)
        self.fault = fault
        self.data = data


@dataclass(frozen=True)
class Placed:
    """A tensor of a file, and where it begins."""

    spec: TensorSpec
    offset: int
    """Bytes from the beginning of the file."""


def read_header(read_at: Callable[[int, int], bytes], size: int) -> list[Placed]:
    """Return the tensors of a file in the order in which they are stored.

    Args:
        read_at: Returns bytes: (offset, size); fewer at the file's end.
        size: Size of the file, in bytes.

    Raises:
        HeaderError: If it is not the header of a safetensors file, or is truncated.
    """
    if size < _SIZE_BYTES:
        raise HeaderError(WeightFault.CUT_OFF)
    length = int.from_bytes(read_at(0, _SIZE_BYTES), "little")
    begin = _SIZE_BYTES + length
    if length > LARGEST_HEADER:
        raise HeaderError(WeightFault.NOT_SAFETENSORS)
    if begin > size:
        raise HeaderError(WeightFault.CUT_OFF)
    tensors = [
        _placed(name, entry, begin)
        for name, entry in _parse(read_at(_SIZE_BYTES, length)).items()
        if name != _METADATA
    ]
    tensors.sort(key=lambda tensor: (tensor.offset, tensor.spec.size))
    _require_filled(tensors, begin, size)
    return tensors


def _parse(content: bytes) -> dict[str, Any]:
    if not content.startswith(b"{"):
        raise HeaderError(WeightFault.NOT_SAFETENSORS)
    try:
        header = json.loads(content, object_pairs_hook=_unique)
    except HeaderError:
        raise
    except (ValueError, RecursionError):
        raise HeaderError(WeightFault.NOT_SAFETENSORS) from None
    if not isinstance(header, dict):
        raise HeaderError(WeightFault.NOT_SAFETENSORS)
    return header


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise HeaderError(WeightFault.HEADER, name=name[:80])
        found[name] = value
    return found


def _placed(name: str, entry: Any, begin: int) -> Placed:
    match entry:
        case {"dtype": str(code), "shape": list(shape), "data_offsets": [first, last]}:
            pass
        case _:
            raise HeaderError(WeightFault.HEADER, name=name[:80])
    numbers = [*shape, first, last]
    if len(shape) > MOST_DIMENSIONS or any(type(n) is not int or n < 0 for n in numbers):
        raise HeaderError(WeightFault.HEADER, name=name[:80])
    dtype = BY_CODE.get(code)
    if dtype is None:
        raise HeaderError(WeightFault.DTYPE, name=name[:80], dtype=code[:20])
    if math.prod(shape) * dtype.itemsize != last - first:
        raise HeaderError(WeightFault.HEADER, name=name[:80])
    return Placed(TensorSpec(name, dtype.name, tuple(shape)), begin + first)


def _require_filled(tensors: Iterable[Placed], begin: int, size: int) -> None:
    """Raise an error if tensors overlap, or leave gaps between or after them."""
    end = begin
    for tensor in tensors:
        if tensor.offset != end:
            raise HeaderError(WeightFault.LAYOUT)
        end += tensor.spec.size
    if end > size:
        raise HeaderError(WeightFault.CUT_OFF)
    if end < size:
        raise HeaderError(WeightFault.LAYOUT)
