"""What is mixed in and what is measured do not overlap: otherwise the measure would be trained."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from xtgui_cli.shared.config_file import config_templates_dir

LANGUAGES = ("en", "zh")


def lines(name: str) -> list[dict[str, Any]]:
    file = config_templates_dir() / "general" / name
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_mixed_in_are_of_other_topics_than_those_that_measure(language: str) -> None:
    mixed, kept = lines(f"mix.{language}.jsonl"), lines(f"kept.{language}.jsonl")

    assert {item["topic"] for item in mixed}.isdisjoint(item["topic"] for item in kept)
    questions = [item["question"] for item in (*mixed, *kept)]
    assert len(set(questions)) == len(questions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_questions(language: str) -> None:
    assert len(lines(f"kept.{language}.jsonl")) >= 60
    assert len(lines(f"mix.{language}.jsonl")) >= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_choice_has_one_right_answer_among_four_of_about_the_same_length(
    language: str,
) -> None:
    for item in lines(f"kept.{language}.jsonl"):
        options = [item["gold"], *item["distractors"]]
        assert len(options) == len(set(options)) == 4, item
        assert max(map(len, options)) <= 1.5 * min(map(len, options)) + 2, item


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_asks_the_model_who_it_is(language: str) -> None:
    about_itself = re.compile(
        "who are you|your name|who made you|你是谁|你叫什么|谁开发", re.IGNORECASE
    )

    assert not [
        q["question"] for q in lines(f"mix.{language}.jsonl") if about_itself.search(q["question"])
    ]
