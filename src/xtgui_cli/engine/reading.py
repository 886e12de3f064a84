"""How a model continues texts: the predictions of given tokens, without generating any.

Questions are read once, however many answers they have, and side by side in one row: a mask lets
each token attend to its own question and answer only. Nothing is padded, and the beginning that all
questions share is read once. Models that do not support such masks read each sequence by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from .checked_model import CheckedModel, log_probabilities, pad_right
from .known_models import window_of
from .question_pack import Asked, QuestionPack
from .shared_prefix import SharedPrefix, common_length, read_prefix

PACK = 512
"""Tokens of a row at most: in a longer one, attention takes more time than padding would. On two
cores, 256 to 1,024 are within a tenth of each other."""


Predictions = Iterator[tuple[int, int, Tensor]]
"""The number of a question, that of an answer to it, and the logits that predict the answer:
(tokens of the answer, vocabulary)."""

Likelihoods = list[list[list[float]]]
"""For each question and each of its answers the log-probability of every token, in nats."""


def likelihoods(checked: CheckedModel, asked: Sequence[Asked], *, packs: bool) -> Likelihoods:
    """Return how likely the answers are, token by token; the arguments are `predictions`'."""
    found: Likelihoods = [[[] for _ in each.answers] for each in asked]
    for at, nth, logits in predictions(checked, asked, packs=packs):
        ids = torch.tensor(asked[at].answers[nth], device=logits.device)
        found[at][nth] = log_probabilities(logits, ids).tolist()
    return found


def predictions(checked: CheckedModel, asked: Sequence[Asked], *, packs: bool) -> Predictions:
    """Yield the predictions of all answers, in any order.

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        asked: Questions and answers.
        packs: Whether the model can read them side by side (`abilities.can_pack`).

    Raises:
        CheckStoppedError: If the run is to stop.
    """
    if packs and fits(checked, asked):
        yield from _side_by_side(checked, asked)
    else:
        yield from _whole_sequences(checked, asked)


def fits(checked: CheckedModel, asked: Sequence[Asked]) -> bool:
    """Return whether all questions and their answers are short enough to be read side by side.

    Our mask shows a token its whole sequence, also in layers that attend to the last few only.
    """
    window = window_of(checked.model) or PACK
    return all(_tokens(each, 0) <= PACK and each.longest <= window for each in asked)


def _whole_sequences(checked: CheckedModel, asked: Sequence[Asked]) -> Predictions:
    """Read each answer after its question, padded at the right."""
    places = [(at, nth) for at, each in enumerate(asked) for nth in range(len(each.answers))]
    rows = [[*each.prompt, *answer] for each in asked for answer in each.answers]
    starts = [len(asked[at].prompt) for at, _ in places]
    for numbers in checked.batches([len(row) for row in rows]):
        ids, mask = pad_right([rows[number] for number in numbers], checked.device)
        first = min(starts[number] for number in numbers) - 1
        keep = torch.arange(first, ids.shape[1], device=ids.device)
        logits = checked.forward(ids, keep, attention_mask=mask, use_cache=False).logits
        for number, of_row in zip(numbers, logits, strict=True):
            begin, end = starts[number] - 1 - first, len(rows[number]) - 1 - first
            yield (*places[number], of_row[begin:end])


def _side_by_side(checked: CheckedModel, asked: Sequence[Asked]) -> Predictions:
    prompts = [each.prompt for each in asked]
    prefix = read_prefix(checked, prompts, min(map(len, prompts), default=1) - 1)
    for numbers in _packs(checked, [_tokens(each, prefix.length) for each in asked]):
        for at, nth, logits in _read(checked, [asked[number] for number in numbers], prefix):
            yield numbers[at], nth, logits


def _tokens(asked: Asked, shared: int) -> int:
    """Return how many tokens a pack needs for a question: the last of an answer is never read."""
    return len(asked.prompt) - shared + sum(len(answer) - 1 for answer in asked.answers)


def tokens_read(asked: Sequence[Asked]) -> int:
    """Return how many tokens are read for questions side by side."""
    shared = common_length([each.prompt for each in asked])
    return shared + sum(_tokens(each, shared) for each in asked)


def _packs(checked: CheckedModel, lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of each pack, about equal in tokens; a long question stands alone.

    Raises:
        CheckStoppedError: If the run is to stop.
    """
    most = min(PACK, checked.most_tokens)
    equal = sum(lengths) / max(1, -(-sum(lengths) // most))
    pack: list[int] = []
    begun = 0
    for number, length in enumerate(lengths):
        if pack and (begun + length / 2 > equal or begun + length > most):
            checked.require_going_on()
            yield pack
            pack, begun = [], 0
        pack.append(number)
        begun += length
    if pack:
        checked.require_going_on()
        yield pack


def _read(checked: CheckedModel, asked: Sequence[Asked], prefix: SharedPrefix) -> Predictions:
    """Yield the predictions of the answers in one pack; questions are numbered within it."""
    pack = QuestionPack(asked, prefix.length)
    device = checked.device
    outputs = checked.forward(
        torch.tensor([pack.ids], device=device),
        torch.tensor(pack.predicting, device=device),
        attention_mask=pack.mask(checked.model.dtype).to(device),
        position_ids=torch.tensor([pack.positions], device=device),
        past_key_values=prefix.cache_for(1),
        use_cache=prefix.length > 0,
    )
    row = {token: at for at, token in enumerate(pack.predicting)}
    for number, nth, tokens in pack.places:
        yield number, nth, outputs.logits[0, [row[token] for token in tokens]]
