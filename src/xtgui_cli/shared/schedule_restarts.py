"""Where a run's learning-rate schedule and its end are no longer those of its config.

Once for each `xtgui train --more N`, and where `train.until_learned` has ended a run early. They
are kept beside the run and not in its config: a run from scratch has none.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from .atomic import write_text
from .errors import Exit, XtguiError

Cause = Literal["more", "learned", "forgot"]
"""Further epochs were asked for; the rows are known; general knowledge was being lost."""


@dataclass(frozen=True)
class ScheduleRestart:
    """One schedule to zero, and with it the end of the run, counted in iterations from its start.

    Either a warm-up and a cosine, or a constant rate that falls linearly at its end.
    """

    begin: int
    """Iterations done when it starts."""
    end: int
    """Iterations done when it is over; the same as `begin` where the run ends at once."""
    warmup_iters: int
    """How many of its iterations warm up: 0, or at least 2."""
    lr: float
    """The highest learning rate."""
    decay_iters: int = 0
    """Over how many of its last iterations a constant rate falls to 0; 0: warm-up and cosine."""
    cause: Cause = "more"


def read_restarts(file: Path) -> tuple[ScheduleRestart, ...]:
    """Return the restarts of a run in order; empty where there is no file.

    Raises:
        XtguiError: "train.restarts_unreadable".
    """
    try:
        return tuple(ScheduleRestart(**entry) for entry in json.loads(file.read_bytes()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise XtguiError(
            "train.restarts_unreadable", Exit.FAILED, path=file, reason=str(error)
        ) from error


def add_restart(file: Path, restart: ScheduleRestart) -> None:
    """Add a restart; those at or after its beginning have never come to be, or are trained again.

    Raises:
        XtguiError: "train.restarts_unreadable".
        OSError: If the file cannot be written.
    """
    earlier = [one for one in read_restarts(file) if one.begin < restart.begin]
    content = [asdict(one) for one in (*earlier, restart)]
    write_text(file, json.dumps(content, indent=1) + "\n")
