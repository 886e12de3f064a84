"""Questions and their answers in one row of tokens, each answer as if it stood alone.

The packs of training (`packs`) have no questions with several answers, and need no mask.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


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


class QuestionPack:
    """One row, its positions, and the mask that keeps answers apart.

    The last token of an answer is predicted but never read, so it is left out.
    """

    def __init__(self, asked: Sequence[Asked], shared: int = 0) -> None:
        """Arrange the row.

        Args:
            asked: Questions and answers.
            shared: Tokens at the beginning of each question that are in the model's cache.
        """
        self.ids: list[int] = []
        self.positions: list[int] = []
        self.places: list[tuple[int, int, list[int]]] = []
        """For each answer the numbers of its question and of itself, and which tokens of the row
        predict it."""
        self._shared = shared
        self._owners: list[int] = []
        """For each token the number of its question."""
        self._branches: list[int] = []
        """For each token the number of its answer, counted from 1; 0 in the question."""
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
        self._owners += itertools.repeat(owner, len(ids))
        self._branches += itertools.repeat(branch, len(ids))

    @property
    def predicting(self) -> list[int]:
        """The tokens of the row that predict one of an answer, in order."""
        return sorted({token for _, _, tokens in self.places for token in tokens})

    def mask(self, dtype: torch.dtype) -> Tensor:
        """Return what is added to the attention scores: (1, 1, tokens, shared + tokens)."""
        owners, branches = torch.tensor(self._owners), torch.tensor(self._branches)
        is_own = owners[:, None] == owners
        is_seen = is_own & ((branches == 0) | (branches[:, None] == branches))
        before = is_seen.tril()
        is_seen = torch.cat([before.new_ones(len(owners), self._shared), before], dim=1)
        mask = torch.zeros(is_seen.shape, dtype=dtype)
        return mask.masked_fill_(~is_seen, torch.finfo(dtype).min)[None, None]
