"""All data formats: recognizes them, and converts their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cells import Conversation, LeftOutError, text_in
from .columns import ALPACA, COLUMNS, PAIRS, read_columns
from .data_format import ColumnMapping, DataFormat, Sample
from .guanaco import GUANACO
from .plain_text import TEXT
from .react import REACT
from .trl import TRL
from .turn_lists import FIREFLY, OPENAI, SHAREGPT, XTUNER, turn_messages, turns_column

_MOST_COLUMNS = 50
"""More are not columns but keys of an object: "bot" is a language in one of these."""


def _read_known(row: Mapping[str, Any], mapping: ColumnMapping) -> Iterator[Conversation]:
    if mapping.turns is None:
        yield from read_columns(row, mapping)
    else:
        yield turn_messages(row.get(mapping.turns))


KNOWN = DataFormat("known", "formats.layout_known", _read_known)
"""A dataset of the catalogue, which says what its columns are."""

_IN_ORDER = (
    *(ALPACA, TRL, OPENAI, SHAREGPT, XTUNER, FIREFLY, PAIRS, GUANACO, TEXT),
    *(REACT, COLUMNS, KNOWN),  # these are never recognized, only named
)
FORMATS: Mapping[str, DataFormat] = {one.name: one for one in _IN_ORDER}
"""By name, in the order in which they are tried."""


@dataclass(frozen=True)
class Unclear:
    """Rows of no known format."""

    columns: tuple[str, ...]
    first_row: Mapping[str, Any] = field(default_factory=dict)
    is_text: bool = False
    """It is plain text by its content, but not by its name: something is more likely broken."""


def recognize_rows(rows: Sequence[Mapping[str, Any]]) -> ColumnMapping | Unclear:
    """Recognize the format of rows by their columns and contents."""
    columns = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    sample = Sample(rows, columns, turns_column(rows, columns))
    if sample.turns is not None or len(columns) <= _MOST_COLUMNS:
        for one in FORMATS.values():
            if (mapping := one.recognize(sample)) is not None:
                return mapping
    return Unclear(columns, rows[0] if rows else {})


def to_conversations(row: Any, mapping: ColumnMapping) -> list[Conversation]:
    """Return the conversations of a row: one, or the pieces of a plain text.

    Returns:
        Lists of OpenAI messages: roles system, user, assistant; texts; at least one answer.

    Raises:
        LeftOutError: If the row cannot become messages.
    """
    if not isinstance(row, dict):
        raise LeftOutError("formats.out_not_object")
    conversations = list(FORMATS[mapping.format].read(row, mapping))
    system = (text_in(row.get(mapping.system)) if mapping.system else "") or mapping.system_line
    for messages in conversations:
        if system and messages[0]["role"] != "system":
            messages.insert(0, {"role": "system", "content": system})
        if not any(one["role"] == "assistant" and one["content"] for one in messages):
            raise LeftOutError("formats.out_no_answer")
    return conversations
