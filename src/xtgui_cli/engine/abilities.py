"""What a model supports besides reading one sequence from its beginning to its end.

It is tried, since its code may be a stranger's: the probes compare the log-probabilities of a few
tokens with those of whole sequences. Models with states instead of keys and values support none of
it. What a short probe does not show, such as sight that ends after 100 tokens or positions that are
counted along the row, has to be known of a model beforehand (`known_models`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import torch

from .checked_model import LAST, CheckedModel, CheckStoppedError, log_probabilities, pad_left
from .known_models import can_keep_apart
from .question_pack import Asked
from .reading import Likelihoods, fits, likelihoods
from .shared_prefix import WORTH_IT, read_prefix

_PROBED = 4
"""Tokens of each sequence that are compared."""
_SAME = 0.1
"""Nats per token that both ways may differ, as they do in 16 bits; with a lost cache it is
several."""


def can_pack(checked: CheckedModel, prompts: Sequence[Sequence[int]]) -> bool:
    """Return whether questions and answers can be read side by side in one row (see `reading`).

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        prompts: Token ids; the shortest and the longest are tried. The answer is False if they
            are too long for it.

    Raises:
        CheckStoppedError: If the run is to stop.
    """
    if not can_keep_apart(checked.model):
        return False
    asked = [Asked(each, [end, end[::-1]]) for each, end in _probes(prompts)]
    return fits(checked, asked) and _is_same(
        checked, asked, lambda: likelihoods(checked, asked, packs=True)
    )


def bears_padding(checked: CheckedModel, prompts: Sequence[Sequence[int]]) -> bool:
    """Return whether padding before a prompt changes nothing, with a cache from then on.

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        prompts: Token ids; the shortest is padded to the length of the longest. With fewer than
            two there is nothing to pad, and the answer is False.

    Raises:
        CheckStoppedError: If the run is to stop.
    """
    asked = [Asked(each, [end]) for each, end in _probes(prompts)]
    return len(asked) > 1 and _is_same(checked, asked, lambda: _padded(checked, asked))


def _probes(prompts: Sequence[Sequence[int]]) -> list[tuple[list[int], Sequence[int]]]:
    """Return the shortest and the longest prompt, each with the last tokens of the longest.

    Their likelihood after the prompt is compared: nothing is less expected than the end of a
    template that has just been there, so that it depends on all that the model attends to. Both
    prompts get a beginning that is worth reading once, whether they had one or not.
    """
    by_length = sorted(prompts, key=len)
    extremes = [*by_length[:1], *by_length[1:][-1:]]
    if not extremes:
        return []
    shared = list(itertools.islice(itertools.cycle(by_length[-1]), 2 * WORTH_IT))
    return [([*shared, *each], by_length[-1][-_PROBED:]) for each in extremes]


def _is_same(
    checked: CheckedModel, asked: Sequence[Asked], other_way: Callable[[], Likelihoods]
) -> bool:
    if not asked:
        return False
    try:
        found = other_way()
    except CheckStoppedError:
        raise
    except Exception:  # a model's own code may raise anything
        return False
    whole = likelihoods(checked, asked, packs=False)
    return all(
        abs(sum(one) - sum(other)) <= _SAME * len(one)
        for of_one, of_other in zip(found, whole, strict=True)
        for one, other in zip(of_one, of_other, strict=True)
    )


def _padded(checked: CheckedModel, asked: Sequence[Asked]) -> Likelihoods:
    """Return the likelihoods of the answers after prompts that are padded at the left.

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        asked: Each with one answer, all of them of the same length.
    """
    prompts = [each.prompt for each in asked]
    prefix = read_prefix(checked, prompts, min(map(len, prompts)) - 1)
    ids, mask = pad_left([prompt[prefix.length :] for prompt in prompts], checked.device)
    answers = torch.tensor([each.answers[0] for each in asked], device=checked.device)
    first = checked.forward(ids, LAST, **prefix.inputs(mask))
    mask = prefix.whole_mask(mask)
    # As when answers have ended; older code has tuples for caches, which cannot do it.
    first.past_key_values.batch_select_indices(torch.arange(len(asked), device=checked.device))
    steps = torch.arange(answers.shape[1], device=checked.device)
    further = checked.forward(
        answers,
        steps,
        attention_mask=torch.cat([mask, torch.ones_like(answers)], dim=1),
        position_ids=mask.sum(-1, keepdim=True) + steps,
        past_key_values=first.past_key_values,
        use_cache=True,
    )
    logits = torch.cat([first.logits, further.logits[:, :-1]], dim=1)
    return [[values] for values in log_probabilities(logits, answers).tolist()]
