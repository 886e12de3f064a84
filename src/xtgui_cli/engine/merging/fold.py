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
"""Bits of a float32 that rounding to these leaves out."""
_UNSURE_ULPS = 12
"""How far a sum in float32 may be from the true one, in its last place, without being found out."""
_CANCELLED = 2.0**-12
"""Below this part of the largest number a sum is taken in float64."""
_MOST_UNSURE = 1 / 64
"""Beyond this share it is quicker to take all sums in float64."""
_ELEMENTS_AT_ONCE = 1 << 18
"""Of a weight: what a core's cache holds, since every step goes over all of them."""


def fold(weight: Tensor, left: Tensor, right: Tensor, scale: float, dtype: torch.dtype) -> Tensor:
    """Fold a LoRA adapter into rows of its base weight: W + scale · left·right, rounded once.

    The sum is taken in float32. Where it comes so close to the middle between two numbers of
    *dtype* that its own rounding could decide between them, and throughout for a result in
    float32, it is taken in float64: of bfloat16 that is one number in 1,000.

    Args:
        weight: (rows, columns), any float dtype.
        left: (rows, rank), float32; rows of B, or columns of A of a weight that lies transposed.
        right: (rank, columns), float32.
        scale: alpha / rank, unitless.
        dtype: Of the result.

    Returns:
        (rows, columns), *dtype*.

    Raises:
        XtguiError: "convert.not_finite" when a value is no finite number of that dtype.

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
    """Return the largest size of a number, once it is clear that all are numbers of a dtype."""
    if not total.numel():
        return 0.0
    ends = torch.stack(torch.aminmax(total))
    if not ends.to(dtype).isfinite().all():
        raise XtguiError("convert.not_finite", Exit.FAILED)
    return float(ends.abs().max())


@dataclass(frozen=True)
class _Scratch:
    """Memory that is used again and again: the system takes longer to give it than to fill it."""

    total: Tensor
    """float32."""
    bits: numpy.ndarray[Any, Any]
    """uint32."""
    flags: numpy.ndarray[Any, Any]
    """bool."""


_scratches: list[_Scratch] = []


@contextlib.contextmanager
def _lent_scratch(count: int) -> Iterator[_Scratch]:
    """Lend memory for so many numbers; a scratch for each thread that folds."""
    scratch = _scratches.pop() if _scratches else None
    if scratch is None or len(scratch.total) < count:
        scratch = _Scratch(torch.empty(count), numpy.empty(count, "<u4"), numpy.empty(count, "?"))
    yield scratch
    _scratches.append(scratch)


def _unsure_places(total: Tensor, dropped: int, largest: float, scratch: _Scratch) -> Tensor:
    """Return which numbers are next to the middle of two with fewer bits, or next to zero.

    Next to zero, weight and change cancel each other out, and what float32 has rounded is left.
    A place may be among them twice.
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
    """Round float64 as if there were no float32 on the way.

    A number that float32 moves into the middle between two others goes to the side it came from.
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
    """Yield the bytes of a tensor of the result.

    Args:
        planned: The tensor.
        weight: What takes the place of its source, in float32; None: the source as it is.

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
    """Return all of a weight of the result, made of one that takes its source's place."""
    dtype = getattr(torch, planned.spec.dtype)
    if planned.change is None:
        return weight.to(dtype)
    left, right = factors(planned.change)
    scale, at_once = planned.change.scale, _rows_at_once(weight.shape[1])
    parts = zip(weight.split(at_once), left.split(at_once), strict=True)
    return torch.cat([fold(rows, of_left, right, scale, dtype) for rows, of_left in parts])


def factors(change: Change) -> tuple[Tensor, Tensor]:
    """Return what is multiplied, (rows, rank) and (rank, columns) of the weight as it lies."""
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
    """Yield what is made of each beginning, in their order, a few of them at work at once.

    Every thread keeps to itself: torch's own would wait for each other after each step, which on
    a machine that has other things to do takes longer than the step.
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
    """Return all of a tensor, in its own dtype."""
    content = tensor.read(0, tensor.spec.size)
    return as_tensor(content, tensor.spec.dtype).reshape(tensor.spec.shape)


def as_tensor(content: bytearray, dtype: str) -> Tensor:
    """Return bytes as a tensor of one dimension, which shares their memory."""
    if not content:
        return torch.empty(0, dtype=getattr(torch, dtype))
    return torch.frombuffer(content, dtype=getattr(torch, dtype))
