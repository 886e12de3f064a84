"""A conversation in one text, with a mark where each speaker begins (openassistant-guanaco)."""

from __future__ import annotations

import re
from typing import Any

from .left_out import LeftOutError

_MARK = re.compile(r"###[ \t]*(Human|Assistant):")
"""xtuner splits at every ###, which cuts answers at headings; here a speaker has to follow."""
_ROLES = {"Human": "user", "Assistant": "assistant"}


def begins_with_a_speaker(text: Any) -> bool:
    """Whether a text begins with a speaker's mark."""
    return isinstance(text, str) and _MARK.match(text.lstrip()) is not None


def speakers_messages(text: str) -> list[dict[str, Any]]:
    """Give the messages of a text; a last question without an answer is left out.

    Raises — LeftOutError where the text does not begin with a speaker, or nobody answers.
    """
    before, *parts = _MARK.split(text)
    if before.strip() or not parts:
        raise LeftOutError("formats.out_no_turns")
    said = zip(parts[::2], parts[1::2], strict=True)
    messages = [{"role": _ROLES[who], "content": what.strip()} for who, what in said]
    while messages and messages[-1]["role"] == "user":
        messages.pop()
    if not messages:
        raise LeftOutError("formats.out_no_answer")
    return messages
