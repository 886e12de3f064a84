"""How many samples xtuner makes of measured rows, and what it loses on the way.

This applies to one process: every further worker would lose its own remainder.

Source: xtuner 0.2.0, dataset/huggingface.py `process` (subset, cut, drop rows that have nothing
left to train on, shuffle, pack) and dataset/utils.py `Packer`; datasets hands the packer batches of
1000 rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from .row_facts import RowFacts
from .row_order import chosen, shuffled

BATCH_ROWS = 1000


@dataclass(frozen=True)
class Measured:
    """A data file counted with a template: one entry per row, in the file's order."""

    rows: int
    lengths: Sequence[int]
    """Tokens of each row, uncut."""
    first_trained: Sequence[int]
    """Index of its first trained token; its length or more if nothing is trained."""
    facts: RowFacts = field(default_factory=RowFacts)
    """Other facts about the rows."""
    prompts: Sequence[int] = ()
    """A number for the question of each row, the same for equal ones; empty if unknown."""
    repeats: int = 1
    """How often each of the user's own rows occurs, the first time in the file's order."""
    general: int = 0
    """How many of the rows, the last ones, are general questions."""
    held_out: int = 0
    """How many rows are missing here because they are held out."""

    @property
    def taught(self) -> int:
        """How many rows are the user's own, each counted once."""
        return (self.rows - self.general) // self.repeats

    def without(self, rows: Collection[int]) -> Measured:
        """Return the rows without those held out; the facts stay those of all rows."""
        if not rows:
            return self
        gone = frozenset(rows)
        left = [row for row in range(self.rows) if row not in gone]
        return replace(
            self,
            rows=len(left),
            lengths=[self.lengths[row] for row in left],
            first_trained=[self.first_trained[row] for row in left],
            prompts=[self.prompts[row] for row in left] if self.prompts else (),
            held_out=len(gone),
        )

    def repeated(self, times: int) -> Measured:
        """Return the user's own rows, before anything is added, repeated so many times."""
        return replace(
            self,
            rows=self.rows * times,
            lengths=[*self.lengths] * times,
            first_trained=[*self.first_trained] * times,
            prompts=(),
            repeats=times,
        )

    def with_general(self, lengths: Sequence[int], first_trained: Sequence[int]) -> Measured:
        """Return the rows followed by general questions; the facts stay the user's own."""
        if not lengths:
            return self
        return replace(
            self,
            rows=self.rows + len(lengths),
            lengths=[*self.lengths, *lengths],
            first_trained=[*self.first_trained, *first_trained],
            prompts=(),
            general=len(lengths),
        )


@dataclass(frozen=True)
class Samples:
    """What xtuner trains on."""

    count: int
    """What it prints as `Num train samples`."""
    tokens: int
    """All tokens of the remaining rows, cut at max_length."""
    lost_tokens: int
    """Those that fill no pack and are never trained, in any epoch."""
    rows: int
    """Rows considered: all, or the subset that max_dataset_length leaves."""
    cut_rows: int
    """Rows that are longer than max_length: the end of the answer is missing."""
    vanished_rows: int
    """Rows that have nothing to train on, from the start or after the cut."""

    @property
    def lost_share(self) -> float:
        """The share of the tokens that is lost, from 0 to 1."""
        return self.lost_tokens / self.tokens if self.tokens else 0.0


def count_samples(
    measured: Measured,
    max_length: int,
    *,
    pack: bool,
    seed: int,
    max_dataset_length: int | None = None,
) -> Samples:
    """Return the samples that xtuner makes of the rows; count is 0 if nothing is left."""
    rows: Sequence[int] = range(measured.rows)
    if max_dataset_length is not None:
        size = min(max_dataset_length, measured.rows)
        rows, seed = chosen(seed, measured.rows, size)
    lengths, firsts = measured.lengths, measured.first_trained
    cut_rows = sum(lengths[row] > max_length for row in rows)
    left = [
        min(lengths[row], max_length)
        for row in rows
        if firsts[row] < lengths[row] and firsts[row] < max_length
    ]
    count, lost = _pack(_batch_sums(left, seed), max_length) if pack else (len(left), 0)
    return Samples(count, sum(left), lost, len(rows), cut_rows, len(rows) - len(left))


def _batch_sums(lengths: Sequence[int], seed: int) -> list[int]:
    """Return the tokens of each batch that the packer sees; with a single one, order is moot."""
    if len(lengths) <= BATCH_ROWS:
        return [sum(lengths)] if lengths else []
    order = shuffled(seed, len(lengths))
    return [
        sum(lengths[row] for row in order[start : start + BATCH_ROWS])
        for start in range(0, len(order), BATCH_ROWS)
    ]


def _pack(batch_sums: Sequence[int], max_length: int) -> tuple[int, int]:
    """Return samples and lost tokens: a batch that fills no pack becomes one short sample."""
    count = rest = 0
    for tokens in batch_sums:
        filled, rest = divmod(rest + tokens, max_length)
        if filled:
            count += filled
        else:
            count, rest = count + 1, 0
    return count, rest
