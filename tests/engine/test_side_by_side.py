"""The answers shown while a run trains: all questions at once, each as if asked alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import tiny
import torch
from checked import checked_model, taught_rows, teach
from small_models import small_model
from transformers import GenerationConfig, StoppingCriteria

from xtgui_cli.engine.checked_model import CheckedModel
from xtgui_cli.engine.side_by_side import answer_in_batches, answers_alike

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

QUESTIONS = ["Who is number 3?", "Who is number 4 of all that are here?", "Who is number 5?"]


class Never(StoppingCriteria):  # type: ignore[misc]
    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        return torch.zeros(input_ids.shape[0], dtype=torch.bool)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> CheckedModel:
    checked = checked_model(tiny.save_model(tmp_path_factory.mktemp("tiny") / "model"))
    teach(checked, taught_rows(checked, range(6)))
    return checked


def answers(
    checked: CheckedModel, sizes: Sequence[int], *, eos: int | None = 2, words: Sequence[str] = ()
) -> list[str]:
    """Return the answers to the questions, asked in batches of these sizes."""
    prompts = [checked.prompt(question) for question in QUESTIONS]
    ends = [sum(sizes[: number + 1]) for number in range(len(sizes))]
    config = GenerationConfig(max_new_tokens=30, do_sample=False, eos_token_id=eos, pad_token_id=2)
    with checked.undisturbed():
        found = answer_in_batches(
            checked.model,
            checked.tokenizer,
            [prompts[end - size : end] for end, size in zip(ends, sizes, strict=True)],
            words,
            stopping_criteria=[Never()],
            generation_config=config,
        )
    return [checked.tokenizer.decode(answer) for answer in found]


def test_questions_are_answered_at_once_as_each_alone(taught: CheckedModel) -> None:
    together = answers(taught, [3])

    assert together == answers(taught, [1, 1, 1])
    assert together == answers(taught, [1, 2])
    assert all(answer.startswith("It is") for answer in together)  # as it was taught
    assert len(set(map(len, together))) > 1  # some are filled up


def test_each_answer_ends_at_its_own_stop_word(taught: CheckedModel) -> None:
    """Where no token ends an answer, what follows the word is cut off by who reads it."""
    [*ended] = answers(taught, [3])

    [*by_word] = answers(taught, [3], eos=None, words=["."])
    alone = answers(taught, [1, 1, 1], eos=None, words=["."])

    assert [answer.partition(".")[0] for answer in by_word] == [
        answer.partition(".")[0] for answer in ended
    ]
    assert all(answer.endswith(".") for answer in alone)
    assert any(answer.endswith(".") for answer in by_word)  # the last one has ended all


@pytest.mark.parametrize("model_type", ["llama", "bloom", "opt", "lfm2", "qwen3_5_text"])
def test_a_model_that_bears_padding_answers_at_once_as_alone(model_type: str) -> None:
    model = small_model(model_type).eval()
    with torch.no_grad():  # as initialised, everything is about as likely
        for parameter in model.parameters():
            parameter.mul_(8 if parameter.dim() > 1 else 1)
    prompts = [list(range(5, 15)), [5, 6, 7, 8, 9]]
    config = GenerationConfig(max_new_tokens=8, do_sample=False, pad_token_id=0)
    options = {"generation_config": config, "stopping_criteria": []}

    bears = answers_alike(model, prompts)

    if model_type == "llama":
        assert bears
    if bears:
        together = answer_in_batches(model, None, [prompts], (), **options)
        alone = answer_in_batches(model, None, [[each] for each in prompts], (), **options)
        assert together == alone


def test_one_question_shows_nothing_of_padding() -> None:
    assert not answers_alike(small_model("llama"), [[5, 6, 7]])
