"""Questions and answers in separate columns: Alpaca, pairs, columns that the user names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .cells import Conversation, LeftOutError, answer_in, list_in, pair, text_in
from .data_format import BEFORE, FURTHER, HISTORY, SYSTEM, ColumnMapping, DataFormat, Sample
from .plain_text import TEXT

ROLES = ("user", "assistant", "system", "text")


def read_columns(row: Mapping[str, Any], mapping: ColumnMapping) -> Iterator[Conversation]:
    """Yield the conversation of a row: earlier turns, then question and answer.

    Raises:
        LeftOutError: If the history is malformed, or question or answer is missing.
    """
    messages: Conversation = []
    for before in list_in(row.get(mapping.history)) or [] if mapping.history else []:
        if not isinstance(before, (list, tuple)) or len(before) != 2:
            raise LeftOutError("formats.out_history")
        messages += pair(text_in(before[0]), text_in(before[1]))
    parts = [text_in(row.get(column)) for column in mapping.user]
    question = "\n".join(part for part in parts if part)
    if mapping.begins_after and mapping.begins_after in question:
        question = question.partition(mapping.begins_after)[2].strip()
    answer = answer_in(row.get(mapping.assistant)) if mapping.assistant else ""
    if not question:
        raise LeftOutError("formats.out_no_question")
    if not answer or answer == "<nooutput>":  # alpaca's own mark for "none"
        raise LeftOutError("formats.out_no_answer")
    yield [*messages, *pair(question, answer)]


def _recognize_alpaca(sample: Sample) -> ColumnMapping | None:
    by_name = sample.by_name
    if sample.turns is not None or "instruction" not in by_name or "output" not in by_name:
        return None
    return ColumnMapping(
        "alpaca",
        user=tuple(by_name[name] for name in ("instruction", "input") if name in by_name),
        assistant=by_name["output"],
        system=sample.only(SYSTEM),
        history=sample.only(HISTORY),
    )


def _recognize_pairs(sample: Sample) -> ColumnMapping | None:
    found = None if sample.turns is not None else sample.question_and_answer()
    if found is None:
        return None
    question, answer = found
    columns = (sample.only(BEFORE), question, sample.only(FURTHER))
    return ColumnMapping(
        "pairs",
        user=tuple(dict.fromkeys(column for column in columns if column)),
        assistant=answer,
        system=sample.only(SYSTEM),
        history=sample.only(HISTORY),
    )


def mapping_of(roles: Sequence[tuple[str, str]]) -> ColumnMapping:
    """Return the mapping that the user gave: (role, column), the same role more than once."""
    columns = {role: [column for name, column in roles if name == role] for role in ROLES}
    if columns["text"]:
        return ColumnMapping(TEXT.name, text=columns["text"][-1])
    return ColumnMapping(
        COLUMNS.name,
        user=tuple(columns["user"]),
        assistant=columns["assistant"][-1],
        system=columns["system"][-1] if columns["system"] else None,
    )


ALPACA = DataFormat("alpaca", "formats.layout_alpaca", read_columns, _recognize_alpaca)
PAIRS = DataFormat("pairs", "formats.layout_pairs", read_columns, _recognize_pairs)
COLUMNS = DataFormat("columns", "formats.layout_columns", read_columns)
"""Columns that the user names."""
