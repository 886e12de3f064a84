"""How a model continues texts: the predictions of given tokens, without generating any.

Questions are read once, however many answers they have, and side by side in one row: a mask lets
each token attend to its own question and answer only. Nothing is padded, and the beginning that all
questions share is read once. Models that do not support such masks read each sequence by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .checked_model import CheckedModel, log_probabilities, pad_right
from .shared_prefix import SharedPrefix, read_prefix

PACK = 512
"""Tokens of a row at most: in a longer one, attention takes more time than padding would. On two
cores, 256 to 1,024 are within a tenth of each other."""


@dataclass(frozen=True)
class Asked:
    """A question and possible answers to it, as token ids."""

    prompt: Sequence[int]
    answers: Sequence[Sequence[int]]
    """None of them is empty."""

    @property
    def longest(self) -> int:
        """Tokens of the question and its longest answer."""
        return len(self.prompt) + max(map(len, self.answers))


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
    if packs and _fits(checked, asked):
        yield from _side_by_side(checked, asked)
    else:
        yield from _whole_sequences(checked, asked)


def _fits(checked: CheckedModel, asked: Sequence[Asked]) -> bool:
    """Return whether all sequences are short enough to be read side by side.

    Our mask shows a token its whole sequence, also in layers that attend to the last few only.
    """
    window = getattr(checked.model.config, "sliding_window", None) or PACK
    return all(each.longest <= min(PACK, window) for each in asked)


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
        pack = _Pack([asked[number] for number in numbers], prefix.length)
        for at, nth, logits in pack.read(checked, prefix):
            yield numbers[at], nth, logits


def _tokens(asked: Asked, shared: int) -> int:
    """Return how many tokens a pack needs for a question: the last of an answer is never read."""
    return len(asked.prompt) - shared + sum(len(answer) - 1 for answer in asked.answers)


def _packs(checked: CheckedModel, lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of each pack, about equal in tokens.

    Raises:
        CheckStoppedError: If the run is to stop.
    """
    most = min(PACK, checked.most_tokens)
    equal = sum(lengths) / max(1, -(-sum(lengths) // most))
    pack: list[int] = []
    begun = 0
    for number, length in enumerate(lengths):
        if pack and begun + length / 2 > equal:
            checked.require_going_on()
            yield pack
            pack, begun = [], 0
        pack.append(number)
        begun += length
    if pack:
        checked.require_going_on()
        yield pack


class _Pack:
    """Questions and their answers in one row."""

    def __init__(self, asked: Sequence[Asked], shared: int) -> None:
        self.ids: list[int] = []
        self.positions: list[int] = []
        self.owners: list[int] = []
        """For each token the number of its question."""
        self.branches: list[int] = []
        """For each token the number of its answer, counted from 1; 0 in the question."""
        self.places: list[tuple[int, int, list[int]]] = []
        """For each answer, those of the tokens that predict it."""
        for number, each in enumerate(asked):
            self._append(each.prompt[shared:], shared, number, 0)
            last, after = len(self.ids) - 1, len(each.prompt)
            for nth, answer in enumerate(each.answers):
                begin = len(self.ids)
                self._append(answer[:-1], after, number, nth + 1)
                self.places.append((number, nth, [last, *range(begin, len(self.ids))]))

    def _append(self, ids: Sequence[int], position: int, owner: int, branch: int) -> None:
        self.ids += ids
        self.positions += range(position, position + len(ids))
        self.owners += itertools.repeat(owner, len(ids))
        self.branches += itertools.repeat(branch, len(ids))

    def read(self, checked: CheckedModel, prefix: SharedPrefix) -> Predictions:
        """Yield the predictions of the answers; questions are numbered within the pack."""
        keep = sorted({token for _, _, tokens in self.places for token in tokens})
        row = {token: at for at, token in enumerate(keep)}
        outputs = checked.forward(
            torch.tensor([self.ids], device=checked.device),
            torch.tensor(keep, device=checked.device),
            attention_mask=self._mask(checked, prefix.length),
            position_ids=torch.tensor([self.positions], device=checked.device),
            past_key_values=prefix.cache_for(1),
            use_cache=prefix.length > 0,
        )
        for number, nth, tokens in self.places:
            yield number, nth, outputs.logits[0, [row[token] for token in tokens]]

    def _mask(self, checked: CheckedModel, shared: int) -> Tensor:
        """Return what is added to the attention scores: (1, 1, tokens, shared + tokens)."""
        owner = torch.tensor(self.owners, device=checked.device)
        branch = torch.tensor(self.branches, device=checked.device)
        is_same = owner[:, None] == owner
        is_seen = is_same & ((branch == 0) | (branch[:, None] == branch))
        own = torch.ones_like(is_seen).tril() & is_seen
        is_seen = torch.cat([own.new_ones(len(owner), shared), own], dim=1)
        dtype = checked.model.dtype
        hidden = torch.zeros(is_seen.shape, dtype=dtype, device=checked.device)
        return hidden.masked_fill_(~is_seen, torch.finfo(dtype).min)[None, None]
