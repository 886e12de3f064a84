"""The rows of a file as training will have them: number of samples, and digest of their tokens."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice

from ..models.tokenization import ModelTokenizer
from ..planning.packing import Measured, count_samples
from ..planning.row_order import chosen
from ..shared.checked_run import row_hash, sum_of_hashes
from ..shared.templates import (
    IGNORE_INDEX,
    Encoded,
    Encoder,
    PromptTemplate,
    encode_pieces,
    pieces_of,
    turns_from_messages,
)
from .measure import BATCH_ROWS
from .messages import Messages


def check_rows(
    encoded: Iterable[Encoded], max_length: int, *, pack: bool, seed: int, most: int | None
) -> tuple[int, str]:
    """Return the samples that rows become, and the digest of those that are trained.

    Args:
        encoded: The rows, uncut.
        max_length: Where they are cut, and the length of a pack, in tokens.
        pack: Whether they are packed.
        seed: The run's.
        most: Number of rows to use, drawn with the seed; None: all.
    """
    lengths, first_trained = array("Q"), array("Q")
    hashes: list[int] = []
    for row in encoded:
        is_trained = (label != IGNORE_INDEX for label in row.labels)
        length = len(row.input_ids)
        first = next((place for place, trained in enumerate(is_trained) if trained), length)
        lengths.append(length)
        first_trained.append(first)
        is_left = first < min(length, max_length)
        cut = row.input_ids[:max_length], row.labels[:max_length]
        hashes.append(row_hash(*cut) if is_left else 0)
    count = len(lengths)
    samples = count_samples(
        Measured(count, lengths, first_trained),
        max_length,
        pack=pack,
        seed=seed,
        max_dataset_length=most,
    )
    if most is not None:
        hashes = [hashes[row] for row in chosen(seed, count, min(most, count))[0]]
    return samples.count, sum_of_hashes(hashes)


def encode_rows(
    rows: Iterable[Messages],
    template: PromptTemplate,
    tokenizer: ModelTokenizer,
    bos_ids: tuple[int, ...],
) -> Iterator[Encoded]:
    """Yield the ids and labels of each row, uncut; one batch of rows at a time is in memory."""
    eos_ids = tokenizer.encoder(bos_ids).eos_ids
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH_ROWS)):
        conversations = [list(pieces_of(turns_from_messages(row), template)) for row in batch]
        texts = list({p.text for pieces in conversations for p in pieces if not p.special})
        known = dict(zip(texts, tokenizer.encode_all(texts), strict=True))
        encoder = Encoder(known.__getitem__, bos_ids, eos_ids)
        for pieces in conversations:
            yield encode_pieces(pieces, encoder)
