"""The content of a row's cell: a list, a text, an answer."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

Message = dict[str, Any]
Conversation = list[Message]
_LONGEST_LITERAL = 1 << 20


class LeftOutError(Exception):
    """A row cannot become messages; `reason` is the key of the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def list_in(value: Any) -> Sequence[Any] | None:
    """Return a list, also from its JSON or Python source in a cell; None if it is none."""
    if isinstance(value, list):
        return value
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return None
    import msgspec

    try:
        found = msgspec.json.decode(value)
    except (msgspec.DecodeError, ValueError, RecursionError):
        if len(value) > _LONGEST_LITERAL:
            return None
        try:
            found = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            return None
    return found if isinstance(found, list) else None


def text_in(value: Any) -> str:
    """Return a text, a number's digits, or the text parts of a multimodal content.

    Raises:
        LeftOutError: If it is none of these.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and value:
        parts = [part.get("text") for part in value if isinstance(part, dict)]
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) == len(value):
            return "".join(texts)
    raise LeftOutError("formats.out_not_text")


def answer_in(value: Any) -> str:
    """Return the text of an answer; of several right ones, as in SQuAD, the first.

    Raises:
        LeftOutError: If there is no text.
    """
    several = value.get("text") if isinstance(value, dict) else value
    if isinstance(several, list) and all(isinstance(one, str) for one in several):
        return several[0] if several else ""
    return text_in(value)


def pair(question: str, answer: str) -> Conversation:
    """Return the messages of a question and its answer."""
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
