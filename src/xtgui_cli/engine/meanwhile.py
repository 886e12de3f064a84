"""Does something that mostly waits or runs outside of Python while something else is done."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


@contextlib.contextmanager
def meanwhile(task: Callable[[], object]) -> Iterator[None]:
    """Run a task in a thread during the block, which ends when both have.

    An error of the task is raised at the end of the block, unless the block fails itself.
    """
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(task)
        yield
        done.result()


def one_ahead(items: Iterable[T]) -> Generator[T]:
    """Yield the items; a thread makes the next one while the last one is used."""
    coming, end = iter(items), object()
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(next, coming, end)
        while (item := made.result()) is not end:
            made = pool.submit(next, coming, end)
            yield item  # type: ignore[misc]
