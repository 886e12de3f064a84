"""A count agrees with its noun and its verb: "1 row", never "1 rows"."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from text_pairs import pairs

from xtgui_cli import texts
from xtgui_cli.texts import choose, fill, in_language

NAMES = {
    *(
        "chat",
        "checkpoint",
        "code",
        "columns",
        "file",
        "files",
        "folder",
        "free",
        "hub",
        "host",
        "id",
        "key",
    ),
    *(
        "keys",
        "kind",
        "lr",
        "loss",
        "model",
        "name",
        "names",
        "nats",
        "needed",
        "path",
        "python",
        "reason",
    ),
    *("row", "size", "time", "unit", "value", "why", "xtuner"),
    *("now", "others", "version"),
}
"""Placeholders of what is no count."""
LIMITS = {"few", "least", "length", "limit", "limit_gib", "longest", "max_length", "most", "n"}
"""Placeholders of counts that are never 1."""
NO_COUNTS = {
    "doctor.gpu.ok_many": "several GPUs",
    "doctor.hub.ok_some": "names of hubs",
    "launch.gpus": "of one GPU its name is said",
    "estimate.length": "a sample is longer than a token",
    "learning.sample": "of one row no sample is taken",
    "learning.sample_interval": "of one row no sample is taken",
    "model.parameters": "a size, with its unit",
    "settings.count": "a range",
}
VERBS = {
    *("as", "begins", "changes", "contains", "differs", "does", "has", "holds", "is", "its"),
    *("leaves", "s", "shows", "stops", "was"),
}
PLURAL = re.compile(r"(?<![\w.,])1 (?:(?!for|of|and)\w+ )?(\w*s|are|have|do|were)\b")


class _Ones(dict[str, Any]):
    """The number 1 for every count."""

    def __missing__(self, name: str) -> Any:
        return "X" if name in NAMES else 7 if name in LIMITS else 1

    def get(self, name: str, _default: Any = None) -> Any:
        return self[name]


def with_one(sentence: str) -> str:
    return string.Formatter().vformat(choose(sentence, _Ones()), (), _Ones())


def counts() -> Iterator[tuple[str, str]]:
    """Return each English sentence with 1 in the place of every count."""
    for key, english, _ in pairs():
        if "{" in english and not key.endswith(".help") and key not in NO_COUNTS:
            yield key, with_one(re.sub(r":[^{}|]*\}", "}", english))


def test_no_english_sentence_has_a_plural_after_one() -> None:
    wrong = {
        key: sentence
        for key, sentence in counts()
        if any(word not in VERBS for word in PLURAL.findall(sentence))
    }

    assert wrong == {}


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 rows are cut"),
        (1, "1 row is cut"),
        (2, "2 rows are cut"),
        ("1", "1 row is cut"),
        ("1,001", "1,001 rows are cut"),
    ],
)
def test_words_are_chosen_by_a_number_or_by_how_it_is_written(count: object, said: str) -> None:
    sentence = "{count} {count|row is|rows are} cut"

    assert fill(sentence, {"count": count}) == said


def test_what_is_chosen_may_hold_further_values() -> None:
    sentence = "{count|the one row of {file}|all {count:,} rows of {file}}"

    assert fill(sentence, {"count": 1, "file": Path("a|b")}) == "the one row of a|b"
    assert fill(sentence, {"count": 1200, "file": "{b}"}) == "all 1,200 rows of {b}"


def test_a_sentence_with_a_choice_is_filled_in_both_languages() -> None:
    said = {
        language: in_language(language, lambda: texts.t("wizard.epochs", count=1))
        for language in texts.LANGUAGES
    }

    assert said == {"en": "1 epoch", "zh": "1 轮"}
