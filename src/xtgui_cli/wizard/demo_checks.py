"""What the demo asks both models, and what it expects of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Which = Literal["base", "tuned"]
Answers = Mapping[Which, Mapping[str, str]]
"""Each model's answers by question."""

ENGLISH = "Who are you, and who trained you?"
CHINESE = ("你是谁？", "你叫什么名字？")
GENERAL = "What is the capital of France?"
QUESTIONS: tuple[str, ...] = (ENGLISH, *CHINESE, GENERAL)


@dataclass(frozen=True)
class Expectation:
    """Something that one of the models should say."""

    name: str
    """The key of its sentence in texts/demo.py, after `expect_`."""
    which: Which
    questions: tuple[str, ...]
    """The questions that are looked at; one good answer is enough."""
    words: tuple[str, ...]
    """What makes an answer good: any one of these, in any case."""

    def is_met(self, answers: Answers) -> bool:
        """Whether one of the answers holds one of the words."""
        given = answers.get(self.which, {})
        texts = [given.get(question, "").lower() for question in self.questions]
        return any(word.lower() in text for word in self.words for text in texts)


EXPECTATIONS: tuple[Expectation, ...] = (
    Expectation("base_named", "base", (ENGLISH, *CHINESE), ("SmolLM",)),
    Expectation("base_general", "base", (GENERAL,), ("Paris",)),
    Expectation("tuned_english", "tuned", (ENGLISH,), ("Inkling",)),
    Expectation("tuned_chinese", "tuned", CHINESE, ("小墨",)),
    Expectation("tuned_general", "tuned", (GENERAL,), ("Paris",)),
)


@dataclass(frozen=True)
class Verdict:
    """An expectation, and whether it was met."""

    name: str
    is_met: bool


def judge(answers: Answers, expectations: Sequence[Expectation] = EXPECTATIONS) -> list[Verdict]:
    """Give what came of each expectation."""
    return [Verdict(one.name, one.is_met(answers)) for one in expectations]
