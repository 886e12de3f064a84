"""Greedy answers are the same one by one and all at once."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
import tiny
from asked import ASKED_ALIKE, TOLERANCE, checked_small_model
from checked import checked_model, taught_rows, teach

from xtgui_cli.engine.checked_model import CheckedModel
from xtgui_cli.engine.greedy import answer_greedily, answer_text, has_ended
from xtgui_cli.engine.question_pack import Asked
from xtgui_cli.engine.reading import likelihoods
from xtgui_cli.shared.packing import KEEPS_PACKS_APART

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]


@pytest.fixture(scope="module")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> CheckedModel:
    """A model that answers short and stops."""
    speaking = checked_model(tiny.save_model(tmp_path_factory.mktemp("tiny") / "model"))
    teach(speaking, taught_rows(speaking, range(6)))
    return speaking


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
        *((model_type, {}) for model_type in ("bloom", "gpt_neo", "mpt")),
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
