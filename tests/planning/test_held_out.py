"""Rows that are held out: always the same ones, and never a question that is taught as well."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from settings_of import settings_of

from xtgui_cli.planning.held_out import (
    HeldOut,
    choose_held_out,
    plan_held_out,
    question_number,
)

PROMPTS = st.lists(st.integers(0, 60), min_size=1, max_size=400)
RATIOS = st.floats(0, 0.5)
SEEDS = st.integers(0, 2**32 - 1)


def plan(rows: int, repeats: int = 1, **settings: Any) -> HeldOut:
    prompts = [question_number(f"Question {row // repeats}?") for row in range(rows)]
    given = {f"train.{name}": value for name, value in settings.items()}
    return plan_held_out(settings_of(given), prompts, ())


@given(prompts=PROMPTS, seed=SEEDS, ratio=RATIOS)
def test_no_question_is_on_both_sides(prompts: list[int], seed: int, ratio: float) -> None:
    rows = set(choose_held_out(prompts, seed, ratio))

    held_out = {prompts[row] for row in rows}
    trained = {prompt for row, prompt in enumerate(prompts) if row not in rows}
    assert not held_out & trained
    assert trained


@given(prompts=PROMPTS, seed=SEEDS, ratio=RATIOS)
def test_never_more_than_twice_what_is_asked_for_and_never_more_where_questions_differ(
    prompts: list[int], seed: int, ratio: float
) -> None:
    wanted = int(len(prompts) * ratio + 0.5)

    assert len(choose_held_out(prompts, seed, ratio)) <= 2 * wanted
    different = list(range(len(prompts)))
    expected = wanted if wanted < len(prompts) else 0
    assert len(choose_held_out(different, seed, ratio)) == expected


@given(prompts=PROMPTS, seed=SEEDS, ratio=RATIOS, shuffling=st.randoms())
def test_the_order_of_the_rows_decides_nothing(
    prompts: list[int], seed: int, ratio: float, shuffling: random.Random
) -> None:
    before = {prompts[row] for row in choose_held_out(prompts, seed, ratio)}
    shuffling.shuffle(prompts)

    after = {prompts[row] for row in choose_held_out(prompts, seed, ratio)}

    assert after == before


def test_the_same_seed_chooses_the_same_rows_on_every_machine() -> None:
    assert plan(200).rows == plan(200).rows
    assert plan(200, seed=1).rows != plan(200).rows
    assert choose_held_out(range(20), 42, 0.1) == (2, 12)


def test_a_row_that_is_added_moves_hardly_any_other() -> None:
    before, after = set(plan(1000).rows), set(plan(1001).rows)

    assert len(before & after) >= len(before) - 1


@pytest.mark.parametrize(
    ("rows", "ratio", "count"),
    [(199, 0.0, 0), (200, 0.05, 10), (2000, 0.05, 100), (3000, 0.03333, 100), (10**5, 0.001, 100)],
)
def test_many_rows_spare_a_twentieth_but_a_hundred_at_most(
    rows: int, ratio: float, count: int
) -> None:
    planned = plan(rows)

    assert (planned.ratio, len(planned.rows)) == (ratio, count)


def test_xtuners_own_recipe_holds_nothing_out_unless_told_to() -> None:
    assert plan(500, recipe="xtuner") == HeldOut(ratio=0.0)
    assert len(plan(500, recipe="xtuner", val_ratio=0.1).rows) == 50


def test_a_ratio_that_is_set_is_obeyed() -> None:
    assert len(plan(20, val_ratio=0.5).rows) == 10
    assert plan(500, val_ratio=0.0) == HeldOut(ratio=0.0)


def test_a_ratio_that_is_set_and_gives_no_rows_is_told_from_none() -> None:
    assert plan(20, val_ratio=0.01) == HeldOut(ratio=0.01)
    assert plan(20, repeats=20, val_ratio=0.5) == HeldOut(ratio=0.5)


def test_nothing_is_held_out_by_itself_where_every_question_is_frequent() -> None:
    assert plan(500, repeats=100) == HeldOut(ratio=0.0)


def test_questions_that_are_shown_while_training_are_trained() -> None:
    prompts = [question_number(f"Question {row}?") for row in range(20)]
    without = choose_held_out(prompts, 42, 0.1)

    rows = choose_held_out(prompts, 42, 0.1, [prompts[row] for row in without])

    assert len(rows) == len(without)
    assert not set(rows) & set(without)


def test_white_space_makes_no_other_question() -> None:
    assert question_number("Who  are\nyou? ") == question_number("Who are you?")
    assert question_number("who are you?") != question_number("Who are you?")
