"""The arithmetic of a merge: W + scale · B·A, a few million elements at a time."""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from torch import Tensor

from ...shared.errors import Exit, XtguiError
from ..weights.dtypes import DTYPES
from ..weights.rounding import round_bytes
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
_ELEMENTS_AT_ONCE = 1 << 18
"""Elements of a weight per step: as many as fit into a core's cache."""


def fold(weight: Tensor, left: Tensor, right: Tensor, scale: float, dtype: torch.dtype) -> Tensor:
    """Fold a LoRA adapter into rows of its base weight: W + scale · left·right, rounded once.

    Sums are computed in float32. Those so close to the midpoint between two numbers of *dtype* that
    float32 rounding could decide between them are computed in float64 (one number in 1,000 for
    bfloat16), and so are all sums of a float32 result.

    Args:
        weight: (rows, columns), any floating dtype.
        left: (rows, rank), float32; rows of B, or columns of A if the weight is stored transposed.
        right: (rank, columns), float32.
        scale: alpha / rank, unitless.
        dtype: Dtype of the result.

    Returns:
        (rows, columns), in *dtype*.

    Raises:
        XtguiError: "convert.not_finite" if a value is not finite in that dtype.

    Source: Hu et al. 2021, arXiv:2106.09685, section 4.1.
    """
    if dtype not in _DROPPED_BITS or weight.dtype == torch.float64:
        return _fold_in_float64(weight, left, right, scale, dtype)
    with _lent_scratch(weight.numel()) as scratch:
        total = scratch.total[: weight.numel()].view(weight.shape)
        total.copy_(weight).addmm_(left, right, alpha=scale)
        largest = _require_finite(total, dtype)
        places = _unsure_places(total, _DROPPED_BITS[dtype], largest, scratch)
        if len(places) > total.numel() * _MOST_UNSURE:
            return _fold_in_float64(weight, left, right, scale, dtype)
        folded = total.to(dtype)
    rows, columns = places // weight.shape[1], places % weight.shape[1]
    product = (left[rows].double() * right[:, columns].t().double()).sum(1)
    exact = weight[rows, columns].double() + scale * product
    folded[rows, columns] = _round_once(exact, dtype)
    return folded


def _fold_in_float64(
    weight: Tensor, left: Tensor, right: Tensor, scale: float, dtype: torch.dtype
) -> Tensor:
    total = torch.addmm(weight.double(), left.double(), right.double(), alpha=scale)
    _require_finite(total, dtype)
    return _round_once(total, dtype) if dtype in _DROPPED_BITS else total.to(dtype)


def _require_finite(total: Tensor, dtype: torch.dtype) -> float:
    """Return the largest magnitude, after checking that all numbers are finite in a dtype."""
    if not total.numel():
        return 0.0
    ends = torch.stack(torch.aminmax(total))
    if not ends.to(dtype).isfinite().all():
        raise XtguiError("convert.not_finite", Exit.FAILED)
    return float(ends.abs().max())


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


def merged_pieces(
    planned: PlannedTensor, weight: Tensor | None = None
) -> Iterator[bytes | memoryview]:
    """Yield the bytes of a result tensor.

    Args:
        planned: The tensor.
        weight: Replaces its source, float32; None to use the source itself.

    Raises:
        XtguiError: "convert.not_finite", "convert.weights_damaged".
    """
    source, target = planned.source.spec.dtype, planned.spec.dtype
    if planned.change is not None:
        yield from _folded_pieces(planned, planned.change, weight)
    elif weight is not None:
        yield _bytes_of(weight.to(getattr(torch, target)))
    elif source == target:
        yield from planned.source.pieces()
    else:
        for piece in planned.source.pieces():
            rounded = round_bytes(bytes(piece), source, target)
            _require_no_overflow(rounded, target)
            yield rounded


def _require_no_overflow(content: bytes | memoryview, dtype: str) -> None:
    if dtype == "float16" and not numpy.isfinite(numpy.frombuffer(content, "<f2")).all():
        raise XtguiError("convert.not_finite", Exit.FAILED)


def folded(planned: PlannedTensor, weight: Tensor) -> Tensor:
    """Return a complete result weight, computed from a replacement of its source."""
    dtype = getattr(torch, planned.spec.dtype)
    if planned.change is None:
        return weight.to(dtype)
    left, right = factors(planned.change)
    scale, at_once = planned.change.scale, _rows_at_once(weight.shape[1])
    parts = zip(weight.split(at_once), left.split(at_once), strict=True)
    return torch.cat([fold(rows, of_left, right, scale, dtype) for rows, of_left in parts])


def factors(change: Change) -> tuple[Tensor, Tensor]:
    """Return the factors as (rows, rank) and (rank, columns), in the layout of the weight."""
    left, right = load(change.lora_b).float(), load(change.lora_a).float()
    if change.is_transposed:
        return right.t().contiguous(), left.t().contiguous()
    return left, right


def _folded_pieces(
    planned: PlannedTensor, change: Change, whole: Tensor | None
) -> Iterator[memoryview]:
    rows, columns = planned.spec.shape
    left, right = factors(change)
    dtype = getattr(torch, planned.spec.dtype)
    own = planned.source.spec.dtype
    row_bytes = columns * DTYPES[own].itemsize
    at_once = _rows_at_once(columns)

    def piece(begin: int) -> memoryview:
        count = min(at_once, rows - begin)
        if whole is None:
            content = planned.source.read(begin * row_bytes, count * row_bytes)
            weight = as_tensor(content, own).reshape(count, columns)
        else:
            weight = whole[begin : begin + count]
        return _bytes_of(fold(weight, left[begin : begin + count], right, change.scale, dtype))

    yield from _side_by_side(piece, range(0, rows, at_once))


def _rows_at_once(columns: int) -> int:
    return max(1, _ELEMENTS_AT_ONCE // max(1, columns))


def _side_by_side(make: Callable[[int], memoryview], begins: Iterable[int]) -> Iterator[memoryview]:
    """Yield the result for each start, in order, computing several at once.

    Each thread works alone: torch's own threads would wait for each other after every step, which
    takes longer than the step on a busy machine.
    """
    threads = torch.get_num_threads()
    waiting: collections.deque[Future[memoryview]] = collections.deque()
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            for begin in begins:
                waiting.append(pool.submit(make, begin))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    finally:
        torch.set_num_threads(threads)


def _bytes_of(tensor: Tensor) -> memoryview:
    return memoryview(tensor.contiguous().reshape(-1).view(torch.uint8).numpy())


def load(tensor: StoredTensor) -> Tensor:
    """Return a complete tensor, in its own dtype."""
    content = tensor.read(0, tensor.spec.size)
    return as_tensor(content, tensor.spec.dtype).reshape(tensor.spec.shape)


def as_tensor(content: bytearray, dtype: str) -> Tensor:
    """Return bytes as a one-dimensional tensor that shares their memory."""
    if not content:
        return torch.empty(0, dtype=getattr(torch, dtype))
    return torch.frombuffer(content, dtype=getattr(torch, dtype))
