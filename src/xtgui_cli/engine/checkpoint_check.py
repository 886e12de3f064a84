"""Tells whether checkpoints are intact, without importing torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .checkpoint import check_trained
from .checkpoint_reader.errors import CheckpointError
from .resumable import check_resumable
from .serve import Reply

_CHECKS: dict[str, Callable[[Path], None]] = {
    "resume": check_resumable,
    "convert": check_trained,
}


def check(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Raise an error unless training can resume from the file `checkpoint`."""
    reply.enter("checking_checkpoint")
    check_resumable(Path(request["checkpoint"]))
    return {}


def find_intact(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Look for an intact one among `checkpoints`, in their order.

    Also asked with — use: "resume" or "convert".
    Gives — checkpoint: its path, None where none is intact.
    """
    reply.enter("checking_checkpoint")
    for path in request["checkpoints"]:
        try:
            _CHECKS[request["use"]](Path(path))
        except (CheckpointError, OSError):
            continue
        return {"checkpoint": path}
    return {"checkpoint": None}
