"""A conversation in one text, with a mark where each speaker begins (openassistant-guanaco)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .cells import Conversation, LeftOutError, text_in
from .data_format import ColumnMapping, DataFormat, Sample
from .plain_text import TEXT

_MARK = re.compile(r"###[ \t]*(Human|Assistant):")
"""xtuner splits at every ###, which cuts answers at headings; here a speaker has to follow."""
_ROLES = {"Human": "user", "Assistant": "assistant"}


def _recognize(sample: Sample) -> ColumnMapping | None:
    plain = TEXT.recognize(sample)
    if plain is None or plain.text is None:
        return None
    texts = [row.get(plain.text) for row in sample.rows]
    if not all(isinstance(text, str) and _MARK.match(text.lstrip()) for text in texts):
        return None
    return ColumnMapping("guanaco", user=(plain.text,))


def _read(row: Mapping[str, Any], mapping: ColumnMapping) -> Iterator[Conversation]:
    """Yield the conversation of a text; a last question without an answer is left out."""
    before, *parts = _MARK.split(text_in(row.get(mapping.user[0])))
    if before.strip() or not parts:
        raise LeftOutError("formats.out_no_turns")
    said = zip(parts[::2], parts[1::2], strict=True)
    messages = [{"role": _ROLES[who], "content": what.strip()} for who, what in said]
    while messages and messages[-1]["role"] == "user":
        messages.pop()
    if not messages:
        raise LeftOutError("formats.out_no_answer")
    yield messages


GUANACO = DataFormat("guanaco", "formats.layout_guanaco", _read, _recognize)
