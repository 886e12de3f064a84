"""Whether training can resume from a checkpoint's content: complete, and harmless.

mmengine trusts what it resumes from. Some values are more than data to it: it runs `meta.config` as
Python (runner.py:2031), and deletes the files that `keep_ckpt_ids` and `best_ckpt` name
(checkpoint_hook.py:315, 530).
"""

from __future__ import annotations

import re
from typing import Any

from ..shared.checkpoint_faults import CheckpointFault
from .checkpoint_reader.errors import CheckpointError, refuse
from .checkpoint_reader.tree import value_at

_NEEDED: tuple[tuple[str, type], ...] = (
    ("meta.epoch", int),
    ("meta.iter", int),
    ("meta.seed", int),
    ("state_dict", dict),
    ("message_hub.log_scalars", dict),
    ("message_hub.runtime_info", dict),
    ("message_hub.resumed_keys", dict),
)
_BEST = re.compile(r"best_[^/]+\.pth")
"""mmengine's name for the checkpoint that it keeps as the best one."""


def require_resumable(content: Any) -> None:
    """Raise an error unless mmengine can resume from a checkpoint's content.

    Raises:
        CheckpointError: INCOMPLETE, UNSAFE or ODD.
    """
    for path, kind in _NEEDED:
        if not isinstance(value_at(content, path), kind):
            raise CheckpointError(CheckpointFault.INCOMPLETE, name=path)
    if "config" in content["meta"]:
        raise CheckpointError(CheckpointFault.UNSAFE, name="meta.config")
    _require_own_files(content["message_hub"]["runtime_info"])


def _require_own_files(info: dict[Any, Any]) -> None:
    """Raise an error if mmengine would delete other files than checkpoints."""
    kept = info.get("keep_ckpt_ids", [])
    if not isinstance(kept, list) or any(type(number) is not int for number in kept):
        refuse("keep_ckpt_ids that are no numbers")
    for name, value in info.items():
        if str(name).startswith("best_ckpt") and value is not None:
            is_best = isinstance(value, str) and _BEST.fullmatch(value.rpartition("/")[2])
            if not is_best:
                refuse(f"{name} that names another file")
