"""Figures about lengths: every row is in one bar, and max_length is where bars meet."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from xtgui_cli.planning.length_stats import BARS, BEYOND, histogram, quantile

LENGTHS = some.lists(some.integers(0, 10**6), min_size=1, max_size=60)


def test_max_length_ends_a_bar_and_longer_rows_follow() -> None:
    bars = histogram([10, 300, 2000, 2049, 9000], 2048)

    assert [(bar.first, bar.last) for bar in bars][6:] == [
        (1537, 1792),
        (1793, 2048),
        (2049, 4096),
        (4097, 8192),
        (8193, 9000),
    ]
    assert [bar.rows for bar in bars] == [1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1]


def test_rows_much_shorter_than_max_length_get_bars_of_their_own_size() -> None:
    bars = histogram([26, 27, 27, 35], 2048)

    assert [(bar.first, bar.last, bar.rows) for bar in bars] == [
        (25, 26, 1),
        (27, 28, 2),
        (29, 30, 0),
        (31, 32, 0),
        (33, 34, 0),
        (35, 36, 1),
    ]


def test_without_rows_there_are_no_bars() -> None:
    assert histogram([], 2048) == []
    assert quantile([], 0.5) == 0


@given(LENGTHS, some.integers(1, 10**6))
def test_every_row_with_a_token_is_in_one_bar(lengths: list[int], max_length: int) -> None:
    bars = histogram(sorted(lengths), max_length)

    for bar in bars:
        assert bar.rows == sum(bar.first <= length <= bar.last for length in lengths)
    assert sum(bar.rows for bar in bars) == sum(length > 0 for length in lengths)


@given(LENGTHS, some.integers(1, 10**6))
def test_bars_join_and_none_holds_max_length_in_its_middle(
    lengths: list[int], max_length: int
) -> None:
    bars = histogram(sorted(lengths), max_length)

    assert len(bars) <= BARS + len(BEYOND) + 2
    assert all(bar.first <= bar.last for bar in bars)
    assert all(left.last + 1 == right.first for left, right in pairwise(bars))
    if max(lengths) > max_length:
        assert max_length in [bar.last for bar in bars]


@given(LENGTHS, some.floats(0, 1))
def test_a_quantile_is_the_shortest_length_that_so_many_rows_keep_to(
    lengths: list[int], share: float
) -> None:
    found = quantile(sorted(lengths), share)

    assert sum(length <= found for length in lengths) >= share * len(lengths)
    assert found in lengths
