"""Several questions answered at once: each step of a model writes a token of every answer."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import torch
from transformers import StoppingCriteria, StoppingCriteriaList

from .abilities import bears_padding
from .checked_model import CheckedModel, pad_left


class StopWords(StoppingCriteria):  # type: ignore[misc]
    """Ends each answer of a batch at its own stop word."""

    def __init__(self, tokenizer: Any, words: Sequence[str], begin: int) -> None:
        self._tokenizer = tokenizer
        self._words = tuple(words)
        self._begin = begin

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        """Return whether each answer ends with a stop word: (batch,), bool."""
        texts = self._tokenizer.batch_decode(input_ids[:, self._begin :])
        ended = [text.rstrip("\r\n").endswith(self._words) for text in texts]
        return torch.tensor(ended, device=input_ids.device)


def answers_alike(model: Any, prompts: Sequence[Sequence[int]]) -> bool:
    """Return whether a model answers several questions at once as it answers each alone.

    Args:
        model: In evaluation mode; an adapter may be around it.
        prompts: Two or more, as token ids; with fewer the answer is False.
    """
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    unused: Any = None
    with torch.no_grad():
        return bears_padding(CheckedModel(base, unused, unused, unused), prompts)


def answer_in_batches(
    model: Any,
    tokenizer: Any,
    batches: Sequence[Sequence[Sequence[int]]],
    stop_words: Sequence[str],
    **options: Any,
) -> list[list[int]]:
    """Return the ids of the answers in the order of the prompts, with the tokens that ended them.

    Args:
        model: Its `generate` is called.
        tokenizer: The model's.
        batches: Prompts as token ids; those of a batch are answered at once.
        stop_words: Each ends an answer.
        **options: Arguments of `generate`, including `generation_config` and `stopping_criteria`;
            the criteria apply to the whole batch.
    """
    config, criteria = options["generation_config"], options.pop("stopping_criteria")
    answers: list[list[int]] = []
    for prompts in batches:
        ids, mask = pad_left(prompts, next(model.parameters()).device)
        begin = ids.shape[1]
        of_each = [StopWords(tokenizer, stop_words, begin)] if stop_words else []
        outputs = model.generate(
            input_ids=ids,
            attention_mask=mask,
            stopping_criteria=StoppingCriteriaList([*of_each, *criteria]),
            **options,
        )
        answers += [_without_padding(output, config) for output in outputs[:, begin:].tolist()]
    return answers


def _without_padding(output: list[int], generation_config: Any) -> list[int]:
    """Return generated ids without the padding of a shorter answer."""
    pad = generation_config.pad_token_id
    padding = len(list(itertools.takewhile(lambda token: token == pad, reversed(output))))
    if padding and pad == generation_config.eos_token_id:
        padding -= 1  # the first of them may be the end itself
    return output[: len(output) - padding]
