"""Encodes a data file as training does: single rows in full, the whole file in figures."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..models.tokenization import RowTokenizer
from ..planning.packing import Measured
from ..shared.errors import Exit, XtguiError
from ..shared.templates import Piece, PromptTemplate, encode_pieces, pieces_of, turns_from_messages
from .measure import count_pieces
from .messages import Messages
from .row_facts import FactsCollector
from .token_runs import TokenRow, split_runs


@dataclass(frozen=True)
class RowEncoder:
    """How rows become tokens."""

    tokenizer: RowTokenizer
    template: PromptTemplate
    bos_ids: tuple[int, ...]
    """The ids before a conversation."""
    max_length: int
    """Where rows are cut, in tokens."""

    def encode(self, number: int, messages: Messages) -> TokenRow:
        """Return one row as token ids, trained or masked; `number` counts from 1."""
        pieces = list(pieces_of(turns_from_messages(messages), self.template))
        return self.encode_pieces(number, messages, pieces)

    def encode_pieces(self, number: int, messages: Messages, pieces: Sequence[Piece]) -> TokenRow:
        """Return the same as `encode`, for a row that is already split into pieces."""
        encoded = encode_pieces(pieces, self.tokenizer.encoder(self.bos_ids))
        special_ids, decode = self.tokenizer.special_ids(), self.tokenizer.decode
        runs = split_runs(encoded, self.max_length, special_ids, decode)
        return TokenRow(number, encoded, self.max_length, tuple(runs), _dropped(messages))


@dataclass(frozen=True)
class Survey:
    """The figures of a whole file, before any packing; tokens beyond max_length included."""

    measured: Measured
    trained: int
    """Trained tokens."""
    trained_cut: int
    """Those of them beyond max_length."""
    cut_rows: int
    """Rows that are longer than max_length."""
    vanishing: Sequence[int] = field(default_factory=list)
    """Numbers, from 1, of the rows without a trained token before max_length: left out."""
    never_trained: int = 0
    """How many of those have no trained token at all, whatever max_length is."""

    @property
    def tokens(self) -> int:
        """All tokens of all rows, those beyond max_length included."""
        return sum(self.measured.lengths)


def survey_rows(
    rows: Iterable[Messages],
    encoder: RowEncoder,
    on_cut_row: Callable[[TokenRow], bool] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Survey:
    """Return the figures of all rows; memory holds three numbers per row.

    *on_cut_row* gets each row that is longer than max_length, as it is found, as long as it returns
    that it wants more; *on_progress* gets the number of rows that are done.
    """
    lengths, first_trained, vanishing = array("Q"), array("Q"), array("Q")
    collector = FactsCollector()
    watched = collector.watch(rows)
    trained = trained_cut = cut_rows = never_trained = 0
    counted = count_pieces(
        watched, encoder.template, encoder.tokenizer, encoder.bos_ids, on_progress
    )
    for number, (messages, pieces, counts) in enumerate(counted, start=1):
        length, first, in_row, beyond = _figures(pieces, counts, encoder.max_length)
        lengths.append(length)
        first_trained.append(first)
        trained += in_row
        trained_cut += beyond
        if in_row == beyond:
            vanishing.append(number)
            never_trained += in_row == 0
        if length > encoder.max_length:
            cut_rows += 1
            if on_cut_row and not on_cut_row(encoder.encode_pieces(number, messages, pieces)):
                on_cut_row = None
    facts = collector.facts(trained)
    measured = Measured(len(lengths), lengths, first_trained, facts, collector.prompts)
    return Survey(measured, trained, trained_cut, cut_rows, vanishing, never_trained)


def with_place_for_system(
    rows: Iterable[Messages], template: PromptTemplate, path: Path
) -> Iterator[Messages]:
    """Yield the rows if the template can write all of them; xtuner would stop at others.

    Raises:
        XtguiError: "data.system_has_no_place" at a system text that the template has no place for.
    """
    for row in rows:
        if not template.system and any(m["role"] == "system" and m["content"] for m in row):
            raise XtguiError(
                "data.system_has_no_place", Exit.ANSWERS, path=path, template=template.name
            )
        yield row


def _dropped(messages: Messages) -> int:
    """Return how many messages xtuner drops: leading answers and trailing questions."""
    roles = [message["role"] for message in messages]
    if "assistant" not in roles:
        return len(roles)
    first = next((n for n, role in enumerate(roles) if role != "assistant"), len(roles))
    last = len(roles) - 1 - roles[::-1].index("assistant")
    return first + len(roles) - 1 - last if first <= last else len(roles)


def _figures(
    pieces: Sequence[Piece], counts: Sequence[int], max_length: int
) -> tuple[int, int, int, int]:
    """Return length, index of the first trained token, trained tokens, those beyond max_length.

    If nothing is trained the index is the length.
    """
    length = trained = beyond = 0
    first = -1
    for piece, count in zip(pieces, counts, strict=True):
        end = length + count
        if piece.trained and count:
            first = length if first < 0 else first
            trained += count
            beyond += max(end - max(length, max_length), 0)
        length = end
    return length, length if first < 0 else first, trained, beyond
