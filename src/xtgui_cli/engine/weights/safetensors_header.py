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
from typing import Any

from .dtypes import BY_CODE
from .safetensors_writer import TensorSpec

LARGEST_HEADER = 100_000_000
"""Bytes; the library's limit."""
MOST_DIMENSIONS = 64
_SIZE_BYTES = 8
_METADATA = "__metadata__"


class HeaderError(ValueError):
    """The file is not a safetensors file, or is incomplete; the text says why."""


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
        raise HeaderError("it is cut off")
    length = int.from_bytes(read_at(0, _SIZE_BYTES), "little")
    begin = _SIZE_BYTES + length
    if length > LARGEST_HEADER:
        raise HeaderError("it does not begin as a safetensors file does")
    if begin > size:
        raise HeaderError("it is cut off")
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
        raise HeaderError("it does not begin as a safetensors file does")
    try:
        header = json.loads(content, object_pairs_hook=_unique)
    except HeaderError:
        raise
    except (ValueError, RecursionError):
        raise HeaderError("its header is not valid JSON") from None
    if not isinstance(header, dict):
        raise HeaderError("its header is not valid JSON")
    return header


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise HeaderError(f"its header names {name[:80]} twice")
        found[name] = value
    return found


def _placed(name: str, entry: Any, begin: int) -> Placed:
    match entry:
        case {"dtype": str(code), "shape": list(shape), "data_offsets": [first, last]}:
            pass
        case _:
            raise HeaderError(f"its header does not describe {name[:80]}")
    numbers = [*shape, first, last]
    if len(shape) > MOST_DIMENSIONS or any(type(n) is not int or n < 0 for n in numbers):
        raise HeaderError(f"its header gives {name[:80]} an impossible shape or place")
    dtype = BY_CODE.get(code)
    if dtype is None:
        raise HeaderError(f"{name[:80]} has the dtype {code[:20]}, which is not known here")
    if math.prod(shape) * dtype.itemsize != last - first:
        raise HeaderError(f"{name[:80]} is not as large as its shape says")
    return Placed(TensorSpec(name, dtype.name, tuple(shape)), begin + first)


def _require_filled(tensors: Iterable[Placed], begin: int, size: int) -> None:
    """Raise an error if tensors overlap, or leave gaps between or after them."""
    end = begin
    for tensor in tensors:
        if tensor.offset != end:
            raise HeaderError("its tensors overlap, or something lies between them")
        end += tensor.spec.size
    if end > size:
        raise HeaderError("it is cut off")
    if end < size:
        raise HeaderError("something lies behind its last tensor")
