"""The figures of a whole file are the sums of what its single rows show."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from xtgui_cli.data.measure import measure_rows
from xtgui_cli.data.messages import Messages
from xtgui_cli.data.survey import Sight, see_row, survey_rows, with_place_for_system
from xtgui_cli.data.token_runs import TokenRow
from xtgui_cli.models.model_folder import check_model
from xtgui_cli.models.template_match import bos_for
from xtgui_cli.models.tokenization import load_tokenizer
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.templates import all_templates


def row_of(*turns: tuple[str, str]) -> Messages:
    return [{"role": role, "content": content} for role, content in turns]


ROWS = [
    row_of(("user", "Who are you?"), ("assistant", "An assistant.")),
    row_of(("user", "q " * 40), ("assistant", "too late")),
    row_of(("system", "Be brief."), ("user", "Tell"), ("assistant", "一二三 " * 30)),
    row_of(("user", "nobody answers")),
    row_of(("assistant", "hello"), ("user", "a"), ("assistant", "b"), ("user", "c")),
    [*row_of(("user", "a")), {"role": "assistant", "content": "b", "loss": False}],
]


@pytest.fixture(params=["qwen_chat", "llama3_chat", "default", "gemma"])
def sight(request: pytest.FixtureRequest, tiny_model: Path) -> Sight:
    model = check_model(tiny_model)
    template = all_templates()[request.param]
    return Sight(load_tokenizer(model), template, bos_for(model, template), 60)


def test_the_figures_are_the_sums_of_the_rows(sight: Sight) -> None:
    rows = [see_row(number, row, sight) for number, row in enumerate(ROWS, start=1)]
    cut: list[TokenRow] = []
    told: list[int] = []

    def keep(row: TokenRow) -> bool:
        cut.append(row)
        return True

    survey = survey_rows(ROWS, sight, keep, told.append)

    assert list(survey.measured.lengths) == [row.tokens for row in rows]
    assert survey.trained == sum(row.trained + row.trained_cut for row in rows)
    assert survey.trained_cut == sum(row.trained_cut for row in rows)
    assert cut == [row for row in rows if row.cut]
    assert survey.cut_rows == len(cut)
    assert list(survey.vanishing) == [row.number for row in rows if not row.trained]
    assert told == [len(ROWS)]


def test_rows_that_are_cut_are_shown_for_as_long_as_they_are_wanted(sight: Sight) -> None:
    shown: list[int] = []

    def keep_one(row: TokenRow) -> bool:
        shown.append(row.number)
        return False

    survey = survey_rows([ROWS[1]] * 3, sight, keep_one)

    assert (shown, survey.cut_rows) == ([1], 3)


def test_lengths_are_those_that_the_plan_is_made_of(sight: Sight) -> None:
    survey = survey_rows(ROWS, sight)

    assert survey.measured == measure_rows(ROWS, sight.template, sight.tokenizer, sight.bos_ids)


def test_rows_that_vanish_are_named_and_those_that_no_length_would_save_counted(
    sight: Sight,
) -> None:
    survey = survey_rows(ROWS, sight)

    assert {2, 4, 6} <= set(survey.vanishing)
    assert survey.never_trained == 2


def test_the_text_of_a_row_is_what_its_ids_decode_to(sight: Sight) -> None:
    for number, messages in enumerate(ROWS, start=1):
        row = see_row(number, messages, sight)

        text = "".join(run.text for run in row.runs if not run.is_cut)

        kept = sight.tokenizer.decode(row.encoded.input_ids[:60])
        assert text == kept, json.dumps(messages)


def test_special_tokens_are_told_from_text(sight: Sight) -> None:
    row = see_row(1, row_of(("user", "<|im_end|> </s>"), ("assistant", "a")), sight)

    special = {run.text for run in row.runs if run.is_special}

    assert "<|im_end|>" in special
    assert "</s>" not in special


@pytest.mark.parametrize(
    ("messages", "dropped"),
    [(ROWS[0], 0), (ROWS[3], 1), (ROWS[4], 2), ([], 0), (row_of(("assistant", "a")), 1)],
)
def test_messages_that_never_reach_the_model_are_counted(
    messages: Messages, dropped: int, sight: Sight
) -> None:
    assert see_row(1, messages, sight).dropped == dropped


def test_a_system_text_without_a_place_in_the_template_stops_as_training_would() -> None:
    template = all_templates()["minicpm"]

    with pytest.raises(XtguiError) as raised:
        list(with_place_for_system(ROWS, template, Path("data.jsonl")))

    assert raised.value.code == "data.system_has_no_place"


ROLES = some.sampled_from(["system", "user", "assistant"])
MESSAGES = some.lists(
    some.builds(
        lambda role, content, loss: {"role": role, "content": content} | loss,
        ROLES,
        some.text(max_size=30),
        some.sampled_from([{}, {"loss": True}, {"loss": False}, {"loss": None}]),
    ),
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(MESSAGES, max_size=5), some.integers(1, 60))
def test_whatever_the_rows_say_sums_and_rows_agree(
    sight: Sight, rows: list[Messages], max_length: int
) -> None:
    sight = replace(sight, max_length=max_length)
    seen = [see_row(number, row, sight) for number, row in enumerate(rows, start=1)]

    survey = survey_rows(rows, sight)

    assert list(survey.measured.lengths) == [row.tokens for row in seen]
    assert survey.trained_cut == sum(row.trained_cut for row in seen)
    assert list(survey.vanishing) == [row.number for row in seen if not row.trained]
    assert all(sum(run.tokens for run in row.runs) == row.tokens for row in seen)
