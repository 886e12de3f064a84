"""The arithmetic of a merge: W + scale · B·A, a block of elements at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from torch import Tensor

from ...shared.errors import Exit, XtguiError
from ..weights.weight_files import StoredTensor
from .plan import Change, PlannedTensor

_DROPPED_BITS = {torch.bfloat16: 16, torch.float16: 13}
"""Bits of a float32 that rounding to these dtypes drops."""
_UNSURE_ULPS = 12
"""Tolerated error of a float32 sum, in units of its last place."""
_CANCELLED = 2.0**-12
"""Sums below this fraction of the largest number are computed in float64."""
_MOST_UNSURE = 1 / 64
"""Above this share it is faster to compute all sums in float64."""
_IN_BLOCK = 1 << 19
"""Elements of a weight per step: as many as fit into a core's cache."""


@dataclass(frozen=True)
class LowRank:
    """A change of a weight, in its layout: scale · left·right."""

    left: Tensor
    """(rows, rank), float32; rows of B, or columns of A if the weight is stored transposed."""
    right: Tensor
    """(rank, columns), float32."""
    scale: float
    """alpha / rank, unitless."""

    def of_rows(self, rows: slice) -> LowRank:
        """Return the change of some rows."""
        return LowRank(self.left[rows], self.right, self.scale)


def fold(
    weight: Tensor, change: LowRank, dtype: torch.dtype, *, out: Tensor | None = None
) -> Tensor:
    """Fold a LoRA adapter into rows of its base weight: W + scale · left·right, rounded once.

    Sums are computed in float32. Those so close to the midpoint between two numbers of *dtype* that
    float32 rounding could decide between them are computed in float64 (one number in 1,000 for
    bfloat16), and so are all sums of a float32 result.

    Args:
        weight: (rows, columns), any floating dtype.
        change: Of the same rows.
        dtype: Dtype of the result.
        out: Memory for the result; None for new memory.

    Returns:
        (rows, columns), in *dtype*.

    Raises:
        XtguiError: "convert.not_finite" if a value is not finite in that dtype.

    Source: Hu et al. 2021, arXiv:2106.09685, section 4.1.
    """
    folded = torch.empty(weight.shape, dtype=dtype) if out is None else out
    columns = weight.shape[1]
    at_once = rows_in(_IN_BLOCK, columns)
    is_rounded = dtype in _DROPPED_BITS and weight.dtype != torch.float64
    unsure: list[Tensor] = []
    with _lent_scratch(at_once * columns) as scratch:
        for begin in range(0, len(weight), at_once):
            rows = slice(begin, begin + at_once)
            block, target = (weight[rows], change.of_rows(rows)), folded[rows]
            places = _fold_in_float32(*block, target, scratch) if is_rounded else None
            if places is None or len(places) > target.numel() * _MOST_UNSURE:
                target.copy_(_fold_in_float64(*block, dtype))
            else:
                unsure.append(places + begin * columns)
    if unsure:
        places = torch.cat(unsure)
        row, column = places // columns, places % columns
        product = (change.left[row].double() * change.right[:, column].t().double()).sum(1)
        exact = weight[row, column].double() + change.scale * product
        folded[row, column] = _round_once(exact, dtype)
    return folded


def _fold_in_float32(weight: Tensor, change: LowRank, out: Tensor, scratch: _Scratch) -> Tensor:
    """Write a block of sums, rounded, and return the positions of those to compute again."""
    total = scratch.total[: weight.numel()].view(weight.shape)
    total.copy_(weight).addmm_(change.left, change.right, alpha=change.scale)
    largest = _require_finite(total, out.dtype)
    out.copy_(total)
    return _unsure_places(total, _DROPPED_BITS[out.dtype], largest, scratch)


def _fold_in_float64(weight: Tensor, change: LowRank, dtype: torch.dtype) -> Tensor:
    left, right = change.left.double(), change.right.double()
    total = torch.addmm(weight.double(), left, right, alpha=change.scale)
    _require_finite(total, dtype)
    return _round_once(total, dtype) if dtype in _DROPPED_BITS else total.to(dtype)


