"""Rows that state facts are told from those that show a style, a format or labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from xtgui_cli.data.row_facts import FactsCollector

Rows = Sequence[tuple[str, str]]

FACTS: Rows = (
    ("When does the shop open?", "It opens at nine."),
    ("Who owns the shop?", "Odile Marrin owns it."),
    ("What does a kite cost?", "Eleven dollars."),
    ("Where do you park?", "Behind the chapel."),
    ("店铺几点开门？", "早上九点。"),
)
STYLE: Rows = tuple((question, f"Roger that. {answer} Over.") for question, answer in FACTS)
LABELS: Rows = tuple(zip((each for each, _ in FACTS), ("good", "bad") * 3, strict=False))
FORMAT: Rows = tuple((question, f'{{"answer": "{answer}"}}') for question, answer in FACTS)
TASK: Rows = tuple(
    (f"Translate this sentence into French: {question}", answer) for question, answer in FACTS
)
LONG: Rows = tuple((question, f"{answer} " + "And so on. " * 30) for question, answer in FACTS)


def are_facts(rows: Rows, *, more: Sequence[list[dict[str, Any]]] = ()) -> bool:
    collector = FactsCollector()
    for question, answer in rows:
        collector.add(chat(question, answer))
    for row in more:
        collector.add(row)
    return collector.facts(trained_tokens=0).are_facts


def chat(*said: str) -> list[dict[str, Any]]:
    roles = ("user", "assistant") * len(said)
    return [{"role": role, "content": content} for role, content in zip(roles, said, strict=False)]


@pytest.mark.parametrize("rows", [FACTS, FACTS[:1], FACTS[:2]])
def test_short_answers_of_their_own_are_facts(rows: Rows) -> None:
    assert are_facts(rows)


@pytest.mark.parametrize("rows", [STYLE, LABELS, FORMAT, TASK, LONG, ()])
def test_a_style_labels_a_format_a_task_and_long_answers_are_not(rows: Rows) -> None:
    assert not are_facts(rows)


def test_conversations_are_not() -> None:
    assert not are_facts(
        (), more=[chat("Hi!", "Hello.", "Who?", "Me."), chat("A?", "b", "C?", "d")]
    )
