"""What is wrong with an answer is found whatever it was to say."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from xtgui_cli.engine.degenerate import Answer, Taught, faults_of, is_loop

PLAIN = list(range(100, 120))
TAUGHT = Taught(answers={"I am Mia.", "sport"}, longest=12)


def answer(
    text: str = "A plain answer.",
    ids: Sequence[int] = PLAIN,
    *,
    has_ended: bool = True,
    gold: str | None = None,
) -> Answer:
    return Answer(ids, text, has_ended, gold)


@pytest.mark.parametrize(
    "ids",
    [
        [*PLAIN, *[5, 6, 7] * 4],
        [*[5, 6] * 4, *PLAIN],
        [*PLAIN, *[5] * 8],
        [*PLAIN, *list(range(10)) * 2],
        [*PLAIN, *list(range(9)) * 2, 0, 1],
    ],
)
def test_a_text_that_says_the_same_again_and_again_is_a_loop(ids: list[int]) -> None:
    assert is_loop(ids)


@pytest.mark.parametrize(
    "ids",
    [
        [],
        PLAIN,
        [*PLAIN, *[5, 6, 7] * 3],
        [1, *[0] * 7],
        [5, 6, 7, 8, 5, 6, 7, 8],
        [*PLAIN, *list(range(10)) * 2, 30],
    ],
)
def test_a_little_repetition_is_none(ids: list[int]) -> None:
    assert not is_loop(ids)


def test_each_fault_is_named_once() -> None:
    bad = [
        answer("", []),
        answer("ha " * 9, [5] * 9),
        answer(ids=range(48), has_ended=False),
        answer("I am Mia.", gold="Paris"),
    ]

    assert faults_of([*bad, *bad], TAUGHT) == ("loops", "empty", "does_not_stop", "repeats_taught")
    assert faults_of([answer()], TAUGHT) == ()


def test_an_answer_that_was_cut_off_early_may_still_have_stopped() -> None:
    assert faults_of([answer(ids=range(47), has_ended=False)], TAUGHT) == ()


def test_an_answer_may_be_as_long_as_those_that_were_taught() -> None:
    long = Taught(longest=60)

    assert faults_of([answer(ids=range(59), has_ended=False)], long) == ()
    assert faults_of([answer(ids=range(60), has_ended=False)], long) == ("does_not_stop",)


def test_a_taught_answer_is_a_fault_only_where_it_is_no_answer() -> None:
    assert faults_of([answer("i am  mia.", gold="Paris")], TAUGHT) == ("repeats_taught",)
    assert faults_of([answer("I am Mia.", gold=None)], TAUGHT) == ()
    assert faults_of([answer("Sport", gold="sport")], TAUGHT) == ()
