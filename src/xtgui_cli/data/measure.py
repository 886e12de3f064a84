"""Counts what xtuner will train: the tokens of every row, and where its first answer begins."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from ..models.tokenization import RowTokenizer
from ..planning.packing import Measured
from ..shared.templates import Piece, PromptTemplate, pieces_of, turns_from_messages
from .messages import Messages
from .row_facts import FactsCollector

BATCH_ROWS = 1000


def measure_rows(
    rows: Iterable[Messages],
    template: PromptTemplate,
    tokenizer: RowTokenizer,
    bos_ids: tuple[int, ...],
    on_progress: Callable[[int], None] | None = None,
) -> Measured:
    """Return the lengths of all rows that have an answer, in order, before any cut.

    Rows are read in batches: memory holds three numbers per row. *on_progress* gets the number of
    rows that are done.
    """
    lengths, first_trained, trained = array("Q"), array("Q"), 0
    collector = FactsCollector()
    watched = collector.watch(rows)
    for _, pieces, counts in count_pieces(watched, template, tokenizer, bos_ids, on_progress):
        length, first = _measure(pieces, counts)
        lengths.append(length)
        first_trained.append(first)
        trained += sum(count for piece, count in zip(pieces, counts, strict=True) if piece.trained)
    return Measured(
        len(lengths), lengths, first_trained, collector.facts(trained), collector.prompts
    )


def count_pieces(
    rows: Iterable[Messages],
    template: PromptTemplate,
    tokenizer: RowTokenizer,
    bos_ids: tuple[int, ...],
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[Messages, Sequence[Piece], Sequence[int]]]:
    """Yield each row, its pieces, and the tokens of each; one batch of rows is in memory."""
    special = {"bos": len(bos_ids), "eos": len(tokenizer.encoder(bos_ids).eos_ids)}
    rows_read = 0
    for batch in _batches(rows, BATCH_ROWS):
        rows_read += len(batch)
        conversations = [list(pieces_of(turns_from_messages(row), template)) for row in batch]
        counts = _count(conversations, tokenizer, special)
        for row, pieces in zip(batch, conversations, strict=True):
            yield row, pieces, list(islice(counts, len(pieces)))
        if on_progress:
            on_progress(rows_read)


def _batches(rows: Iterable[Messages], size: int) -> Iterator[list[Messages]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _count(
    conversations: Sequence[Sequence[Piece]], tokenizer: RowTokenizer, special: dict[str, int]
) -> Iterator[int]:
    """Yield the length of every piece of a batch, in order; each text is encoded only once."""
    texts = list({p.text for pieces in conversations for p in pieces if not p.special})
    known = dict(zip(texts, tokenizer.lengths(texts), strict=True))
    for pieces in conversations:
        for piece in pieces:
            yield special[piece.special] if piece.special else known[piece.text]


def _measure(pieces: Sequence[Piece], counts: Sequence[int]) -> tuple[int, int]:
    """Return the tokens of a conversation and the index of its first trained one.

    If nothing is trained, that index is the length.
    """
    length, first = 0, -1
    for piece, count in zip(pieces, counts, strict=True):
        if piece.trained and count and first < 0:
            first = length
        length += count
    return length, length if first < 0 else first
