"""From an exception of a library to a code that the UI has words for."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Any

from .checkpoint_reader.errors import CheckpointError
from .trained_rows import NotAsCheckedError

_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_BY_TEXT: tuple[tuple[str, str], ...] = (
    ("CUDA out of memory", "cuda_out_of_memory"),
    ("CUBLAS_STATUS_ALLOC_FAILED", "cuda_out_of_memory"),
    ("CUDA error: out of memory", "cuda_out_of_memory"),
    ("DefaultCPUAllocator: can't allocate memory", "host_out_of_memory"),
    ("Cannot allocate memory", "host_out_of_memory"),
    ("No space left on device", "disk_full"),
    ("Disk quota exceeded", "disk_full"),
    ("PytorchStreamWriter failed writing", "disk_full"),
    ("Column 'length' doesn't exist", "data_empty"),
    ("epoch_length must be a positive integer, but got 0", "data_empty"),
    ("num_samples should be a positive integer value, but got num_samples=0", "data_empty"),
    ("probability tensor contains either", "loss_not_finite"),
)
"""What a message says, in the order in which it is looked for."""

_BY_PHASE = {
    "config": "config_broken",
    "importing": "import_failed",
    "model": "model_unreadable",
    "data": "data_unreadable",
    "resuming": "checkpoint_unreadable",
    "checking_checkpoint": "checkpoint_unreadable",
    "reading": "checkpoint_unreadable",
}
"""What it means when nothing more is known than where it happened."""


def explain(error: BaseException, phase: str = "") -> tuple[str, dict[str, Any]]:
    """Give the code of an error and the data of its sentence: reason (one line) and phase."""
    data = {"reason": _reason(error), "phase": phase}
    for cause in _causes(error):
        if isinstance(cause, CheckpointError):
            return cause.fault.value, data | cause.data
        if isinstance(cause, NotAsCheckedError):
            return cause.code, data | cause.data
    return _code(error, phase), data


def _code(error: BaseException, phase: str) -> str:
    for cause in _causes(error):
        if isinstance(cause, MemoryError):
            return "host_out_of_memory"
        if isinstance(cause, OSError) and cause.errno in _DISK_FULL:
            return "disk_full"
        if isinstance(cause, OSError) and cause.errno == errno.ENOMEM:
            return "host_out_of_memory"
        for text, code in _BY_TEXT:
            if text in str(cause):
                return code
    if isinstance(error, ImportError) and phase != "config":
        return "import_failed"
    return _BY_PHASE.get(phase, "unknown")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give the error and what it came from, each once."""
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
