"""Says on stderr how far the counting is, where a person can see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..texts import t
from .console import ACCENT, talk


@contextmanager
def counting() -> Iterator[Callable[[int], None]]:
    """Give what is to be told how many rows are counted; without a terminal nothing is said."""
    console = talk()
    if not console.is_terminal or console.is_dumb_terminal:
        yield lambda _rows: None
        return
    with console.status(t("preview.counting", rows=0), spinner_style=ACCENT) as status:
        yield lambda rows: status.update(t("preview.counting", rows=rows))
