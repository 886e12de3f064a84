"""When a run that ends early once its rows are learned is checked, and where it ends then.

All of it is counted in updates of the weights from the start of the run, and none of it depends on
a clock: a run that is stopped and resumed is checked at the same updates and ends at the same one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..shared.learning import Learning, is_forgotten, is_learned

LEAST_UPDATES, PART = 10, 0.05
"""From one check to the next: so many updates, or this part of the plan where that is more."""
KEPT_EVERY = 5
"""Every so many checks questions of general knowledge are asked: they cost much more than rows,
and forgetting is slow."""
LEAST_DECAY, DECAY_PART = 10, 0.1
"""Over so many updates the rate falls to 0, or over this part of those done where that is more."""


@dataclass(frozen=True)
class Asked:
    """What a check asks."""

    rows: bool
    items: bool
    """The questions of general knowledge."""


@dataclass(frozen=True)
class EarlyEnd:
    """Where a run ends, in updates done; its last `decay` updates have a rate that falls to 0."""

    end: int
    decay: int


def check_interval(planned: int) -> int:
    """Return how many updates lie between two checks of a run of so many."""
    return max(LEAST_UPDATES, math.ceil(PART * planned - 1e-9))


def asked_at(updates: int, planned: int) -> Asked:
    """Return what is to be asked after so many updates: nothing at most of them.

    Rows are asked only while the run can still end before its plan does.
    """
    number, rest = divmod(updates, check_interval(planned))
    if rest or not number:
        return Asked(rows=False, items=False)
    return Asked(rows=early_end(updates, planned) is not None, items=number % KEPT_EVERY == 0)


def early_end(updates: int, planned: int) -> EarlyEnd | None:
    """Return where a run ends whose rows are learned after so many updates: half as many later.

    None if its plan is over by then.
    """
    end = updates + math.ceil(updates / 2)
    decay = max(LEAST_DECAY, math.ceil(updates * DECAY_PART - 1e-9))
    return EarlyEnd(end, min(decay, end - updates)) if end < planned else None


def has_learned(checks: Mapping[int, Learning], updates: int, planned: int) -> bool:
    """Return whether the rows count as learned: at this check and at the one before it.

    Args:
        checks: By the updates after which they were made.
        updates: Those done so far.
        planned: Updates of the plan.
    """
    both = [checks.get(at) for at in (updates, updates - check_interval(planned))]
    return all(check and check.known and is_learned(check.known) for check in both)


def has_forgotten(check: Learning) -> bool:
    """Return whether a check says that general knowledge is being lost."""
    return check.kept is not None and is_forgotten(check.kept)
