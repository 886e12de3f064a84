"""The tokens at which a merged model is compared with base model and adapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ...shared.config_file import read_known
from ...shared.custom_template import as_template
from ..known import TaughtRow, choose_rows, count_rows, encode_rows, read_rows
from ..packs import IGNORED
from ..prompt import encoder_of

ENOUGH = 200
"""Minimum number of tokens to compare: one that differs is half a percent."""
LONGEST_ROW = 1024
_OF_A_ROW = 64
"""Maximum number of compared tokens per row."""
_ROWS = 64
"""Rows to choose from: those with many tokens to compare and a short prompt are preferred."""
_TEXT = (
    "The merged model has to go on as the two did before, word by word. Water boils at 100 degrees"
    " and freezes at 0. A week has seven days: Monday, Tuesday, Wednesday, Thursday, Friday,"
    " Saturday and Sunday. The capital of France is Paris, that of Japan is Tokyo, and the largest"
    " ocean is the Pacific. Once upon a time there was a small village by the sea, where every"
    " morning the fishermen rowed out and every evening they came back with what they had caught."
    " def add(a, b): return a + b. for number in range(10): print(number). 1, 2, 3, 5, 8, 13, 21,"
    " 34. 合并后的模型应当与合并前逐词一致。水在一百度沸腾，在零度结冰。一年有四个季节：春、夏、"
    "秋、冬。中国的首都是北京，日本的首都是东京。从前，海边有一个小村庄，渔民每天清晨出海，"
    "傍晚带着收获归来。Who are you? 你是谁？ What can you do for me today, and how do you do it?"
)
"""Used if the rows are unknown; 250 tokens or more."""


@dataclass(frozen=True)
class AskedTokens:
    """Rows of token ids, and which of their tokens are compared."""

    rows: tuple[TaughtRow, ...]
    taught: int
    """Compared tokens from taught answers; the others are from the built-in text."""

    @property
    def positions(self) -> list[tuple[int, int]]:
        """Row and position of each token whose successor is predicted."""
        return [
            (number, at - 1)
            for number, row in enumerate(self.rows)
            for at, label in enumerate(row.labels)
            if at and label != IGNORED
        ]


def asked_tokens(config: Path | None, tokenizer: Any) -> AskedTokens:
    """Return the answers of taught rows, plus the built-in text if they are few or unknown.

    Args:
        config: The run's config, which names the rows and the prompt template.
        tokenizer: Tokenizer of the base model.
    """
    rows: list[TaughtRow] = []
    taught = 0
    known = [_beginning(row) for row in _taught_rows(config, tokenizer)]
    for row in sorted(known, key=lambda row: -row.trained / len(row.input_ids)):
        if taught >= ENOUGH:
            break
        rows.append(row)
        taught += row.trained
    if taught < ENOUGH:
        ids = tokenizer.encode(_TEXT, add_special_tokens=False)[: ENOUGH + 1 - taught]
        rows.append(TaughtRow(-1, ids, list(ids)))
    return AskedTokens(tuple(rows), taught)


def _taught_rows(config: Path | None, tokenizer: Any) -> Iterator[TaughtRow]:
    values = read_known(config) if config else {}
    template = as_template(values.get("prompt_template"))
    data = values.get("data_path")
    if template is None or not isinstance(data, str) or not Path(data).is_file():
        return
    try:
        total = min(count_rows(Path(data)), _count(values, "taught_rows") or _MANY)
        rows = read_rows(Path(data), choose_rows(total, _count(values, "seed") or 0, _ROWS))
        longest = min(LONGEST_ROW, _count(values, "max_length") or LONGEST_ROW)
        encoder = encoder_of(tokenizer, template)
        yield from islice(encode_rows(rows, template, encoder, longest), _ROWS)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return  # no rows of messages, or no longer there


def _beginning(row: TaughtRow) -> TaughtRow:
    """Return a row up to its last compared token."""
    compared = [at for at, label in enumerate(row.labels) if at and label != IGNORED]
    end = compared[:_OF_A_ROW][-1] + 1
    return TaughtRow(row.number, row.input_ids[:end], row.labels[:end])


_MANY = 1 << 53


def _count(values: Mapping[str, Any], name: str) -> int | None:
    value = values.get(name)
    return value if type(value) is int and value >= 0 else None
