"""Where a run's learning-rate schedule has started over: once for each `xtgui train --more N`.

They are kept beside the run and not in its config: a run from scratch has none.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .atomic import write_text
from .errors import Exit, XtguiError
from .json_values import amount, count, mapping, required
from .regular_file import read_json


@dataclass(frozen=True)
class ScheduleRestart:
    """One schedule from its warm-up to zero; iterations are counted from the start of the run."""

    begin: int
    """Iterations done when it starts."""
    end: int
    """Iterations done when it is over."""
    warmup_iters: int
    """How many of its iterations warm up: 0, or at least 2."""
    lr: float
    """The highest learning rate."""


def read_restarts(file: Path) -> tuple[ScheduleRestart, ...]:
    """Return the restarts of a run in order; empty where there is no file.

    Raises:
        XtguiError: "train.restarts_unreadable".
    """
    try:
        return tuple(map(_restart, _list(read_json(file))))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise XtguiError(
            "train.restarts_unreadable", Exit.FAILED, path=file, reason=str(error)
        ) from error


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise ValueError(f"a list was expected: {said!r:.40}")
    return said


def _restart(said: Any) -> ScheduleRestart:
    entry = mapping(said)
    begin, end, warmup_iters = (
        required(count(entry.get(name))) for name in ("begin", "end", "warmup_iters")
    )
    return ScheduleRestart(begin, end, warmup_iters, required(amount(entry.get("lr"))))


def add_restart(file: Path, restart: ScheduleRestart) -> None:
    """Add a restart; those at or after its beginning have never come to be, or are trained again.

    Raises:
        XtguiError: "train.restarts_unreadable".
        OSError: If the file cannot be written.
    """
    earlier = [one for one in read_restarts(file) if one.begin < restart.begin]
    content = [asdict(one) for one in (*earlier, restart)]
    write_text(file, json.dumps(content, indent=1) + "\n")
