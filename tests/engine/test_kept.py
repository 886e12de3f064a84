"""What the base model could do, measured again: the same figures by the quick way and the plain."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy
import pytest
import tiny
import torch
from checked import checked_model, taught_rows, teach
from small_models import small_model
from transformers import Cache

from xtgui_cli.engine import reading
from xtgui_cli.engine.abilities import bears_padding, can_pack
from xtgui_cli.engine.checked_model import CheckedModel, CheckStoppedError, batches_of
from xtgui_cli.engine.greedy import Written, answer_greedily, answer_text, has_ended
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
from xtgui_cli.engine.pack import Asked
from xtgui_cli.engine.reading import likelihoods
from xtgui_cli.shared.packing import KEEPS_PACKS_APART

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

TOLERANCE = 1e-4
"""Nats, of sums of up to twenty log-probabilities in float32."""
ASKED = (
    Asked([5, 6, 7, 8], [[9, 2], [10, 11, 12, 2], [13], list(range(20, 40))]),
    Asked([5, 6, 7, 8, 14, 15, 16, 17, 18], [[9, 2], [10, 2], [11, 2], [12, 13, 2]]),
    Asked([5], [[9, 2], [8, 7, 6, 2]]),
)
SYSTEM = list(range(40, 52))
ASKED_ALIKE = tuple(Asked([*SYSTEM, *each.prompt], each.answers) for each in ASKED)
"""All with one system text, longer than what is read again for each."""
ITEMS = (
    KeptItem("What is the capital of France?", "Paris", ("Rome", "Tokyo", "Bern")),
    KeptItem("你是谁？", "助手", ("医生", "画家", "木匠")),
    KeptItem("Which one is a number?", "Three", ("Boris", "Train", "Small")),
    KeptItem("One, two, three, and then?", "four", ("five", "Anna", "Who")),
)


def checked_small_model(model_type: str, **changes: Any) -> CheckedModel:
    """Return a random model of a type; nothing else of it is used."""
    model = small_model(model_type, **changes)
    with torch.no_grad():  # as initialised, everything is about as likely
        for parameter in model.parameters():
            parameter.mul_(8 if parameter.dim() > 1 else 1)
    unused: Any = None
    return CheckedModel(model, unused, unused, unused)


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


# --- the quick way -------------------------------------------------------------------------------


@pytest.mark.parametrize("all_asked", [ASKED, ASKED_ALIKE], ids=["apart", "alike"])
@pytest.mark.parametrize("model_type", sorted(KEEPS_PACKS_APART))
def test_reading_side_by_side_gives_the_scores_of_whole_sequences(
    model_type: str, all_asked: Sequence[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = checked_small_model(model_type)
    prompts = [each.prompt for each in all_asked]

    with checked.undisturbed():
        is_able = can_pack(checked, prompts), bears_padding(checked, prompts)
        plain = likelihoods(checked, all_asked, packs=False)
        packed = likelihoods(checked, all_asked, packs=True)
        in_small_packs = likelihoods(
            dataclasses.replace(checked, most_tokens=1), all_asked, packs=True
        )
        monkeypatch.setattr(reading, "_side_by_side", reading._whole_sequences)
        assert packed != likelihoods(checked, all_asked, packs=True)  # really another way

    assert is_able == (True, True)
    for of_packed, of_plain, of_small, asked in zip(
        packed, plain, in_small_packs, all_asked, strict=True
    ):
        assert list(map(len, of_packed)) == list(map(len, asked.answers))
        for one, two, three in zip(of_packed, of_plain, of_small, strict=True):
            assert one == pytest.approx(two, abs=TOLERANCE)
            assert three == pytest.approx(two, abs=TOLERANCE)


@pytest.mark.parametrize("all_asked", [ASKED, ASKED_ALIKE], ids=["apart", "alike"])
@pytest.mark.parametrize("model_type", ["bloom", "opt", "lfm2", "qwen3_5_text"])
def test_models_of_other_kinds_are_read_in_a_way_that_is_right_for_them(
    model_type: str, all_asked: Sequence[Asked]
) -> None:
    checked = checked_small_model(model_type)

    with checked.undisturbed():
        packs = can_pack(checked, [each.prompt for each in all_asked])
        found = likelihoods(checked, all_asked, packs=packs)
        plain = likelihoods(checked, all_asked, packs=False)

    for of_found, of_plain in zip(found, plain, strict=True):
        for one, other in zip(of_found, of_plain, strict=True):
            assert one == pytest.approx(other, abs=TOLERANCE)


def test_a_model_that_does_not_use_its_cache_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """As XTuner's attention for flash-attn under transformers 5 does not."""
    checked = checked_small_model("llama")
    forward = checked.model.forward

    def forget(**inputs: Any) -> Any:
        if inputs.get("past_key_values") is not None:
            past = inputs["attention_mask"].shape[-1] - inputs["input_ids"].shape[1]
            inputs["attention_mask"] = inputs["attention_mask"].clone()
            hidden = 0 if inputs["attention_mask"].dim() == 2 else -1e9
            inputs["attention_mask"][..., :past] = hidden
        return forward(**inputs)

    monkeypatch.setattr(checked.model, "forward", forget)

    with checked.undisturbed():
        assert not bears_padding(checked, [each.prompt for each in ASKED])
        assert not can_pack(checked, [each.prompt for each in ASKED])


