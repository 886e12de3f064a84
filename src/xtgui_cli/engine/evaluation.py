"""Evaluation answers as events and files: what xtuner's EvaluateChatHook does, with four changes.

Its prompt is made of the ids of training (the hook would add the tokenizer's own BOS and fails
where a system text holds braces); question and answer are kept apart; it draws no random number
of training's; and it never answers twice at the same iteration, nor while a stop waits.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from typing import Any

import torch
import xtuner.dataset.utils as xtuner_utils
from transformers import StoppingCriteria, StoppingCriteriaList
from xtuner.engine.hooks import EvaluateChatHook
from xtuner.utils import StopWordStoppingCriteria

from ..shared.atomic import write_text
from .resume_state import RandomState
from .start import Start


class StopRequested(StoppingCriteria):  # type: ignore[misc]
    """Ends a generation when the run is asked to stop."""

    def __init__(self, start: Start) -> None:
        self._start = start

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        is_done = self._start.stop_requested
        return torch.full((input_ids.shape[0],), is_done, device=input_ids.device)


def attach(start: Start, is_saved: Callable[[Any], bool]) -> None:
    """Change EvaluateChatHook for this run.

    Args — is_saved: whether our own hook will save at the running iteration.
    """
    generate = EvaluateChatHook._generate_samples
    is_save_checkpoint = EvaluateChatHook._is_save_checkpoint
    before_train = EvaluateChatHook.before_train
    evaluated: list[int] = [-1]

    @functools.wraps(generate)
    def generate_samples(self: Any, runner: Any, *arguments: Any, **options: Any) -> None:
        if start.stop_requested or evaluated[0] == start.iter:
            return
        evaluated[0] = start.iter
        phase = start.phase
        start.enter("evaluating")
        before = RandomState.capture()
        torch.manual_seed(runner.seed or 0)  # the same luck for every checkpoint
        try:
            generate(self, runner, *arguments, **options)
        finally:
            before.restore()
        start.enter(phase)

    def evaluate(
        self: Any,
        runner: Any,
        model: Any,
        device: Any,
        max_new_tokens: int | None = None,
        save_eval_output: bool = False,
    ) -> None:
        answers, outputs = [], []
        for question in self.evaluation_inputs:
            text, answer = _answer(self, model, device, question, max_new_tokens, start)
            if start.stop_requested:
                return
            runner.logger.info(f"Sample output:\n{text}\n")
            outputs.append(f"{text}\n")
            answers.append({"question": question, "answer": answer})
        if save_eval_output:
            self._save_eval_output(runner, outputs)
        _announce(start, answers)

    def before_first_iteration(self: Any, runner: Any) -> None:
        if runner.iter == 0:  # a resumed run has its answers already
            before_train(self, runner)

    EvaluateChatHook._generate_samples = generate_samples
    EvaluateChatHook._eval_language = evaluate
    EvaluateChatHook.before_train = before_first_iteration
    EvaluateChatHook._is_save_checkpoint = lambda self, runner: (
        is_save_checkpoint(self, runner) or is_saved(runner)
    )


def prompt_ids(hook: Any, question: str) -> list[int]:
    """Give the ids of a question as training would have them, up to where the answer begins."""
    text = hook.system + hook.instruction.format(input=question, round=1)
    bos_ids, _ = xtuner_utils.get_bos_eos_token_ids(hook.tokenizer)
    return [*bos_ids, *hook.tokenizer.encode(text, add_special_tokens=False)]


def _answer(
    hook: Any, model: Any, device: Any, question: str, max_new_tokens: int | None, start: Start
) -> tuple[str, str]:
    """Give the whole text with its special tokens, as xtuner writes it, and the answer alone."""
    ids = prompt_ids(hook, question)
    prompt = torch.tensor([ids], device=device)
    output = model.generate(
        input_ids=prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=max_new_tokens,
        generation_config=hook.gen_config,
        stopping_criteria=StoppingCriteriaList([*hook.stop_criteria, StopRequested(start)]),
    )[0].tolist()
    stop_words = [
        criterion.stop_word
        for criterion in hook.stop_criteria
        if isinstance(criterion, StopWordStoppingCriteria)
    ]
    return hook.tokenizer.decode(output), clean_answer(
        hook.tokenizer, output[len(ids) :], stop_words
    )


def clean_answer(tokenizer: Any, ids: Sequence[int], stop_words: Sequence[str]) -> str:
    """Give generated ids as text: up to the first stop word, without special tokens."""
    special = set(tokenizer.all_special_ids)
    ends = [number for number, token in enumerate(ids) if token == tokenizer.eos_token_id]
    ids = [token for token in ids[: ends[0] if ends else len(ids)] if token not in special]
    text: str = tokenizer.decode(ids, skip_special_tokens=False)
    for stop_word in stop_words:
        text = text.partition(stop_word)[0]
    return text.strip()


def _announce(start: Start, answers: list[dict[str, str]]) -> None:
    content = {"iter": start.iter, "answers": answers}
    start.folder.answers_dir.mkdir(parents=True, exist_ok=True)
    write_text(
        start.folder.answers_dir / f"iter_{start.iter}.json",
        json.dumps(content, ensure_ascii=False, indent=1) + "\n",
    )
    start.say("evaluation", **content)
