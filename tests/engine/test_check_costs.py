"""How much a check asks: as much as 5% of the training time allows. Needs no torch."""

from __future__ import annotations

import pytest

from xtgui_cli.engine.check_costs import Costs, Extent, extent_within, seconds_allowed

EVERYTHING = Extent(rows=64, items=60, held_out=True)
COSTS = Costs(row=0.1, item=0.05, held_out=2.0)
"""16 rows and 24 items: 2.8 s; with the held-out rows 4.8 s; everything: 11.4 s."""


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (2.7, None),
        (2.9, Extent(16, 24, held_out=False)),
        (4.9, Extent(16, 24, held_out=True)),
        (8.2, Extent(40, 42, held_out=True)),
        (11.5, EVERYTHING),
        (99.0, EVERYTHING),
    ],
)
def test_a_check_asks_as_much_as_its_time_allows(seconds: float, expected: Extent | None) -> None:
    found = extent_within(seconds, COSTS, EVERYTHING)

    assert found == expected
    assert found is None or COSTS.of(found) <= seconds


def test_what_there_is_little_of_is_asked_whole() -> None:
    few = Extent(rows=5, items=0, held_out=False)

    assert extent_within(0.5, COSTS, few) == few
    assert extent_within(0.4, COSTS, few) is None


def test_a_check_may_take_a_twentieth_of_the_training_time_since_the_last_one() -> None:
    assert seconds_allowed(trained_s=100.0, checked_at_s=0.0) == 5.0
    assert seconds_allowed(trained_s=160.0, checked_at_s=100.0) == 3.0


def test_checks_never_take_more_than_a_twentieth_of_the_training_in_sum() -> None:
    """Every 7 seconds a checkpoint is saved; a check is made when the time allows one."""
    checked_at_s = taken_s = 0.0
    for trained_s in range(7, 1001, 7):
        extent = extent_within(seconds_allowed(trained_s, checked_at_s), COSTS, EVERYTHING)
        if extent is not None:
            taken_s += COSTS.of(extent)
            checked_at_s = trained_s

    assert 0 < taken_s <= 0.05 * 1000
