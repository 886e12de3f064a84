"""The bytes of a merged model, piece by piece, with several in work at once."""

from __future__ import annotations

import collections
import functools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor

from ...shared.errors import Exit, XtguiError
from .fold import LowRank, fold, low_rank, rows_in
from .plan import PlannedTensor
from .reused_memory import ReusedMemory

_ELEMENTS = 1 << 22
"""Elements per piece."""


def merged_pieces(tensors: Iterable[tuple[PlannedTensor, Tensor | None]]) -> Iterator[memoryview]:
    """Yield the bytes of result tensors, in their order; no piece holds more than one tensor.

    A piece is valid until the next one is asked for.

    Args:
        tensors: Each with what replaces its source, float32; None to use the source itself.

    Raises:
        XtguiError: "convert.not_finite", "convert.weights_cut_off".
    """
    memory = ReusedMemory()
    tasks = (task for planned, whole in tensors for task in _tasks(planned, whole, memory))
    for piece in _side_by_side(tasks):
        yield memoryview(piece.view(-1).view(torch.uint8).numpy())
        memory.give_back(piece)


def _tasks(
    planned: PlannedTensor, whole: Tensor | None, memory: ReusedMemory
) -> Iterator[Callable[[], Tensor]]:
    """Yield what computes the pieces of a result tensor."""
    columns = max(1, planned.spec.shape[-1]) if planned.spec.shape else 1
    change = None if planned.change is None else low_rank(planned.change)
    count, at_once = planned.spec.count // columns, rows_in(_ELEMENTS, columns)
    work = _Work(planned, columns, whole, change, memory)
    for begin in range(0, count, at_once):
        yield functools.partial(work.rows, begin, min(begin + at_once, count))


@dataclass(frozen=True)
class _Work:
    """A result tensor as rows, (count, columns)."""

    planned: PlannedTensor
    columns: int
    whole: Tensor | None
    """Replaces the source."""
    change: LowRank | None
    memory: ReusedMemory

    def rows(self, begin: int, end: int) -> Tensor:
        """Return some rows of the result, in lent memory."""
        dtype = getattr(torch, self.planned.spec.dtype)
        own = self._source(begin, end)
        if self.change is None and own.dtype == dtype:
            return own
        result = self._take(end - begin, dtype)
        if self.change is None:
            result.copy_(own)
            if dtype == torch.float16 and not result.isfinite().all():
                raise XtguiError("convert.not_finite", Exit.FAILED)
        else:
            fold(own, self.change.of_rows(slice(begin, end)), dtype, out=result)
        self.memory.give_back(own)
        return result

    def _source(self, begin: int, end: int) -> Tensor:
        if self.whole is not None:
            return self.whole.view(-1, self.columns)[begin:end].clone()
        rows = self._take(end - begin, getattr(torch, self.planned.source.spec.dtype))
        content = memoryview(rows.view(-1).view(torch.uint8).numpy())
        self.planned.source.read_into(content, begin * self.columns * rows.itemsize)
        return rows

    def _take(self, count: int, dtype: torch.dtype) -> Tensor:
        return self.memory.take(count * self.columns, dtype).view(count, self.columns)


def _side_by_side(tasks: Iterable[Callable[[], Tensor]]) -> Iterator[Tensor]:
    """Yield the result of each task, in order, computing several at once.

    Each thread works alone: torch's own threads would wait for each other after every step, which
    takes longer than the step on a busy machine.
    """
    threads = torch.get_num_threads()
    waiting: collections.deque[Future[Tensor]] = collections.deque()
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            for task in tasks:
                waiting.append(pool.submit(task))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    finally:
        torch.set_num_threads(threads)
