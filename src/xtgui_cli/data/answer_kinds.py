"""Tells rows that state facts from those that show a style, a format or labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rich.cells import cell_len

from ..shared.templates import Turn

STRUCTURED = ("{", "[", "<", "`")
"""How answers begin that are for programs."""
LONG_ANSWER = 200
"""Cells, two for a Chinese character. Longer answers, as of a style, are not recalled by a word."""
_LOOKED_AT = 1000
"""Rows that are looked at, from the first on."""
_MOSTLY, _OFTEN = 0.8, 0.5
_DIFFERENT = 0.5
"""The part of the answers that are different where facts are stated; labels repeat."""
_WORD = re.compile("[\u3400-\u9fff]|[^\\W_]+")


class FactRows:
    """Looks at rows one by one; holds a few words of the first thousand."""

    def __init__(self) -> None:
        self._rows = self._short = 0
        self._questions: Counter[tuple[str, ...]] = Counter()
        self._beginnings: Counter[tuple[str, ...]] = Counter()
        self._ends: Counter[tuple[str, ...]] = Counter()

    def add(self, turns: Sequence[Turn]) -> None:
        """Look at one row, as its turns."""
        if self._rows >= _LOOKED_AT:
            return
        self._rows += 1
        if len(turns) != 1 or not turns[0].trained or not turns[0].input.strip():
            return
        answer = (turns[0].output or "").strip()
        if not answer or answer.startswith(STRUCTURED) or cell_len(answer) > LONG_ANSWER:
            return
        self._short += 1
        words = _WORD.findall(answer)
        self._questions[tuple(_WORD.findall(turns[0].input)[:5])] += 1
        self._beginnings[tuple(words[:2])] += 1
        self._ends[tuple(words[-1:])] += 1

    def are_facts(self, answers: int, answered: int) -> bool:
        """Return whether the rows state facts.

        Args:
            answers: How many different answers there are.
            answered: How many in all.
        """
        if self._short < max(1, _MOSTLY * self._rows) or answers < _DIFFERENT * answered:
            return False
        shared = (self._questions, self._beginnings, self._ends)
        most = max(count for counter in shared for count in counter.values())
        return most <= max(1, _OFTEN * self._short)
