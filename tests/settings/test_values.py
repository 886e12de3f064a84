"""The table of settings: what values mean, and what is wrong with them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtgui_cli.settings.table import SETTINGS
from xtgui_cli.settings.values import check, find, parse, require_valid
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.methods import METHODS


def code_of(key: str, raw: str) -> str:
    with pytest.raises(XtguiError) as caught:
        parse(key, raw)
    return caught.value.code


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("train.lr", "1e-4", 1e-4),
        ("train.lr", "1", 1.0),
        ("train.max_epochs", "3", 3),
        ("train.max_length", "2e3", 2000),
        ("train.pack_to_max_length", "FALSE", False),
        ("train.betas", "[0.9, 0.95]", (0.9, 0.95)),
        ("train.evaluation_inputs", '["你是谁？", "Who?"]', ("你是谁？", "Who?")),
        ("train.SYSTEM", '["not a list"]', '["not a list"]'),
        ("train.SYSTEM", "true", "true"),
        ("data.path", " with blanks ", " with blanks "),
        ("train.save_total_limit", "-1", -1),
    ],
)
def test_a_value_is_read_by_the_type_of_its_key(key: str, raw: str, value: Any) -> None:
    assert parse(key, raw) == value


def test_an_empty_value_unsets_whatever_the_type() -> None:
    assert {parse(setting.key, "") for setting in SETTINGS} == {None}


@pytest.mark.parametrize(
    ("key", "raw", "code"),
    [
        ("train.lr", "nan", "settings.not_a_number"),
        ("train.lr", "inf", "settings.not_a_number"),
        ("train.lr", "fast", "settings.not_a_number"),
        ("train.lr", "0", "settings.not_above"),
        ("train.lr", "2", "settings.above"),
        ("train.lr", "2024-01-01", "settings.not_a_number"),
        ("train.lr", "[1e-4]", "settings.not_a_number"),
        ("train.max_epochs", "2.5", "settings.not_a_integer"),
        ("train.max_epochs", "0", "settings.below"),
        ("train.max_epochs", "1" + "0" * 400, "settings.not_a_integer"),
        ("train.max_epochs", "true", "settings.not_a_integer"),
        ("train.max_epochs", "1\nother = 2", "settings.not_a_integer"),
        ("train.betas", "[0.9]", "settings.not_a_pair"),
        ("train.betas", "[0.9, 1.0]", "settings.above"),
        ("train.betas", "[nan, 0.9]", "settings.not_a_pair"),
        ("train.evaluation_inputs", "Who are you?", "settings.not_a_texts"),
        ("train.evaluation_inputs", "[]", "settings.count"),
        ("train.evaluation_inputs", str(["q"] * 11).replace("'", '"'), "settings.count"),
        ("train.pack_to_max_length", "yes", "settings.not_a_flag"),
        ("train.method", "lorra", "settings.not_a_choice"),
        ("train.save_total_limit", "0", "settings.keep_none"),
        ("data.path", "a\0b", "settings.not_a_text"),
        ("train.lrr", "1", "settings.unknown_near"),
        ("nothing.like.it", "1", "settings.unknown"),
    ],
)
def test_a_wrong_value_is_refused_with_its_own_sentence(key: str, raw: str, code: str) -> None:
    assert code_of(key, raw) == code


def test_a_key_without_its_section_is_recognised() -> None:
    with pytest.raises(XtguiError) as caught:
        find("lr")

    assert caught.value.data["near"] == "train.lr"


def test_all_that_is_wrong_is_reported_at_once() -> None:
    with pytest.raises(XtguiError) as caught:
        require_valid({"train.lr": -1, "train.max_epochs": "three", "train.betas": [0.9, 0.9]})

    assert [problem.data["key"] for problem in caught.value.problems] == [
        "train.lr",
        "train.max_epochs",
    ]


def test_every_default_is_a_value_that_its_own_key_accepts() -> None:
    for setting in SETTINGS:
        for method in METHODS.values():
            value = setting.default_for(method)
            assert value is None or check(setting.key, value) == value, setting.key


@given(st.text(max_size=40))
def test_any_text_is_a_value_of_its_key_or_refused_in_words(raw: str) -> None:
    for setting in SETTINGS:
        try:
            value = parse(setting.key, raw)
        except XtguiError:
            continue
        assert value is None or check(setting.key, value) == value


@given(st.floats(min_value=1e-12, max_value=1.0))
def test_a_rate_survives_being_written_and_read(rate: float) -> None:
    value = parse("train.lr", repr(rate))

    assert isinstance(value, float)
    assert math.isclose(value, rate, rel_tol=0)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("train.learning_rate", "train.lr"),
        ("learning_rate", "train.lr"),
        ("train.rank", "lora.lora_r"),
        ("lora.alpha", "lora.lora_alpha"),
        ("train.epochs", "train.max_epochs"),
        ("train.max_lenght", "train.max_length"),
    ],
)
def test_what_a_setting_is_called_elsewhere_leads_to_it(key: str, near: str) -> None:
    with pytest.raises(XtguiError) as caught:
        parse(key, "1")

    assert caught.value.data["near"] == near
