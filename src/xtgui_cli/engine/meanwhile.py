"""Two things at once, of which one mostly waits or runs outside of Python."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


@contextlib.contextmanager
def meanwhile(task: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Run a task in a thread during the block, which ends when both have.

    The block gets a function that waits for the task. The task's error is raised there and at the
    end of the block, also in place of the block's own error, which it may explain. If the block is
    interrupted, nobody waits for the task, which may have many gigabytes to read, not even at the
    end of the process.
    """
    done: Future[None] = Future()

    def run() -> None:
        try:
            task()
        except BaseException as error:
            done.set_exception(error)
        else:
            done.set_result(None)

    Thread(target=run, daemon=True).start()
    try:
        yield done.result
    except Exception:
        done.result()
        raise
    done.result()


def one_ahead(items: Iterable[T]) -> Generator[T]:
    """Yield the items; a thread makes the next one while the last one is used."""
    coming, end = iter(items), object()
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(next, coming, end)
        while (item := made.result()) is not end:
            made = pool.submit(next, coming, end)
            yield item  # type: ignore[misc]
