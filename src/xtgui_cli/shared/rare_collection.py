"""Python looks for unreachable cycles less often while there are hardly any to find."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

_OBJECTS = 100_000
"""New objects that may gather before the next search; Python's own number is 700 to 2,000."""


@contextlib.contextmanager
def rare_collection() -> Iterator[None]:
    """Look for cycles rarely during the block: imports make many objects and almost no cycles.

    `xtgui --help` takes 118 ms with it and a last `gc.freeze()`, without them 140, and the imports
    of torch and transformers 2.6 s, without it 3.0.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
