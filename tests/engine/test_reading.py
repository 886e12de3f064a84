"""Answers are as likely when they are read side by side as when each is read by itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from asked import ASKED, ASKED_ALIKE, TOLERANCE, checked_small_model
from transformers import Cache, LlamaForCausalLM

from xtgui_cli.engine import reading
from xtgui_cli.engine.abilities import bears_padding, can_pack
from xtgui_cli.engine.checked_model import batches_of
from xtgui_cli.engine.question_pack import Asked
from xtgui_cli.engine.reading import likelihoods
from xtgui_cli.shared.packing import KEEPS_PACKS_APART

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]


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
@pytest.mark.parametrize("model_type", ["bloom", "gpt_neo", "mpt", "opt", "lfm2", "qwen3_5_text"])
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


def forward_with_number(
    self: Any, input_ids: torch.Tensor, logits_to_keep: int = 0, **inputs: Any
) -> Any:
    """Compute so many of the last logits, as code does that comes with a model."""
    outputs = LlamaForCausalLM.forward(self, input_ids=input_ids, **inputs)
    outputs.logits = outputs.logits[:, -logits_to_keep:]
    return outputs


def test_code_of_a_models_own_is_asked_for_a_number_of_logits() -> None:
    theirs = checked_small_model("llama")
    checked = checked_small_model("llama")
    checked.model.__class__ = type("Own", (LlamaForCausalLM,), {"forward": forward_with_number})
    ids = torch.tensor([[*range(5, 15)], [*range(25, 35)]])

    with checked.undisturbed():
        found = likelihoods(checked, ASKED, packs=False)
        middle = checked.forward(ids, torch.tensor([4, -3])).logits
        packs = can_pack(checked, [each.prompt for each in ASKED])
    with theirs.undisturbed():
        expected = likelihoods(theirs, ASKED, packs=False)
        assert torch.equal(middle, theirs.forward(ids, torch.tensor([4, -3])).logits)

    assert not packs
    for of_found, of_expected in zip(found, expected, strict=True):
        for one, other in zip(of_found, of_expected, strict=True):
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


def test_what_was_not_tried_is_not_relied_on() -> None:
    """Sequences that are too long for one row are read whole, which shows nothing of packing."""
    checked = checked_small_model("llama")
    too_long = list(range(5, 15)) * (reading.PACK // 10)

    with checked.undisturbed():
        assert not can_pack(checked, [[5, 6, 7], too_long])
        assert not can_pack(checked, [])


@pytest.mark.parametrize("error", [AssertionError, NotImplementedError, KeyError])
def test_code_that_fails_in_its_own_way_is_read_whole(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    checked = checked_small_model("llama")
    forward = checked.model.forward

    def refuse(**inputs: Any) -> Any:
        if inputs["attention_mask"].dim() == 4 or inputs.get("past_key_values"):
            raise error
        return forward(**inputs)

    monkeypatch.setattr(checked.model, "forward", refuse)

    with checked.undisturbed():
        assert not can_pack(checked, [each.prompt for each in ASKED])
        assert not bears_padding(checked, [each.prompt for each in ASKED])


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


def test_packs_are_about_equal_and_keep_the_order() -> None:
    asked = [Asked([5] * length, [[9]]) for length in (200, 200, 200, 200, 200, 50)]

    packs = list(reading._packs(checked_small_model("llama"), [len(each.prompt) for each in asked]))

    assert packs == [[0, 1], [2, 3], [4, 5]]


def test_a_pack_holds_no_more_than_attention_is_good_for() -> None:
    packs = list(reading._packs(checked_small_model("llama"), [300, 200, 400, 124]))

    assert packs == [[0, 1], [2], [3]]
