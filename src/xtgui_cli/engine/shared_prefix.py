"""The beginning that many sequences share, such as a system text, read by the model only once."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from .checked_model import LAST, CheckedModel

WORTH_IT = 8
"""A shorter beginning takes longer to copy than to read again."""


@dataclass(frozen=True)
class SharedPrefix:
    """Token ids, and what the model keeps of them in its cache."""

    ids: tuple[int, ...] = ()
    cache: Any = None

    @property
    def length(self) -> int:
        """How many tokens it has."""
        return len(self.ids)

    def inputs(self, mask: torch.Tensor) -> dict[str, Any]:
        """Return the model's arguments besides the ids that follow the prefix.

        Args:
            mask: (rows, tokens) of what follows the prefix; padding may be on either side.
        """
        return {
            "attention_mask": self.whole_mask(mask),
            "position_ids": self.length + (mask.cumsum(-1) - 1).clamp(min=0),
            "past_key_values": self.cache_for(mask.shape[0]),
            "use_cache": True,
        }

    def cache_for(self, rows: int) -> Any:
        """Return a cache that the model may add to, of so many rows; None: nothing shared."""
        cache = copy.deepcopy(self.cache)
        if cache is not None:
            cache.batch_repeat_interleave(rows)
        return cache

    def whole_mask(self, mask: torch.Tensor) -> torch.Tensor:
        """Return the mask of the prefix and of what follows it, (rows, length + tokens)."""
        return torch.cat([mask.new_ones(mask.shape[0], self.length), mask], dim=1)


NOTHING_SHARED = SharedPrefix()


def read_prefix(
    checked: CheckedModel, sequences: Sequence[Sequence[int]], most: int
) -> SharedPrefix:
    """Have the model read the common beginning of all sequences.

    Args:
        checked: Inside `CheckedModel.undisturbed`; its cache works (see `abilities`).
        sequences: Token ids.
        most: The maximum length of the prefix.
    """
    if len(sequences) < 2:
        return NOTHING_SHARED
    ids = sequences[0][: max(0, min(most, common_length(sequences)))]
    if len(ids) < WORTH_IT:
        return NOTHING_SHARED
    read = torch.tensor([ids], device=checked.device)
    outputs = checked.forward(read, LAST, attention_mask=torch.ones_like(read), use_cache=True)
    return SharedPrefix(tuple(ids), outputs.past_key_values)


def common_length(sequences: Sequence[Sequence[int]]) -> int:
    """Return with how many tokens all sequences begin alike."""
    columns = zip(*sequences, strict=False)
    return len(list(itertools.takewhile(lambda column: len(set(column)) == 1, columns)))
