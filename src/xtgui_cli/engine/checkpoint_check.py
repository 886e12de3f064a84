"""Checks whether checkpoints are intact, without importing torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .checkpoint import trained_tensors
from .checkpoint_reader.checkpoint_file import require_intact
from .checkpoint_reader.errors import CheckpointError
from .resumable import require_resumable
from .serve import Reply

_NEEDED: dict[str, Callable[[Any], object]] = {
    "resume": require_resumable,
    "convert": trained_tensors,
}


def check(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Raise an error unless training can resume from the file `checkpoint`."""
    reply.enter("checking_checkpoint")
    require_intact(Path(request["checkpoint"]), require_resumable)
    return {}


def find_intact(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Find the first intact one of `checkpoints`.

    Args:
        request: `checkpoints`: paths, in order; `use`: "resume" or "convert".
        reply: Unused.

    Returns:
        `checkpoint`: its path, None if none is intact.
    """
    reply.enter("checking_checkpoint")
    for path in request["checkpoints"]:
        try:
            require_intact(Path(path), _NEEDED[request["use"]])
        except (CheckpointError, OSError):
            continue
        return {"checkpoint": path}
    return {"checkpoint": None}
