"""How likely a model finds given answers: each question is read once, however many it has.

The beginning that all questions share is read once for all of them. The questions of a batch are
padded at the left, so that the answers begin side by side. The model's cache of them is then copied
for each answer.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from .checked_model import (
    CheckedModel,
    CheckStoppedError,
    Row,
    log_probabilities,
    pad_left,
    pad_right,
)
from .shared_prefix import SharedPrefix, read_prefix

_SAME = 0.1
"""Nats per token that both ways may differ, as they do in 16 bits; with a lost cache it is
several."""


@dataclass(frozen=True)
class Asked:
    """A question and possible answers to it, as token ids."""

    prompt: Sequence[int]
    answers: Sequence[Sequence[int]]
    """None of them is empty."""


Likelihoods = list[list[list[float]]]
"""For each question and each of its answers the log-probability of every token, in nats."""


def likelihoods(
    checked: CheckedModel, asked: Sequence[Asked], *, reuses_prompts: bool
) -> Likelihoods:
    """Return how likely the answers are, token by token.

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        asked: Questions and answers.
        reuses_prompts: Whether to read each question once (see `can_reuse_prompts`).
    """
    if not reuses_prompts:
        return _whole_sequences(checked, asked)
    found: Likelihoods = [[[] for _ in each.answers] for each in asked]
    prompts = [each.prompt for each in asked]
    prefix = read_prefix(checked, prompts, min(map(len, prompts), default=1) - 1)
    lengths = [len(prompt) - prefix.length for prompt in prompts]
    for numbers in checked.batches(lengths, beside=prefix.length):
        batch = [asked[number] for number in numbers]
        for number, of_one in zip(numbers, _from_cache(checked, batch, prefix), strict=True):
            found[number] = of_one
    return found


def can_reuse_prompts(checked: CheckedModel, asked: Sequence[Asked]) -> bool:
    """Return whether answers are as likely when the model has read their question before.

    It is tried on the shortest and the longest question, one of which has to be padded. It does not
    hold for models with states instead of keys and values, nor if the model's code does not know
    such a cache.

    Raises:
        CheckStoppedError: If the run is to stop.
    """
    by_length = sorted(asked, key=lambda each: len(each.prompt))
    ends = [by_length[0], by_length[-1]]
    try:
        reused = likelihoods(checked, ends, reuses_prompts=True)
    except CheckStoppedError:
        raise
    except (AttributeError, TypeError, ValueError, RuntimeError, LookupError):
        return False
    whole = likelihoods(checked, ends, reuses_prompts=False)
    return all(
        abs(sum(one) - sum(other)) <= _SAME * len(one)
        for of_one, of_other in zip(reused, whole, strict=True)
        for one, other in zip(of_one, of_other, strict=True)
    )


def _whole_sequences(checked: CheckedModel, asked: Sequence[Asked]) -> Likelihoods:
    found: Likelihoods = [[[] for _ in each.answers] for each in asked]
    places = [(at, nth) for at, each in enumerate(asked) for nth in range(len(each.answers))]
    rows = [
        Row([*each.prompt, *answer], len(each.prompt)) for each in asked for answer in each.answers
    ]
    for number, logits in checked.predictions(rows):
        at, nth = places[number]
        ids = torch.tensor(asked[at].answers[nth], device=logits.device)
        found[at][nth] = log_probabilities(logits, ids).tolist()
    return found


def _from_cache(checked: CheckedModel, asked: Sequence[Asked], prefix: SharedPrefix) -> Likelihoods:
    """Return the likelihoods of one batch of questions, all of which begin with the prefix."""
    rest = [each.prompt[prefix.length :] for each in asked]
    ids, mask = pad_left(rest, checked.device)
    outputs = checked.forward(ids, keep=1, **prefix.inputs(mask))
    first = outputs.logits[:, -1].float().log_softmax(-1).cpu()
    found = [
        [[float(first[at, answer[0]])] for answer in each.answers] for at, each in enumerate(asked)
    ]
    # The last token of an answer is predicted, never read: answers of one token are done.
    longer = [
        (at, nth, answer)
        for at, each in enumerate(asked)
        for nth, answer in enumerate(each.answers)
        if len(answer) > 1
    ]
    read = _Read(outputs.past_key_values, prefix.whole_mask(mask))
    beside = read.mask.shape[1]
    for batch in checked.batches([len(answer) - 1 for _, _, answer in longer], beside):
        owners = [longer[number][0] for number in batch]
        answers = [longer[number][2] for number in batch]
        for number, values in zip(batch, _rest(checked, read, owners, answers), strict=True):
            at, nth, _ = longer[number]
            found[at][nth] += values
    return found


@dataclass(frozen=True)
class _Read:
    """Questions that a model has read."""

    cache: Any
    mask: torch.Tensor
    """(questions, tokens); 0 for the padding at the left."""


def _rest(
    checked: CheckedModel, read: _Read, owners: Sequence[int], answers: Sequence[Sequence[int]]
) -> list[list[float]]:
    """Return the log-probabilities of answers from their second token on.

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        read: The questions; their cache stays unchanged.
        owners: For each answer, the number of its question.
        answers: Of at least two tokens.
    """
    of = torch.tensor(owners, device=checked.device)
    cache = copy.deepcopy(read.cache)
    cache.batch_select_indices(of)
    ids, mask = pad_right([answer[:-1] for answer in answers], checked.device)
    targets, _ = pad_right([answer[1:] for answer in answers], checked.device)
    begins = read.mask[of].sum(-1, keepdim=True)
    logits = checked.forward(
        ids,
        keep=ids.shape[1],
        attention_mask=torch.cat([read.mask[of], mask], dim=1),
        position_ids=begins + torch.arange(ids.shape[1], device=checked.device),
        past_key_values=cache,
        use_cache=True,
    ).logits
    values = log_probabilities(logits, targets).tolist()
    return [row[: len(answer) - 1] for row, answer in zip(values, answers, strict=True)]
