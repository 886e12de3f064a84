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
from xtgui_cli.data.survey import RowEncoder, survey_rows, with_place_for_system
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
def encoder(request: pytest.FixtureRequest, tiny_model: Path) -> RowEncoder:
    model = check_model(tiny_model)
    template = all_templates()[request.param]
    return RowEncoder(load_tokenizer(model), template, bos_for(model, template), 60)


def test_the_figures_are_the_sums_of_the_rows(encoder: RowEncoder) -> None:
    rows = [encoder.encode(number, row) for number, row in enumerate(ROWS, start=1)]
    cut: list[TokenRow] = []
    told: list[int] = []

    def keep(row: TokenRow) -> bool:
        cut.append(row)
        return True

    survey = survey_rows(ROWS, encoder, keep, told.append)

    assert list(survey.measured.lengths) == [row.tokens for row in rows]
    assert survey.trained == sum(row.trained + row.trained_cut for row in rows)
    assert survey.trained_cut == sum(row.trained_cut for row in rows)
    assert cut == [row for row in rows if row.cut]
    assert survey.cut_rows == len(cut)
    assert list(survey.vanishing) == [row.number for row in rows if not row.trained]
    assert told == [len(ROWS)]


def test_rows_that_are_cut_are_shown_for_as_long_as_they_are_wanted(encoder: RowEncoder) -> None:
    shown: list[int] = []

    def keep_one(row: TokenRow) -> bool:
        shown.append(row.number)
        return False

    survey = survey_rows([ROWS[1]] * 3, encoder, keep_one)

    assert (shown, survey.cut_rows) == ([1], 3)


def test_lengths_are_those_that_the_plan_is_made_of(encoder: RowEncoder) -> None:
    survey = survey_rows(ROWS, encoder)

    assert survey.measured == measure_rows(
        ROWS, encoder.template, encoder.tokenizer, encoder.bos_ids
    )


def test_rows_that_vanish_are_named_and_those_that_no_length_would_save_counted(
    encoder: RowEncoder,
) -> None:
    survey = survey_rows(ROWS, encoder)

    assert {2, 4, 6} <= set(survey.vanishing)
    assert survey.never_trained == 2


def test_the_text_of_a_row_is_what_its_ids_decode_to(encoder: RowEncoder) -> None:
    for number, messages in enumerate(ROWS, start=1):
        row = encoder.encode(number, messages)

        text = "".join(run.text for run in row.runs if not run.is_cut)

        kept = encoder.tokenizer.decode(row.encoded.input_ids[:60])
        assert text == kept, json.dumps(messages)


def test_special_tokens_are_told_from_text(encoder: RowEncoder) -> None:
    row = encoder.encode(1, row_of(("user", "<|im_end|> </s>"), ("assistant", "a")))

    special = {run.text for run in row.runs if run.is_special}

    assert "<|im_end|>" in special
    assert "</s>" not in special


@pytest.mark.parametrize(
    ("messages", "dropped"),
    [(ROWS[0], 0), (ROWS[3], 1), (ROWS[4], 2), ([], 0), (row_of(("assistant", "a")), 1)],
)
def test_messages_that_never_reach_the_model_are_counted(
    messages: Messages, dropped: int, encoder: RowEncoder
) -> None:
    assert encoder.encode(1, messages).dropped == dropped


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
    encoder: RowEncoder, rows: list[Messages], max_length: int
) -> None:
    encoder = replace(encoder, max_length=max_length)
    encoded = [encoder.encode(number, row) for number, row in enumerate(rows, start=1)]

    survey = survey_rows(rows, encoder)

    assert list(survey.measured.lengths) == [row.tokens for row in encoded]
    assert survey.trained_cut == sum(row.trained_cut for row in encoded)
    assert list(survey.vanishing) == [row.number for row in encoded if not row.trained]
    assert all(sum(run.tokens for run in row.runs) == row.tokens for row in encoded)
