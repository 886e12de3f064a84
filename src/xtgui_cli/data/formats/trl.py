"""Prompt messages in one column and their answer in another, as in TRL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .cells import Conversation, answer_in, list_in
from .data_format import ASSISTANT, SYSTEM, ColumnMapping, DataFormat, Sample
from .turn_lists import has_answer, turn_messages


def _recognize(sample: Sample) -> ColumnMapping | None:
    if sample.turns is not None:
        answer = sample.only(ASSISTANT)
        if answer is None or any(has_answer(row.get(sample.turns)) for row in sample.rows):
            return None
        return ColumnMapping(
            "trl", user=(sample.turns,), assistant=answer, system=sample.only(SYSTEM)
        )
    found = sample.question_and_answer()
    if found is None or not any(all(list_in(row.get(one)) for one in found) for row in sample.rows):
        return None
    question, answer = found
    return ColumnMapping("trl", user=(question,), assistant=answer)


def _read(row: Mapping[str, Any], mapping: ColumnMapping) -> Iterator[Conversation]:
    answer = row.get(mapping.assistant or "")
    yield [*turn_messages(row.get(mapping.user[0])), *_answer_messages(answer)]


def _answer_messages(value: Any) -> Conversation:
    """Return the turns of an answer, which may be just a text."""
    turns = list_in(value)
    if turns and isinstance(turns[0], dict):
        return turn_messages(turns)
    return [{"role": "assistant", "content": answer_in(value)}]


TRL = DataFormat("trl", "formats.layout_trl", _read, _recognize)
