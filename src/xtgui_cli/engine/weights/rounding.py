"""Rounds weights from one float dtype to another, to the nearest, ties to even, like torch."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy
from numpy.typing import NDArray

from .dtypes import DTYPES

_AT_ONCE = 1 << 15
"""Numbers whose bits fit into a core's cache: rounded so, they take two thirds of the time."""

Bits: TypeAlias = NDArray[Any]
"""Elements in the dtype `WeightDtype.numpy`; those of bfloat16 are 16-bit integers."""


def round_bytes(content: bytes, source: str, target: str) -> bytes | memoryview:
    """Return the bytes of the same numbers in another dtype; a NaN stays one.

    Args:
        content: Elements of *source*, little-endian.
        source: "float64", "float32", "float16" or "bfloat16".
        target: One of the same; float64 is converted by way of float32, as in torch.
    """
    if source == target:
        return content
    values = to_float32(numpy.frombuffer(content, DTYPES[source].numpy), source)
    return from_float32(values, target).view("u1").data


def to_float32(bits: Bits, source: str) -> NDArray[numpy.float32]:
    """Return elements of a float dtype as float32: exact, but for float64."""
    if source == "bfloat16":
        return (bits.astype("<u4") << 16).view("<f4")
    with numpy.errstate(over="ignore", invalid="ignore"):
        return bits.astype("<f4", copy=False)


def from_float32(values: NDArray[numpy.float32], target: str) -> Bits:
    """Return float32 values, (count,), as elements of a float dtype, as stored in a file.

    Values that are larger than the dtype's largest number, or round to more, become infinite.
    """
    if target == "bfloat16":
        return _to_bfloat16(values)
    with numpy.errstate(over="ignore", invalid="ignore"):
        return values.astype(DTYPES[target].numpy, copy=False)


def _to_bfloat16(values: NDArray[numpy.float32]) -> Bits:
    """Keep the upper half of each number's bits, after adding just under half of its last bit.

    If that bit is set, exactly half is added: a tie goes to the even neighbor. A carry runs into
    the exponent as it should; the bits of a NaN would carry over to an infinity or to zero, so its
    upper half is kept, with the bit that prevents it from reading as infinite.
    """
    bits = numpy.ascontiguousarray(values, "<f4").view("<u4")
    rounded: Bits = numpy.empty(len(bits), "<u2")
    memory = numpy.empty(min(len(bits), _AT_ONCE), "<u4")
    for begin in range(0, len(bits), _AT_ONCE):
        some = bits[begin : begin + _AT_ONCE]
        sums = memory[: len(some)]
        numpy.right_shift(some, 16, out=sums)
        numpy.bitwise_and(sums, 1, out=sums)
        sums += some
        sums += 0x7FFF
        rounded[begin : begin + _AT_ONCE] = sums.view("<u2")[1::2]
    is_nan = numpy.isnan(values)
    if is_nan.any():
        rounded[is_nan] = ((bits[is_nan] >> 16) | 0x40).astype("<u2")
    return rounded
