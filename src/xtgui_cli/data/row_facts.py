"""Collects what a plan needs to know about the rows while they are read."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..planning.held_out import question_number
from ..planning.row_facts import Language, RowFacts
from ..shared.templates import Turn, turns_from_messages
from .messages import Messages
from .row_faults import THOUGHTS

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_OUTSIDE: Mapping[Language, tuple[str, ...]] = {
    "en": ("What is the capital of France?", "How many days are in a week?", "What color is snow?"),
    "zh": ("中国的首都是哪里？", "一个星期有几天？", "雪是什么颜色的？"),
}
"""Questions that a model should still answer as before, whatever it was taught."""
_LONGEST_QUESTION = 300
"""Characters; longer questions are not suitable for evaluation."""

_ALL_OUTSIDE = {question for questions in _OUTSIDE.values() for question in questions}


class FactsCollector:
    """Examines rows one by one; memory holds eight bytes per row and per different answer."""

    def __init__(self) -> None:
        self.prompts = array("Q")
        """A number for the question of each row; see `planning.held_out`."""
        self._answers: set[bytes] = set()
        self._answered = 0
        self._han = self._words = self._thoughts = 0
        self._asked: set[str] = set()
        self._has_questions = False
        self._system = ""
        self._first = ""
        self._other: tuple[bytes, str] = (b"", "")

    def watch(self, rows: Iterable[Messages]) -> Iterator[Messages]:
        """Yield the rows, examining each."""
        for row in rows:
            self.add(row)
            yield row

    def add(self, row: Messages) -> None:
        """Examine one row."""
        turns = [turn for turn in turns_from_messages(row) if turn.output is not None]
        for turn in turns:
            if not turn.trained or turn.output is None:
                continue
            self._answered += 1
            self._thoughts += turn.output.lstrip().startswith(THOUGHTS)
            self._answers.add(_digest(turn.output))
            self._han += len(_HAN.findall(turn.output))
            self._words += len(_LATIN_WORD.findall(turn.output))
        self._system = self._system or next((turn.system for turn in turns if turn.system), "")
        for turn in turns:
            self._asked |= _ALL_OUTSIDE & {turn.input.strip()}
        self._has_questions = self._has_questions or any(turn.input.strip() for turn in turns)
        self.prompts.append(question_number(_opening(turns)))
        if turns:
            self._keep_question(turns[0].input.strip())

    def facts(self, trained_tokens: int) -> RowFacts:
        """Return the facts, with a count of trained tokens made elsewhere."""
        questions = [question for question in (self._first, self._other[1]) if question]
        # Two Chinese characters say about as much as one English word.
        language: Language = "zh" if self._han > 2 * self._words else "en"
        return RowFacts(
            answers=len(self._answers),
            answered=self._answered,
            trained_tokens=trained_tokens,
            language=language,
            system=self._system,
            thoughts=self._thoughts,
            questions=tuple(questions),
            has_questions=self._has_questions,
            outside=next((each for each in _OUTSIDE[language] if each not in self._asked), ""),
        )

    def _keep_question(self, question: str) -> None:
        """Keep the first question, and the one of the others with the greatest digest."""
        if not question or len(question) > _LONGEST_QUESTION:
            return
        if not self._first:
            self._first = question
        elif question != self._first:
            self._other = max(self._other, (_digest(question), question))


def _opening(turns: Sequence[Turn]) -> str:
    """Return how a conversation begins: its first question, or the beginning of plain text."""
    return next((text for turn in turns for text in (turn.input, turn.output) if text), "")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
