"""A training row as stretches of text: what is trained, what is masked, what is cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..shared.templates import IGNORE_INDEX, Encoded


@dataclass(frozen=True)
class TokenRun:
    """Tokens in a row that share one fate, and the text that they stand for."""

    text: str
    tokens: int
    trained: bool
    """Whether the loss would see them, were nothing cut."""
    is_cut: bool
    """Whether they lie beyond max_length."""
    is_special: bool
    """Whether this is one special token; such a token is always a run of its own."""


@dataclass(frozen=True)
class TokenRow:
    """One row as the model sees it."""

    number: int
    """From 1, as in the file."""
    encoded: Encoded
    """The whole row, not yet cut."""
    max_length: int
    runs: tuple[TokenRun, ...]
    dropped: int = 0
    """Messages of the row that never reach the model."""

    @property
    def tokens(self) -> int:
        """All tokens, those beyond max_length included."""
        return len(self.encoded.input_ids)

    @property
    def trained(self) -> int:
        """The trained tokens that are left after the cut; 0 means that the row is left out."""
        return _trained(self.encoded.labels[: self.max_length])

    @property
    def cut(self) -> int:
        """The tokens beyond max_length."""
        return max(self.tokens - self.max_length, 0)

    @property
    def trained_cut(self) -> int:
        """The tokens beyond max_length that would have been trained."""
        return _trained(self.encoded.labels[self.max_length :])


def _trained(labels: Sequence[int]) -> int:
    return sum(label != IGNORE_INDEX for label in labels)


def split_runs(
    encoded: Encoded,
    max_length: int,
    special_ids: frozenset[int],
    decode: Callable[[Sequence[int]], str],
) -> Iterator[TokenRun]:
    """Yield the runs of a row, in order; together they hold every token once.

    Args:
        encoded: The row's ids and labels.
        max_length: Tokens beyond it are cut off.
        special_ids: Ids that are shown as special tokens.
        decode: Turns ids into text, special tokens written out.
    """
    ids, labels = encoded.input_ids, encoded.labels

    def fate(position: int) -> tuple[bool, bool, int]:
        is_special = ids[position] in special_ids
        # each special token differs from its neighbours: it is never grouped with another
        apart = position + 1 if is_special else 0
        return labels[position] != IGNORE_INDEX, position >= max_length, apart

    for (trained, is_cut, apart), positions in groupby(range(len(ids)), key=fate):
        places = list(positions)
        text = _text_between(ids, places[0], places[-1] + 1, decode)
        yield TokenRun(text, len(places), trained, is_cut, bool(apart))


def _text_between(
    ids: Sequence[int], start: int, end: int, decode: Callable[[Sequence[int]], str]
) -> str:
    """Return the text of ids[start:end] as it stands in the whole.

    Many decoders drop the space in front of the first token, so the token before is decoded with
    them; where a cut splits a character, each half is shown as what it is.
    """
    if start == 0:
        return decode(ids[:end])
    before, both = decode(ids[start - 1 : start]), decode(ids[start - 1 : end])
    return both[len(before) :] if both.startswith(before) else decode(ids[start:end])
