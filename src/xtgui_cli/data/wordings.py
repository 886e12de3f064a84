"""Shows a row of data with its question in several wordings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..texts import in_language, t
from .messages import Messages

_WORDINGS = (
    "next_step.wordings_ask",
    "next_step.wordings_wonder",
    "next_step.wordings_know",
)
_HAN = re.compile("[\u3400-\u9fff]")


def reword(row: Messages) -> list[Sequence[dict[str, str]]]:
    """Return a row with one question in three wordings; its answer and system text stay.

    The wordings only show what such rows look like: they are the question with a phrase around it.
    """
    said = [{"role": str(m["role"]), "content": str(m["content"] or "")} for m in row]
    asked = next(number for number, m in enumerate(said) if m["role"] == "user")
    question = said[asked]["content"].strip()
    wordings = in_language(
        "zh" if _HAN.search(question) else "en",
        lambda: [t(key, question=question) for key in _WORDINGS],
    )
    return [
        [*said[:asked], {"role": "user", "content": wording}, *said[asked + 1 :]]
        for wording in wordings
    ]
