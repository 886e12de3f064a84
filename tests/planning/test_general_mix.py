"""General questions: how many are mixed in, and what they do to the plan."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest
from plan_example import SMOLLM2
from settings_of import settings_of

from xtgui_cli.planning.base_facts import BaseFacts
from xtgui_cli.planning.general_mix import (
    ANSWER_TOKENS,
    TIME_SHARE,
    most_questions,
    plan_mix_general,
    plan_repeat_rows,
)
from xtgui_cli.planning.machine import Machine
from xtgui_cli.planning.pace import answer_seconds, rough_seconds
from xtgui_cli.planning.packing import Measured
from xtgui_cli.planning.plan import Plan, make_plan
from xtgui_cli.planning.row_facts import RowFacts

HERE = Machine("cpu", False, "", 0, 0, 16, 12, 2)
"""SmolLM2-135M's."""
CHAT = BaseFacts(shape=SMOLLM2, max_positions=8192, model_type="llama")
BARE = replace(CHAT, has_chat_template=False)
UNKNOWN = replace(CHAT, shape=None)


def rows(count: int, **facts: Any) -> Measured:
    return Measured(count, [60] * count, [5] * count, RowFacts(**facts))


def wanted(measured: Measured, base: BaseFacts = CHAT, **settings: Any) -> int:
    given = {key.replace("__", "."): value for key, value in settings.items()}
    return plan_mix_general(settings_of(given), measured, base)


def plan_of(measured: Measured) -> Plan:
    return make_plan(measured, settings_of({}), HERE, CHAT)


@pytest.mark.parametrize(
    ("count", "general"), [(1, 16), (8, 16), (24, 24), (60, 60), (299, 60), (300, 0), (5000, 0)]
)
def test_few_rows_get_as_many_general_questions(count: int, general: int) -> None:
    assert wanted(rows(count)) == general


@pytest.mark.parametrize(
    ("count", "asked", "general"),
    [(24, 4, 16), (56, 28, 0), (56, 20, 16), (30, 30, 0), (100, 9, 51)],
)
def test_general_questions_that_the_rows_ask_count(count: int, asked: int, general: int) -> None:
    """They are no rows that teach, and as many fewer are mixed in."""
    assert plan_mix_general(settings_of({}), rows(count), CHAT, asked) == general


def test_rows_that_are_repeated_ask_each_general_question_once() -> None:
    """20 rows of 24 teach: twice as many of them in an epoch, with 36 questions and their own 4."""
    assert plan_mix_general(settings_of({}), rows(24).repeated(2), CHAT, 4) == 36


@pytest.mark.parametrize(
    ("count", "facts", "times"),
    [
        (24, {}, 2),
        (50, {}, 2),
        (200, {}, 1),
        (400, {}, 1),
        (60, {"answers": 20, "answered": 60}, 1),
    ],
)
def test_few_rows_are_repeated_so_that_general_questions_need_not_be(
    count: int, facts: dict[str, Any], times: int
) -> None:
    assert plan_repeat_rows(settings_of({}), rows(count, **facts), CHAT) == times


@pytest.mark.parametrize(
    ("settings", "times"),
    [
        ({"data.repeat_rows": 9}, 9),
        ({"train.max_epochs": 3}, 1),
        ({"data.mix_general": 0}, 1),
        ({"train.recipe": "xtuner"}, 1),
    ],
)
def test_what_is_set_decides_how_often_rows_are_repeated(
    settings: dict[str, Any], times: int
) -> None:
    assert plan_repeat_rows(settings_of(settings), rows(24), CHAT) == times


def test_a_number_that_is_set_is_obeyed() -> None:
    assert wanted(rows(5000), data__mix_general=100) == 100
    assert wanted(rows(24), BARE, data__mix_general=3) == 3
    assert wanted(rows(24), data__mix_general=0) == 0


@pytest.mark.parametrize(
    "settings", [{"train__recipe": "xtuner"}, {"data__max_dataset_length": 10}]
)
def test_xtuners_recipe_and_a_part_of_the_data_get_none(settings: dict[str, Any]) -> None:
    assert wanted(rows(24), **settings) == 0


def test_models_and_data_that_know_no_questions_get_none() -> None:
    assert wanted(rows(24), BARE) == 0
    assert wanted(rows(24, has_questions=False)) == 0


def test_answering_takes_a_tenth_of_the_run_at_most() -> None:
    plan = plan_of(rows(24))

    most = most_questions(plan, CHAT, HERE, 40, is_full=False)

    answer_s = answer_seconds(SMOLLM2, HERE, 40, ANSWER_TOKENS)
    run_s = rough_seconds(plan, SMOLLM2, HERE, is_full=False)
    assert most * answer_s <= TIME_SHARE * run_s < (most + 1) * answer_s
    assert most_questions(plan, UNKNOWN, HERE, 40, is_full=False) == sys.maxsize


@pytest.mark.parametrize("count", [3, 8, 24, 60, 200])
def test_general_questions_do_not_take_the_place_of_what_is_taught(count: int) -> None:
    alone = plan_of(rows(count))
    general = [50] * wanted(rows(count))

    mixed = plan_of(rows(count).with_general(general, [5] * len(general)))

    assert mixed.samples == alone.samples + len(general)
    assert mixed.general_rows == len(general)
    assert mixed.max_epochs >= alone.max_epochs
    assert mixed.optimizer_steps >= alone.optimizer_steps


def test_what_is_said_of_few_rows_is_said_of_the_users_own() -> None:
    mixed = plan_of(rows(1).with_general([50] * 16, [5] * 16))

    assert "plan.one_row" in [reason.notice.code for reason in mixed.reasons]


def test_rows_that_are_held_out_are_counted_and_not_planned() -> None:
    measured = replace(rows(24), prompts=range(24)).without([3, 5])

    plan = plan_of(measured)

    assert (plan.samples, plan.held_out_rows) == (22, 2)
    assert list(measured.prompts) == [row for row in range(24) if row not in (3, 5)]
