"""When a run that ends early once its rows are learned is checked, and where it then ends.

Everything is counted in updates from the start of the run, and nothing depends on a clock: a run
that is stopped and resumed is checked at the same updates and ends at the same one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..shared.learning import Learning, is_forgotten, is_learned

LEAST_UPDATES, PART = 10, 0.05
"""Updates between two checks, or this share of the plan if that is more."""
KEPT_EVERY = 5
"""General questions are asked at every so many checks: they cost much more than rows, and
forgetting is slow."""
LEAST_DECAY, DECAY_PART = 10, 0.1
"""Updates over which the rate falls to 0, or this share of those done if that is more."""


@dataclass(frozen=True)
class Asked:
    """What a check asks."""

    rows: bool
    items: bool
    """Whether it asks general questions."""


@dataclass(frozen=True)
class EarlyEnd:
    """Where a run ends, in updates; during its last `decay` updates the rate falls to 0."""

    end: int
    decay: int


def check_interval(planned: int) -> int:
    """Return the number of updates between two checks of a run of *planned* updates."""
    return max(LEAST_UPDATES, math.ceil(PART * planned - 1e-9))


def asked_at(updates: int, planned: int) -> Asked:
    """Return what to ask after so many updates; usually nothing.

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
    """Return whether the rows count as learned: at this check and at the previous one.

    Args:
        checks: By the updates after which they were made.
        updates: Updates done so far.
        planned: Updates of the plan.
    """
    both = [checks.get(at) for at in (updates, updates - check_interval(planned))]
    return all(check and check.known and is_learned(check.known) for check in both)


def has_forgotten(check: Learning) -> bool:
    """Return whether a check says that general knowledge is being lost."""
    return check.kept is not None and is_forgotten(check.kept)
