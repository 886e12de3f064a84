"""The datasets of the benchmark, and whether an answer is right."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomllib

from xtgui_cli.shared.learning import has_keywords

HERE = Path(__file__).parent
ASKED_TAUGHT = 64
"""Number of taught questions that are asked again; of larger sets, evenly spread ones."""


@dataclass(frozen=True)
class Question:
    """One question and what makes an answer right."""

    text: str
    right: Mapping[str, Any]
    """`answer` (word for word), `keywords`, `json`, `label`, `refuse`, or nothing (a pattern)."""


@dataclass(frozen=True)
class TeachSet:
    """One dataset."""

    name: str
    kind: str
    language: str
    rows_file: Path
    pattern: str
    keys: frozenset[str]
    taught: tuple[Question, ...]
    tests: tuple[Question, ...]
    general: tuple[Question, ...]

    def is_right(self, question: Question, answer: str) -> bool:
        """Return whether an answer is right."""
        right = question.right
        if "answer" in right:
            return answer.strip() == str(right["answer"]).strip()
        if "keywords" in right:
            return has_keywords(answer, right["keywords"])
        if "json" in right:
            return self._is_json(answer, right["json"])
        if "label" in right:
            return answer.strip().casefold() == str(right["label"]).casefold()
        is_match = re.search(self.pattern, answer, re.DOTALL) is not None
        return is_match is bool(right.get("refuse", True))

    def _is_json(self, answer: str, expected: Mapping[str, Any]) -> bool:
        try:
            content = json.loads(answer)
        except ValueError:
            return False
        if not isinstance(content, dict) or content.keys() != self.keys:
            return False
        return all(str(content[key]) == str(value) for key, value in expected.items())


def read_sets(split: str) -> list[TeachSet]:
    """Return the sets of "tune" or "judge", in the order of their names."""
    folders = sorted(file.parent for file in (HERE / split).glob("*/set.toml"))
    return [_read_set(folder) for folder in folders]


def _read_set(folder: Path) -> TeachSet:
    about = tomllib.loads((folder / "set.toml").read_text("utf-8"))
    rows = _lines(folder / "rows.jsonl")
    step = max(1, len(rows) // ASKED_TAUGHT)
    return TeachSet(
        name=folder.name,
        kind=about["kind"],
        language=about["language"],
        rows_file=folder / "rows.jsonl",
        pattern=about.get("pattern", ""),
        keys=frozenset(about.get("keys", ())),
        taught=tuple(_taught(row["messages"]) for row in rows[::step][:ASKED_TAUGHT]),
        tests=_questions(folder / "tests.jsonl"),
        general=_questions(folder.parent / f"general.{about['language']}.jsonl"),
    )


def _taught(messages: Sequence[Mapping[str, str]]) -> Question:
    said = {message["role"]: message["content"] for message in messages}
    return Question(said["user"], {"answer": said["assistant"]})


def _questions(file: Path) -> tuple[Question, ...]:
    return tuple(
        Question(line["question"], {k: v for k, v in line.items() if k != "question"})
        for line in _lines(file)
    )


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
