"""Which of the user's rows a model knows word for word, found without generating anything.

A row is known if every trained token, the end token included, is the likeliest one after those
before it. Greedy decoding would then write the row and stop, so both say the same.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ..shared.templates import (
    Encoder,
    PromptTemplate,
    encode_conversation,
    turns_from_messages,
)
from .checked_model import CheckedModel, log_probabilities
from .packs import IGNORED
from .question_pack import Asked
from .reading import predictions

_BOM = b"\xef\xbb\xbf"
SAMPLE = 64
"""How many rows a full check asks at most."""
SHORT = 48
"""Up to this many trained tokens, every one has to be right."""
LONG_SHARE = 0.98
"""The share of the trained tokens that has to be right in longer rows."""


@dataclass(frozen=True)
class TaughtRow:
    """A row as training encodes it, cut at the maximum length."""

    number: int
    """Counted from 0 in the data."""
    input_ids: list[int]
    labels: list[int]
    """As long as the ids; -100 where nothing is trained."""

    @property
    def start(self) -> int:
        """Position of the first trained token that has another one before it."""
        return next(at for at, label in enumerate(self.labels) if at and label != IGNORED)

    @property
    def trained(self) -> int:
        """Number of trained tokens."""
        return sum(label != IGNORED for label in self.labels[1:])


@dataclass(frozen=True)
class Recall:
    """What a model knows of some rows."""

    known: tuple[bool, ...]
    """For each row, whether it is known."""
    loss: float | None
    """Mean over all their trained tokens, in nats; None if there are none."""


def choose_rows(count: int, seed: int, limit: int = SAMPLE) -> tuple[int, ...]:
    """Return the rows to ask, all of them up to *limit*.

    They are in a random order that is always the same, so that their beginning is a sample too.
    """
    return tuple(random.Random(seed).sample(range(count), min(count, limit)))  # noqa: S311


def known(checked: CheckedModel, rows: Sequence[TaughtRow], *, packs: bool = False) -> Recall:
    """Return which rows a model knows, each of them alone in its sequence.

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        rows: Each with a trained token. In a conversation every trained answer counts.
        packs: Whether the model can read rows side by side (`abilities.can_pack`).
    """
    flags = [False] * len(rows)
    tokens, loss = 0, 0.0
    asked = [Asked(row.input_ids[: row.start], [row.input_ids[row.start :]]) for row in rows]
    for number, _, logits in predictions(checked, asked, packs=packs):
        row = rows[number]
        labels = torch.tensor(row.labels[row.start :], device=logits.device)
        is_trained = labels != IGNORED
        logits, labels = logits[is_trained], labels[is_trained]
        right = int((logits.argmax(-1) == labels).sum())
        flags[number] = is_known(right, len(labels))
        tokens += len(labels)
        loss -= float(log_probabilities(logits, labels).sum())
    return Recall(tuple(flags), loss / tokens if tokens else None)


def is_known(right: int, trained: int) -> bool:
    """Return whether a row with so many right tokens of so many trained ones counts as known."""
    return right == trained if trained <= SHORT else right >= LONG_SHARE * trained


# --- reading rows --------------------------------------------------------------------------------


def count_rows(path: Path) -> int:
    """Return how many rows a data file has, JSON Lines or one JSON list."""
    return sum(1 for _ in _raw_rows(path))


def read_rows(path: Path, numbers: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Return rows of a data file by their numbers, in the order asked for."""
    wanted = frozenset(numbers)
    found = {number: row for number, row in enumerate(_raw_rows(path)) if number in wanted}
    return {number: _parsed(found[number]) for number in numbers}


def _parsed(row: bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(row, bytes):
        return row
    parsed: Mapping[str, Any] = json.loads(row)
    return parsed


def _raw_rows(path: Path) -> Iterator[bytes | Mapping[str, Any]]:
    """Yield the items of a JSON list, or the non-blank lines of JSON Lines."""
    with path.open("rb") as file:
        lines = (line for line in file if line.removeprefix(_BOM).strip())
        first = next(lines, b"").removeprefix(_BOM)
        if first.lstrip().startswith(b"["):
            yield from json.loads(first + b"".join(lines))
        elif first:
            yield first
            yield from lines


def encode_rows(
    rows: Mapping[int, Mapping[str, Any]],
    template: PromptTemplate,
    encoder: Encoder,
    max_length: int,
) -> Iterator[TaughtRow]:
    """Yield rows of OpenAI messages as in training, without those that have nothing to train on.

    Args:
        rows: By number; the order is kept.
        template: How a turn is written.
        encoder: The tokenizer.
        max_length: Number of tokens at which a row is cut.
    """
    for number, row in rows.items():
        turns = turns_from_messages(row["messages"])
        encoded = encode_conversation(turns, template, encoder)
        taught = TaughtRow(number, encoded.input_ids[:max_length], encoded.labels[:max_length])
        if taught.trained:
            yield taught


def answers_in(rows: Mapping[int, Mapping[str, Any]]) -> set[str]:
    """Return the answers that rows of OpenAI messages teach."""
    return {
        turn.output
        for row in rows.values()
        for turn in turns_from_messages(row["messages"])
        if turn.output and turn.trained
    }
