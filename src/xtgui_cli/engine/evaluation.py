"""Evaluation answers as events and files: what xtuner's EvaluateChatHook does, with six changes.

Its prompt is made of the ids of training (the hook would add the tokenizer's own BOS and fails if a
system text holds braces); all questions are answered side by side if the model supports padding;
question and answer are kept apart; it does not draw from training's random numbers; it never
answers twice at the same iteration, nor while a stop is pending; and no answer is longer than was
asked for (before training the hook would generate 50 tokens).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from typing import Any

import torch
import xtuner.dataset.utils as xtuner_utils
from transformers import StoppingCriteria
from xtuner.engine.hooks import EvaluateChatHook
from xtuner.utils import StopWordStoppingCriteria

from ..shared.atomic import write_text
from .full_disk import DiskWait
from .resume_state import RandomState
from .run_context import RunContext
from .side_by_side import answer_in_batches, answers_alike


class StopRequested(StoppingCriteria):  # type: ignore[misc]
    """Ends a generation when the run is asked to stop."""

    def __init__(self, context: RunContext) -> None:
        self._context = context

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        """Return True for each sequence once a stop is requested: (batch,), bool."""
        is_done = self._context.stop_requested
        return torch.full((input_ids.shape[0],), is_done, device=input_ids.device)


def attach(context: RunContext, is_saved: Callable[[Any], bool], disk: DiskWait) -> None:
    """Change EvaluateChatHook for this run.

    Args:
        context: The run.
        is_saved: Whether our own hook will save at the running iteration.
        disk: Waits if the disk is full.
    """
    generate = EvaluateChatHook._generate_samples
    is_save_checkpoint = EvaluateChatHook._is_save_checkpoint
    before_train = EvaluateChatHook.before_train
    evaluated: list[int] = [-1]

    @functools.wraps(generate)
    def generate_samples(self: Any, runner: Any, *arguments: Any, **options: Any) -> None:
        if context.stop_requested or evaluated[0] == context.iter:
            return
        evaluated[0] = context.iter
        phase = context.phase
        context.enter("evaluating")
        before = RandomState.capture()
        torch.manual_seed(runner.seed or 0)  # the same luck for every checkpoint
        try:
            generate(self, runner, *arguments, **options)
        finally:
            before.restore()
        context.enter(phase)

    def evaluate(self: Any, runner: Any, model: Any, _device: Any, *options: Any) -> None:
        wanted, save_eval_output = options or (self.max_new_tokens, False)
        most = min(wanted, self.max_new_tokens)  # before training the hook asks for 50
        found = _answers(self, model, most, StopRequested(context))
        if context.stop_requested:
            return
        outputs = [f"{text}\n" for text, _ in found]
        for output in outputs:
            runner.logger.info(f"Sample output:\n{output}")
        answers = [
            {"question": question, "answer": answer}
            for question, (_, answer) in zip(self.evaluation_inputs, found, strict=True)
        ]
        if save_eval_output:
            disk.through(lambda: self._save_eval_output(runner, outputs))
        disk.through(lambda: _write(context, answers))
        context.say("evaluation", iter=context.iter, answers=answers)

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
    """Return the ids of a question as training would have them, up to where the answer begins."""
    text = hook.system + hook.instruction.format(input=question, round=1)
    bos_ids, _ = xtuner_utils.get_bos_eos_token_ids(hook.tokenizer)
    return [*bos_ids, *hook.tokenizer.encode(text, add_special_tokens=False)]


def _answers(
    hook: Any, model: Any, max_new_tokens: int, stop: StopRequested
) -> list[tuple[str, str]]:
    """Return for each question the complete text with its special tokens, and the answer alone."""
    prompts = [prompt_ids(hook, question) for question in hook.evaluation_inputs]
    if not hasattr(hook, "xtgui_bears_padding"):
        hook.xtgui_bears_padding = answers_alike(getattr(model, "llm", model), prompts)
    words = [
        criterion.stop_word
        for criterion in hook.stop_criteria
        if isinstance(criterion, StopWordStoppingCriteria)
    ]
    outputs = answer_in_batches(
        model,
        hook.tokenizer,
        [prompts] if hook.xtgui_bears_padding else [[prompt] for prompt in prompts],
        words,
        stopping_criteria=[stop],
        max_new_tokens=max_new_tokens,
        generation_config=hook.gen_config,
    )
    return [
        (
            hook.tokenizer.decode([*prompt, *output]),
            clean_answer(hook.tokenizer, output, words),
        )
        for prompt, output in zip(prompts, outputs, strict=True)
    ]


def clean_answer(tokenizer: Any, ids: Sequence[int], stop_words: Sequence[str]) -> str:
    """Decode generated ids up to the first stop word, without special tokens."""
    special = set(tokenizer.all_special_ids)
    ends = [number for number, token in enumerate(ids) if token == tokenizer.eos_token_id]
    ids = [token for token in ids[: ends[0] if ends else len(ids)] if token not in special]
    text: str = tokenizer.decode(ids, skip_special_tokens=False)
    for stop_word in stop_words:
        text = text.partition(stop_word)[0]
    return text.strip()


def _write(context: RunContext, answers: list[dict[str, str]]) -> None:
    content = {"iter": context.iter, "answers": answers}
    context.folder.answers_dir.mkdir(parents=True, exist_ok=True)
    write_text(
        context.folder.answers_dir / f"iter_{context.iter}.json",
        json.dumps(content, ensure_ascii=False, indent=1) + "\n",
    )
