"""Maps an exception of a library to a code that the UI has words for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from ..shared.causes import CAUSES
from .checkpoint_reader.errors import CheckpointError
from .trained_rows import NotAsCheckedError


class LossNotFiniteError(Exception):
    """The loss is nan or infinite, and stays so."""


def explain(error: BaseException, phase: str = "") -> tuple[str, dict[str, Any]]:
    """Return the code of an error and the data of its sentence: reason (one line) and phase."""
    data = {"reason": _reason(error), "phase": phase}
    chain = list(_chain(error))
    for raised in chain:
        if isinstance(raised, CheckpointError):
            return raised.fault.value, data | raised.data
        if isinstance(raised, NotAsCheckedError):
            return raised.code, data | raised.data
    for cause in CAUSES:
        for sign, raised in itertools.product(cause.signs, chain):
            if (words := sign.find(raised, phase)) is not None:
                return cause.code, data | words
    for cause in CAUSES:
        for sign in cause.otherwise:
            if (words := sign.find(error, phase)) is not None:
                return cause.code, data | words
    return "unknown", data


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and its causes, each once."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return text[:300]
