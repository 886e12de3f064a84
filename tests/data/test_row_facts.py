"""What is collected of the rows while they stream by."""

from __future__ import annotations

from typing import Any

import pytest

from xtgui_cli.data.row_facts import FactsCollector
from xtgui_cli.planning.row_facts import RowFacts


def row(question: str, answer: str, system: str = "") -> list[dict[str, Any]]:
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return [{"role": "system", "content": system}, *messages] if system else messages


def facts_of(*rows: list[dict[str, Any]]) -> RowFacts:
    collector = FactsCollector()
    assert list(collector.watch(rows)) == list(rows)
    return collector.facts(trained_tokens=7)


def test_rows_that_repeat_an_answer_are_told_from_those_that_do_not() -> None:
    facts = facts_of(row("Who?", "Inkling."), row("Your name?", "Inkling."), row("Age?", "Two."))

    assert (facts.answers, facts.answered, facts.repeats) == (2, 3, 1.5)


@pytest.mark.parametrize(
    ("answers", "language"),
    [
        (["The shop opens at nine."], "en"),
        (["店铺九点开门。"], "zh"),
        (["请用 SmolLM2 模型回答。"], "zh"),
        (["The word 店 means shop, and that is all there is to it."], "en"),
    ],
)
def test_the_language_is_that_of_most_of_the_answers(answers: list[str], language: str) -> None:
    assert facts_of(*(row("?", answer) for answer in answers)).language == language


def test_two_questions_are_kept_the_first_and_one_other() -> None:
    rows = [row(f"Question {number}?", "Yes.") for number in range(9)]

    facts = facts_of(*rows)

    assert facts.questions[0] == "Question 0?"
    assert len(set(facts.questions)) == 2
    assert facts_of(*rows).questions == facts.questions


def test_a_long_question_is_not_asked() -> None:
    assert facts_of(row("long " * 100, "Yes."), row("Short?", "Yes.")).questions == ("Short?",)


def test_the_question_outside_the_data_is_not_in_the_data() -> None:
    plain = facts_of(row("Where?", "Here."))

    other = facts_of(row(plain.outside, "Nowhere."))

    assert plain.outside
    assert other.outside not in ("", plain.outside)


def test_the_first_system_text_is_kept() -> None:
    facts = facts_of(row("A?", "a"), row("B?", "b", "Be kind."), row("C?", "c", "Be rude."))

    assert facts.system == "Be kind."


def test_answers_that_are_not_trained_do_not_count() -> None:
    messages = row("A?", "a")
    messages[-1]["loss"] = False

    assert facts_of(messages, row("B?", "b")).answered == 1