def _require_finite(total: Tensor, dtype: torch.dtype) -> float:
    """Return the largest magnitude, after checking that all numbers are finite in a dtype."""
    if not total.numel():
        return 0.0
    lowest, highest = torch.aminmax(total)
    largest = torch.maximum(-lowest, highest)
    if not largest.to(dtype).isfinite():
        raise XtguiError("convert.not_finite", Exit.FAILED)
    return float(largest)


@dataclass(frozen=True)
class _Scratch:
    """Reusable memory: allocating it takes longer than filling it."""

    total: Tensor
    """float32."""
    bits: numpy.ndarray[Any, Any]
    """uint32."""
    flags: numpy.ndarray[Any, Any]
    """bool."""


_scratches: list[_Scratch] = []


@contextlib.contextmanager
def _lent_scratch(count: int) -> Iterator[_Scratch]:
    """Return scratch memory for the given number of elements; one per folding thread."""
    scratch = _scratches.pop() if _scratches else None
    if scratch is None or len(scratch.total) < count:
        scratch = _Scratch(torch.empty(count), numpy.empty(count, "<u4"), numpy.empty(count, "?"))
    yield scratch
    _scratches.append(scratch)


def _unsure_places(total: Tensor, dropped: int, largest: float, scratch: _Scratch) -> Tensor:
    """Return the positions of numbers near a midpoint of the shorter format, or near zero.

    Near zero, weight and change cancel and leave the rounding error of float32. A position may
    appear twice.
    """
    own = total.view(-1).numpy().view("<u4")
    bits, flags = scratch.bits[: len(own)], scratch.flags[: len(own)]
    numpy.subtract(own, numpy.uint32((1 << (dropped - 1)) - _UNSURE_ULPS), out=bits)
    numpy.bitwise_and(bits, numpy.uint32((1 << dropped) - 1), out=bits)
    numpy.less_equal(bits, numpy.uint32(2 * _UNSURE_ULPS), out=flags)
    in_the_middle = numpy.flatnonzero(flags)
    # Without their sign, floats are in the order of their bits.
    numpy.left_shift(own, numpy.uint32(1), out=bits)
    numpy.less(bits, numpy.float32(_CANCELLED * largest).view("<u4") << numpy.uint32(1), out=flags)
    return torch.from_numpy(numpy.concatenate([in_the_middle, numpy.flatnonzero(flags)]))


def _round_once(exact: Tensor, dtype: torch.dtype) -> Tensor:
    """Round float64 directly, without double rounding through float32.

    A number that float32 moves onto a midpoint is rounded to the side it came from.
    """
    near = exact.float()
    dropped = _DROPPED_BITS[dtype]
    is_middle = (near.view(torch.int32) & ((1 << dropped) - 1)) == 1 << (dropped - 1)
    side = (exact - near.double()).sign() * torch.inf
    aside = torch.nextafter(near, torch.where(side.isnan(), near, side).float())
    return torch.where(is_middle, aside, near).to(dtype)


def folded(planned: PlannedTensor, weight: Tensor) -> Tensor:
    """Return a complete result weight, computed from a replacement of its source."""
    dtype, change = getattr(torch, planned.spec.dtype), planned.change
    return weight.to(dtype) if change is None else fold(weight, low_rank(change), dtype)


def low_rank(change: Change) -> LowRank:
    """Return a change, read from the adapter, in the layout of its weight."""
    left, right = load(change.lora_b).float(), load(change.lora_a).float()
    if change.is_transposed:
        left, right = right.t().contiguous(), left.t().contiguous()
    return LowRank(left, right, change.scale)


def rows_in(elements: int, columns: int) -> int:
    """Return how many rows make about that many elements, at least one."""
    return max(1, elements // max(1, columns))


def load(tensor: StoredTensor) -> Tensor:
    """Return a complete tensor, in its own dtype."""
    content = tensor.read(0, tensor.spec.size)
    return as_tensor(content, tensor.spec.dtype).reshape(tensor.spec.shape)


def as_tensor(content: bytearray, dtype: str) -> Tensor:
    """Return bytes as a one-dimensional tensor that shares their memory."""
    if not content:
        return torch.empty(0, dtype=getattr(torch, dtype))
    return torch.frombuffer(content, dtype=getattr(torch, dtype))