def test_a_cache_that_gives_up_no_rows_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the tuples of models with older code of their own."""
    checked = checked_small_model("llama")
    for name in ("batch_select_indices", "batch_repeat_interleave"):
        monkeypatch.delattr(Cache, name)

    with checked.undisturbed():
        assert not bears_padding(checked, [each.prompt for each in ASKED])
        assert not can_pack(checked, [each.prompt for each in ASKED])


def test_a_model_that_does_not_use_our_mask_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """As kernels that know causal attention only."""
    checked = checked_small_model("llama")
    forward = checked.model.forward

    def see_everything_before(**inputs: Any) -> Any:
        if inputs["attention_mask"].dim() == 4:
            del inputs["attention_mask"]
        return forward(**inputs)

    monkeypatch.setattr(checked.model, "forward", see_everything_before)

    with checked.undisturbed():
        assert not can_pack(checked, [each.prompt for each in ASKED_ALIKE])


@pytest.mark.parametrize("model_type", ["gemma3_text", "mistral"])
def test_what_a_layer_does_not_see_at_once_is_not_read_side_by_side(model_type: str) -> None:
    """A mask of ours would show it more than its window."""
    checked = checked_small_model(model_type, sliding_window=8)

    with checked.undisturbed():
        found = likelihoods(checked, ASKED, packs=True)
        plain = likelihoods(checked, ASKED, packs=False)

    assert found == plain


def test_a_likelihood_is_that_of_the_models_own_loss() -> None:
    checked = checked_small_model("llama")
    [asked, *_] = ASKED
    ids = torch.tensor([[*asked.prompt, *asked.answers[1]]])
    labels = ids.clone()
    labels[:, : len(asked.prompt)] = -100

    with checked.undisturbed():
        [[_, values, *_]] = likelihoods(checked, [asked], packs=True)
        loss = float(checked.model(input_ids=ids, labels=labels).loss)

    assert -sum(values) / len(values) == pytest.approx(loss, abs=TOLERANCE)


def test_a_batch_holds_rows_of_similar_lengths_within_its_tokens() -> None:
    lengths = [10, 1, 2, 9, 10, 30]

    assert list(batches_of(lengths, 20)) == [[1, 2], [3, 0], [4], [5]]
    assert list(batches_of(lengths, 60, beside=20)) == [[1, 2], [3, 0, 4], [5]]
    assert list(batches_of([], 20)) == []


def test_packs_are_about_equal_and_keep_the_order(checked: CheckedModel) -> None:
    asked = [Asked([5] * length, [[9]]) for length in (200, 200, 200, 200, 200, 50)]

    packs = list(reading._packs(checked, [len(each.prompt) for each in asked]))

    assert packs == [[0, 1], [2, 3], [4, 5]]


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


# --- answers -------------------------------------------------------------------------------------


def test_answers_are_the_same_one_by_one_and_all_at_once(speaking: CheckedModel) -> None:
    prompts = [speaking.prompt(f"Who is number {number}?") for number in (3, 12345678, 5)]

    with speaking.undisturbed():
        together = answer_greedily(speaking, prompts, [20, 3, 20], may_pad=True)
        apart = answer_greedily(speaking, prompts, [20, 3, 20], may_pad=False)
        limited = answer_greedily(speaking, prompts, [3] * 3, may_pad=True)

    assert [each.ids for each in together] == [each.ids for each in apart]
    for one, other in zip(together, apart, strict=True):
        assert one.log_probabilities == pytest.approx(other.log_probabilities, abs=TOLERANCE)
    assert answer_text(speaking, together[0].ids) == "It is Dora, of room 21."
    assert has_ended(speaking, together[0].ids)
    assert together[0].ids[-1] == speaking.tokenizer.eos_token_id
    assert [each.up_to(3).ids for each in together] == [each.ids for each in limited]


def test_an_answer_is_as_likely_as_its_teacher_forced_tokens(speaking: CheckedModel) -> None:
    prompts = [speaking.prompt(f"Who is number {number}?") for number in (3, 12345678, 5)]

    with speaking.undisturbed():
        answers = answer_greedily(speaking, prompts, [9] * 3, may_pad=True)
        asked = [Asked(*each) for each in zip(prompts, [[a.ids] for a in answers], strict=True)]
        forced = likelihoods(speaking, asked, packs=True)

    for answer, [values] in zip(answers, forced, strict=True):
        assert answer.log_probabilities == pytest.approx(values, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("model_type", "window"),
    [
        *((model_type, {}) for model_type in sorted(KEEPS_PACKS_APART)),
        ("gemma3_text", {"sliding_window": 8}),
        ("mistral", {"sliding_window": 8}),
    ],
)
def test_answers_are_the_same_when_their_beginning_is_read_once(
    model_type: str, window: dict[str, int]
) -> None:
    tokenizer: Any = SimpleNamespace(pad_token_id=0)
    checked = dataclasses.replace(
        checked_small_model(model_type, **window), tokenizer=tokenizer, stop_ids=(2,)
    )
    prompts = [list(each.prompt) for each in ASKED_ALIKE]

    with checked.undisturbed():
        together = answer_greedily(checked, prompts, [8, 5, 8], may_pad=True)
        apart = answer_greedily(checked, prompts, [8, 5, 8], may_pad=False)

    assert [each.ids for each in together] == [each.ids for each in apart]


def test_an_answer_that_is_cut_off_has_not_ended(speaking: CheckedModel) -> None:
    prompt = speaking.prompt("Who is number 3?")

    with speaking.undisturbed():
        [answer] = answer_greedily(speaking, [prompt], [3], may_pad=True)

    assert len(answer.ids) == 3
    assert not has_ended(speaking, answer.ids)


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
