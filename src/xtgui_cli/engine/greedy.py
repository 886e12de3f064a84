"""Greedy answers of a model under check, many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from .checked_model import CheckedModel, CheckStoppedError, pad_left
from .prompt import stop_texts
from .shared_prefix import NOTHING_SHARED, read_prefix


def answer_greedily(
    checked: CheckedModel,
    prompts: Sequence[Sequence[int]],
    max_new_tokens: int,
    *,
    may_pad: bool,
) -> list[list[int]]:
    """Return the ids of the answers, each with its stop token if it reached one.

    Args:
        checked: A model in its `undisturbed` state.
        prompts: As token ids, up to where the answer begins.
        max_new_tokens: An answer is cut off after this many.
        may_pad: Whether the model tolerates padding before a prompt and works with our caches
            (`can_reuse_prompts`). Several prompts are then answered at once, and their common
            beginning is read once.

    Raises:
        CheckStoppedError: If the run is to stop.
    """
    answers: list[list[int]] = [[] for _ in prompts]
    prefix = NOTHING_SHARED
    if may_pad and _may_pad_inside(checked, prompts, max_new_tokens):
        prefix = read_prefix(checked, prompts, min(map(len, prompts), default=1) - 1)
    for numbers in _batches(checked, prompts, max_new_tokens, may_pad=may_pad):
        rest = [prompts[number][prefix.length :] for number in numbers]
        ids, mask = prefix.before(*pad_left(rest, checked.device))
        outputs = checked.model.generate(
            input_ids=ids,
            attention_mask=mask,
            past_key_values=prefix.cache_for(len(numbers)),
            generation_config=_greedy(checked, max_new_tokens),
            stopping_criteria=[_end_where_stopped(checked)],
        )
        if checked.stop_requested():
            raise CheckStoppedError
        for number, output in zip(numbers, outputs[:, ids.shape[1] :].tolist(), strict=True):
            answers[number] = _up_to_end(output, checked.stop_ids)
    return answers


def has_ended(checked: CheckedModel, answer: Sequence[int]) -> bool:
    """Return whether an answer ended by itself, with a stop token or a stop text."""
    if answer and answer[-1] in checked.stop_ids:
        return True
    text = checked.tokenizer.decode(answer, skip_special_tokens=False)
    return any(stop in text for stop in stop_texts(checked.tokenizer, checked.template))


def answer_text(checked: CheckedModel, answer: Sequence[int]) -> str:
    """Return the text of an answer, without its end and without special tokens."""
    ended = bool(answer) and answer[-1] in checked.stop_ids
    text: str = checked.tokenizer.decode(answer[:-1] if ended else answer, skip_special_tokens=True)
    for stop in stop_texts(checked.tokenizer, checked.template):
        text = text.partition(stop)[0]
    return text.strip()


def _batches(
    checked: CheckedModel, prompts: Sequence[Sequence[int]], max_new_tokens: int, *, may_pad: bool
) -> Iterator[list[int]]:
    if may_pad:
        longest = max(map(len, prompts), default=0)
        yield from checked.batches([longest] * len(prompts), beside=max_new_tokens)
    else:
        yield from ([number] for number in range(len(prompts)))


def _may_pad_inside(
    checked: CheckedModel, prompts: Sequence[Sequence[int]], max_new_tokens: int
) -> bool:
    """Return whether padding between a prefix and what follows it moves nothing out of sight.

    A layer that attends to the last few tokens only counts the padding among them.
    """
    window = getattr(checked.model.config, "sliding_window", None)
    return not window or max(map(len, prompts), default=0) + max_new_tokens <= window


def _greedy(checked: CheckedModel, max_new_tokens: int) -> Any:
    from transformers import GenerationConfig

    pad = checked.tokenizer.pad_token_id
    return GenerationConfig(
        do_sample=False,
        max_new_tokens=max_new_tokens,
        eos_token_id=list(checked.stop_ids),
        pad_token_id=checked.stop_ids[0] if pad is None else pad,
        use_cache=True,
    )


def _end_where_stopped(checked: CheckedModel) -> Any:
    def is_over(ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        stop = checked.stop_requested()
        return torch.full((ids.shape[0],), stop, dtype=torch.bool, device=ids.device)

    return is_over


def _up_to_end(ids: list[int], stop_ids: Sequence[int]) -> list[int]:
    ends = [at for at, token in enumerate(ids) if token in stop_ids]
    return ids[: ends[0] + 1] if ends else ids
