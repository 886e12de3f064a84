"""What the base model could do, measured again: the same figures by the quick way and the plain."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from pathlib import Path

import numpy
import pytest
import tiny
import torch
from checked import checked_model, taught_rows, teach

from xtgui_cli.engine.checked_model import CheckedModel, CheckStoppedError
from xtgui_cli.engine.greedy import Written, answer_greedily
from xtgui_cli.engine.kept import (
    LONGEST_ANSWER,
    Base,
    KeptItem,
    OwnAnswer,
    Reading,
    compare,
    is_right,
    read_base,
    read_items,
    read_kept,
)
from xtgui_cli.engine.known import encode_rows

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

ITEMS = (
    KeptItem("What is the capital of France?", "Paris", ("Rome", "Tokyo", "Bern")),
    KeptItem("你是谁？", "助手", ("医生", "画家", "木匠")),
    KeptItem("Which one is a number?", "Three", ("Boris", "Train", "Small")),
    KeptItem("One, two, three, and then?", "four", ("five", "Anna", "Who")),
)


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture
def checked(tiny_folder: Path) -> CheckedModel:
    return checked_model(tiny_folder)


@pytest.fixture(scope="module")
def speaking(tiny_folder: Path) -> CheckedModel:
    """A model that answers short and stops, so that it has words of its own."""
    speaking = checked_model(tiny_folder)
    teach(speaking, taught_rows(speaking, range(6)))
    return speaking


def words_of(checked: CheckedModel) -> list[Written]:
    prompts = [checked.prompt(item.question) for item in ITEMS]
    return answer_greedily(checked, prompts, [LONGEST_ANSWER] * len(ITEMS), may_pad=True)


# --- right ---------------------------------------------------------------------------------------


def test_the_right_answer_has_to_be_the_likeliest_for_its_length() -> None:
    item = KeptItem("Q?", "abcd", ("abcdefgh", "ab", "abcd"))

    assert is_right(item, [[-2.0, -2.0], [-9.0], [-2.1], [-4.1], [-0.1]])
    assert not is_right(item, [[-4.0], [-7.0], [-3.0], [-5.0]])
    assert not is_right(item, [[-4.0], [-9.0], [-3.0], [-4.0]])


def test_options_are_scored_with_the_end_of_the_answer(checked: CheckedModel) -> None:
    assert checked.tokenizer.decode(checked.answer("Paris")) == "Paris<|im_end|>"
    assert checked.tokenizer.decode(checked.prompt("Where?")) == (
        "<|im_start|>user\nWhere?<|im_end|>\n<|im_start|>assistant\n"
    )


def test_what_was_taught_is_right_afterwards(checked: CheckedModel) -> None:
    rows = {
        number: {
            "messages": [
                {"role": "user", "content": item.question},
                {"role": "assistant", "content": item.gold},
            ]
        }
        for number, item in enumerate(ITEMS)
    }
    teach(checked, list(encode_rows(rows, checked.template, checked.encoder, 128)), steps=40)

    with checked.undisturbed():
        reading = read_kept(checked, ITEMS, (), packs=True)

    assert reading.right == (True,) * len(ITEMS)


# --- wording -------------------------------------------------------------------------------------


def test_the_wording_of_an_unchanged_model_has_not_changed(speaking: CheckedModel) -> None:
    with speaking.undisturbed():
        words = words_of(speaking)
        base = read_base(speaking, ITEMS, words, packs=True)
        again = read_kept(speaking, ITEMS, base.answers, packs=True)

    kept, wording = compare(base, again)
    assert base.answers
    assert wording == pytest.approx(0.0, abs=1e-6)
    assert (kept.lost, kept.p_value) == (0, 1.0)
    assert kept.right == kept.base_right == kept.of_base_right


def test_the_wording_of_a_model_that_was_taught_something_else_has_changed(
    speaking: CheckedModel,
) -> None:
    checked = dataclasses.replace(speaking, model=copy.deepcopy(speaking.model))
    with checked.undisturbed():
        words = words_of(checked)
        base = read_base(checked, ITEMS, words, packs=True)

    teach(checked, taught_rows(checked, range(20, 26)), steps=20)
    with checked.undisturbed():
        now = read_kept(checked, ITEMS, base.answers, packs=True)

    _, wording = compare(base, now)
    assert wording is not None
    assert wording > 0.05


def test_a_sample_is_compared_with_the_same_items_of_the_base() -> None:
    base = Base(
        questions=("A?", "B?", "C?", "D?"),
        right=(True, True, False, True),
        answers=(OwnAnswer(1, (5, 2), (-0.5, -0.1)), OwnAnswer(3, (6, 2), (-0.2, -0.2))),
    )

    kept, wording = compare(base, Reading((True, False, True), {1: -0.8}))

    assert (kept.asked, kept.right, kept.base_right, kept.of_base_right) == (3, 2, 2, 1)
    assert (kept.lost, kept.p_value) == (1, 0.75)
    assert wording == pytest.approx(0.5)
    assert compare(base, Reading((True,), {}))[1] is None


def test_the_base_comes_through_json_as_it_was() -> None:
    base = Base(("A?",), (True,), (OwnAnswer(0, (5, 2), (-0.5, -0.125)),))

    assert Base.from_json(json.loads(json.dumps(base.to_json()))) == base


@pytest.mark.parametrize("language", ["en", "zh"])
def test_our_items_are_in_an_order_that_mixes_topics_and_stays(language: str) -> None:
    items = read_items(language)

    assert items == read_items(language)
    assert len(items) == 60
    assert all(len(set(item.options)) == 4 for item in items)


# --- nothing is disturbed ------------------------------------------------------------------------


def test_a_check_leaves_the_model_and_the_random_numbers_as_they_were(
    tiny_folder: Path,
) -> None:
    checked = checked_model(tiny_folder)
    checked.model.config.use_cache = False
    checked.model.train()
    checked.model.model.layers[0].eval()
    own = checked.model.generation_config
    torch.manual_seed(3)
    random.seed(3)
    numpy.random.seed(3)

    with checked.undisturbed():
        assert not checked.model.training
        torch.rand(5)
        random.random()
        numpy.random.rand()
        words = words_of(checked)
        read_base(checked, ITEMS, words, packs=True)
    drawn = (float(torch.rand(1)), random.random(), numpy.random.rand())

    torch.manual_seed(3)
    random.seed(3)
    numpy.random.seed(3)
    assert drawn == (float(torch.rand(1)), random.random(), numpy.random.rand())
    assert checked.model.generation_config is own
    assert checked.model.config.use_cache is False
    assert checked.model.training
    assert not checked.model.model.layers[0].training
    assert checked.model.model.layers[1].training
    assert all(parameter.grad is None for parameter in checked.model.parameters())


def test_a_check_ends_where_the_run_is_to_stop(tiny_folder: Path) -> None:
    checked = checked_model(tiny_folder, stop_requested=lambda: True)

    with checked.undisturbed():
        for packs in (True, False):
            with pytest.raises(CheckStoppedError):
                read_kept(checked, ITEMS, (), packs=packs)
        with pytest.raises(CheckStoppedError):
            words_of(checked)
