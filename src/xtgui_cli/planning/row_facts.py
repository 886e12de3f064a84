"""What a plan needs to know about the rows besides their lengths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True, kw_only=True)
class RowFacts:
    """Facts about a data file that is trained."""

    answers: int = 0
    """Number of different answers; rows that repeat one teach the same thing again."""
    answered: int = 0
    """Number of answers in all."""
    trained_tokens: int = 0
    """Tokens of all answers, uncut, including end tokens."""
    language: Language = "en"
    """The language of most of the text."""
    system: str = ""
    """The first system text of the rows; "" if there is none."""
    thoughts: int = 0
    """How many trained answers begin with their own thoughts."""
    questions: tuple[str, ...] = ()
    """Up to two questions of the rows, from different rows if there are two."""
    has_questions: bool = True
    """Whether any row asks something; plain text does not."""
    outside: str = ""
    """A general question, in the language of the rows, that none of them asks."""

    @property
    def repeats(self) -> float:
        """How often an answer occurs, on average."""
        return self.answered / self.answers if self.answers else 1.0
