"""When a run that may end early is checked, when its rows count as learned, and where it ends."""

from __future__ import annotations

import pytest

from xtgui_cli.engine.until_learned import (
    Asked,
    EarlyEnd,
    asked_at,
    check_interval,
    early_end,
    has_forgotten,
    has_learned,
)
from xtgui_cli.shared.learning import Kept, KnownRows, Learning, mcnemar_p


def check(known: int, of: int = 20) -> Learning:
    return Learning(1, known=KnownRows(tuple(range(of)), tuple(n < known for n in range(of))))


@pytest.mark.parametrize(
    ("planned", "interval"), [(1, 10), (100, 10), (200, 10), (201, 11), (1000, 50), (1001, 51)]
)
def test_a_check_comes_every_ten_updates_or_every_twentieth_of_the_plan(
    planned: int, interval: int
) -> None:
    assert check_interval(planned) == interval


@pytest.mark.parametrize(
    ("updates", "planned", "end"),
    [
        (20, 100, EarlyEnd(end=30, decay=10)),
        (50, 100, EarlyEnd(end=75, decay=10)),
        (55, 110, EarlyEnd(end=83, decay=10)),
        (66, 100, EarlyEnd(end=99, decay=10)),
        (67, 100, None),
        (100, 100, None),
        (200, 1000, EarlyEnd(end=300, decay=20)),
        (205, 1000, EarlyEnd(end=308, decay=21)),
    ],
)
def test_half_as_many_updates_follow_and_never_more_than_planned(
    updates: int, planned: int, end: EarlyEnd | None
) -> None:
    assert early_end(updates, planned) == end


def test_rows_are_asked_until_an_end_would_not_be_early_and_the_rest_every_fifth_time() -> None:
    asked = {updates: asked_at(updates, 200) for updates in range(201)}

    rows = [updates for updates, found in asked.items() if found.rows]
    items = [updates for updates, found in asked.items() if found.items]
    assert rows == list(range(10, 131, 10))
    assert items == [50, 100, 150, 200]
    assert asked[50] == Asked(rows=True, items=True)
    assert asked[150] == Asked(rows=False, items=True)


def test_a_run_that_is_too_short_to_end_early_is_not_checked() -> None:
    nothing = Asked(rows=False, items=False)

    assert {asked_at(updates, 15) for updates in range(16)} == {nothing}


@pytest.mark.parametrize(
    ("before", "now", "learned"), [(19, 19, True), (20, 19, True), (18, 20, False), (20, 18, False)]
)
def test_rows_are_learned_when_95_percent_are_known_twice_in_a_row(
    before: int, now: int, *, learned: bool
) -> None:
    checks = {20: check(20), 30: check(before), 40: check(now)}

    assert has_learned(checks, 40, 100) is learned


def test_one_check_alone_or_with_a_gap_or_without_rows_is_not_enough() -> None:
    nothing_asked = Learning(1, known=KnownRows())

    assert not has_learned({10: check(20)}, 10, 100)
    assert not has_learned({10: check(20), 30: check(20)}, 30, 100)
    assert not has_learned({10: nothing_asked, 20: nothing_asked}, 20, 100)
    assert not has_learned({10: Learning(1), 20: Learning(1)}, 20, 100)


@pytest.mark.parametrize(
    ("lost", "gained", "forgotten"), [(8, 0, True), (4, 0, False), (8, 5, False), (5, 0, True)]
)
def test_a_run_forgets_where_the_loss_is_sure_and_large(
    lost: int, gained: int, *, forgotten: bool
) -> None:
    kept = Kept(asked=60, base_right=45, lost=lost, p_value=mcnemar_p(lost, gained))

    assert has_forgotten(Learning(1, kept=kept)) is forgotten


def test_what_was_not_asked_is_not_forgotten() -> None:
    assert not has_forgotten(Learning(1))
