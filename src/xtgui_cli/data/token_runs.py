"""A training row as parts of its text: trained, masked, cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..shared.templates import IGNORE_INDEX, Encoded


@dataclass(frozen=True)
class TokenRun:
    """Consecutive tokens in a row that are treated alike, and their text."""

    text: str
    tokens: int
    trained: bool
    """Whether they would contribute to the loss if nothing were cut."""
    is_cut: bool
    """Whether they are beyond max_length."""
    is_special: bool
    """Whether this is one special token; such a token is always a separate run."""


@dataclass(frozen=True)
class TokenRow:
    """One row as the model sees it."""

    number: int
    """From 1, as in the file."""
    encoded: Encoded
    """The complete row, not yet cut."""
    max_length: int
    runs: tuple[TokenRun, ...]
    dropped: int = 0
    """Number of messages of the row that never reach the model."""

    @property
    def tokens(self) -> int:
        """All tokens, those beyond max_length included."""
        return len(self.encoded.input_ids)

    @property
    def trained(self) -> int:
        """The trained tokens that remain after the cut; 0 means that the row is left out."""
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
        # each special token differs from its neighbors: it is never grouped with another
        apart = position + 1 if is_special else 0
        return labels[position] != IGNORE_INDEX, position >= max_length, apart

    for (trained, is_cut, apart), positions in groupby(range(len(ids)), key=fate):
        places = list(positions)
        text = _text_between(ids, places[0], places[-1] + 1, decode)
        yield TokenRun(text, len(places), trained, is_cut, bool(apart))


def _text_between(
    ids: Sequence[int], start: int, end: int, decode: Callable[[Sequence[int]], str]
) -> str:
    """Return the text of ids[start:end] as it is in the whole.

    Many decoders drop the space before the first token, so the token before is decoded with them;
    if a cut splits a character, each half is shown as it is.
    """
    if start == 0:
        return decode(ids[:end])
    before, both = decode(ids[start - 1 : start]), decode(ids[start - 1 : end])
    return both[len(before) :] if both.startswith(before) else decode(ids[start:end])
