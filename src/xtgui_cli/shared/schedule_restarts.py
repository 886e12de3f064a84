"""Where a run's learning-rate schedule and its end differ from those in its config.

There is one for each `xtgui train --more N`, and one if `train.until_learned` ended a run early.
They are kept beside the run and not in its config: a run from scratch has none.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from .atomic import write_text
from .errors import Exit, XtguiError
from .json_values import amount, count, mapping, required
from .regular_file import read_json

Cause = Literal["more", "learned", "forgot"]
"""Further epochs were asked for; the rows are known; general knowledge was being lost."""


@dataclass(frozen=True)
class ScheduleRestart:
    """A schedule down to zero, and the end of the run, in iterations from its start.

    It is either a warm-up and a cosine, or a constant rate that falls linearly at the end.
    """

    begin: int
    """Iterations done when it starts."""
    end: int
    """Iterations done when it ends; equal to `begin` if the run ends at once."""
    warmup_iters: int
    """How many of its iterations warm up: 0, or at least 2."""
    lr: float
    """The highest learning rate."""
    decay_iters: int = 0
    """How many of its last iterations a constant rate takes to fall to 0; 0: warm-up and cosine."""
    cause: Cause = "more"


def read_restarts(file: Path) -> tuple[ScheduleRestart, ...]:
    """Return the restarts of a run in order; empty if there is no file.

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
    cause = entry.get("cause", "more")
    if cause not in get_args(Cause):
        raise ValueError(f"no cause of a restart: {cause!r:.40}")
    return ScheduleRestart(
        begin=required(count(entry.get("begin"))),
        end=required(count(entry.get("end"))),
        warmup_iters=required(count(entry.get("warmup_iters"))),
        lr=required(amount(entry.get("lr"))),
        decay_iters=count(entry.get("decay_iters")) or 0,
        cause=cause,
    )


def add_restart(file: Path, restart: ScheduleRestart) -> None:
    """Add a restart; those at or after its beginning never happened, or are trained again.

    Raises:
        XtguiError: "train.restarts_unreadable".
        OSError: If the file cannot be written.
    """
    earlier = [one for one in read_restarts(file) if one.begin < restart.begin]
    content = [asdict(one) for one in (*earlier, restart)]
    write_text(file, json.dumps(content, indent=1) + "\n")
