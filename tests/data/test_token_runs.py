"""A row's stretches: no token is lost, each special token stands alone, the cut is seen."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as some

from xtgui_cli.data.token_runs import TokenRow, split_runs
from xtgui_cli.shared.templates import IGNORE_INDEX, Encoded

SPECIAL = frozenset({0, 1})


def decode(ids: Sequence[int]) -> str:
    """As sentencepiece decoders do: words with a space between, none in front."""
    return " ".join(f"<{number}>" if number in SPECIAL else f"w{number}" for number in ids)


def encoded(ids: Sequence[int], trained: Sequence[bool]) -> Encoded:
    pairs = zip(ids, trained, strict=True)
    return Encoded(list(ids), [number if is_on else IGNORE_INDEX for number, is_on in pairs])


def test_masked_and_trained_tokens_are_apart_and_special_ones_alone() -> None:
    row = encoded([0, 5, 6, 7, 8, 1, 1], [False, False, False, True, True, True, True])

    runs = list(split_runs(row, 99, SPECIAL, decode))

    assert [(run.text.strip(), run.trained, run.is_special) for run in runs] == [
        ("<0>", False, True),
        ("w5 w6", False, False),
        ("w7 w8", True, False),
        ("<1>", True, True),
        ("<1>", True, True),
    ]


def test_the_cut_parts_what_would_be_one() -> None:
    row = encoded([5, 6, 7, 8], [True] * 4)

    runs = list(split_runs(row, 3, SPECIAL, decode))

    assert [(run.text.strip(), run.tokens, run.is_cut) for run in runs] == [
        ("w5 w6 w7", 3, False),
        ("w8", 1, True),
    ]


def test_a_row_counts_what_is_left_and_what_is_cut() -> None:
    row = TokenRow(1, encoded([5, 6, 7, 8], [False, True, True, True]), 3, ())

    assert (row.tokens, row.trained, row.cut, row.trained_cut) == (4, 2, 1, 1)


def test_a_space_that_a_decoder_drops_in_front_is_kept_between_stretches() -> None:
    row = encoded([5, 6], [False, True])

    assert "".join(run.text for run in split_runs(row, 99, SPECIAL, decode)) == "w5 w6"


def test_a_character_that_the_cut_splits_is_shown_in_its_halves() -> None:
    halves = list("你".encode())

    def bytes_to_text(ids: Sequence[int]) -> str:
        return bytes(ids).decode("utf-8", "replace")

    row = encoded(halves, [True] * 3)

    runs = list(split_runs(row, 2, frozenset(), bytes_to_text))

    assert [run.text for run in runs] == ["�", "�"]


@given(
    some.lists(some.tuples(some.integers(0, 9), some.booleans()), max_size=40),
    some.integers(1, 40),
)
def test_runs_hold_every_token_once_and_the_whole_text(
    tokens: list[tuple[int, bool]], max_length: int
) -> None:
    ids = [number for number, _ in tokens]
    row = encoded(ids, [is_on for _, is_on in tokens])

    runs = list(split_runs(row, max_length, SPECIAL, decode))

    assert sum(run.tokens for run in runs) == len(ids)
    assert "".join(run.text for run in runs) == decode(ids)
    assert sum(run.tokens for run in runs if run.is_cut) == max(len(ids) - max_length, 0)
