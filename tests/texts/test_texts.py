"""Both languages say the same: one key, two sentences, the same values in both."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from text_pairs import AREAS, pairs

from xtgui_cli import texts
from xtgui_cli.settings.table import SETTINGS

SOURCE = Path(texts.__file__).resolve().parents[1]
CHINESE = re.compile("[\u4e00-\u9fff]")
SAME_IN_BOTH = re.compile(r"/\w+.*|[\W\d_]*|.*(\{.*|DeepSpeed|LoRA).*", re.DOTALL)
NAME_LENGTH = 4
"""An English sentence may name something Chinese, in as many characters."""


def placeholders(sentence: str) -> list[str]:
    """Give the names in a sentence; those in words for one are also in the words for more."""
    formatted = string.Formatter().parse(texts.choose(sentence, {}))
    return sorted(name for _, name, _, _ in formatted if name)


@pytest.mark.parametrize("area", AREAS)
def test_every_text_is_there_in_both_languages(area: str) -> None:
    empty = [name for name, pair in texts._area(area).items() if len(pair) != 2 or not all(pair)]

    assert empty == []


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_take_the_same_values(area: str) -> None:
    shown_without_values = {key for key in texts._area(area) if key.endswith(".help")}
    different = [
        name
        for name, (english, chinese) in texts._area(area).items()
        if name not in shown_without_values
        and not set(placeholders(chinese)) <= set(placeholders(english))
    ]

    assert different == []


def test_chinese_texts_are_chinese_and_english_ones_are_not() -> None:
    untranslated = [
        key
        for key, english, chinese in pairs()
        if chinese == english and not SAME_IN_BOTH.fullmatch(english)
    ]
    mixed = [key for key, english, _ in pairs() if len(CHINESE.findall(english)) > NAME_LENGTH]

    assert (untranslated, mixed) == ([], [])


def test_every_setting_is_named_and_explained() -> None:
    missing = [
        key
        for setting in SETTINGS
        for key in (f"settings.{setting.key}", f"settings.{setting.key}.help")
        if not texts.has(key)
    ]

    assert missing == []


def literal_keys() -> Iterator[tuple[str, str]]:
    """Give every key that the source names in full: in t(), say(), Notice(), has(), any error.

    Keys that are put together at run time (f-strings) are left out.
    """
    callers = {"t", "say", "Notice", "_headline", "has"}
    for file in sorted(SOURCE.rglob("*.py")):
        if "engine" in file.relative_to(SOURCE).parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
                continue
            is_error = name.endswith("Error") and re.fullmatch(r"[a-z_]+\.[a-z_.]+", first.value)
            if name in callers or is_error:
                yield first.value, f"{file.relative_to(SOURCE)}:{node.lineno}"


def test_every_key_that_the_source_names_has_its_text() -> None:
    missing = [(key, where) for key, where in literal_keys() if not texts.has(key)]

    assert missing == []


def test_no_code_path_prints_a_sentence_of_its_own() -> None:
    """A string of several words that is handed to something that shows it belongs in texts/."""
    shows = {"print", "status", "echo", "write"}
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        parts = file.relative_to(SOURCE).parts
        if parts[0] in ("engine", "texts", "configs") or file.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for argument in node.args if name in shows else ():
                if isinstance(argument, ast.Constant) and re.search(
                    r"[A-Za-z]{2,} [A-Za-z]{2,}|[\u4e00-\u9fff]", str(argument.value)
                ):
                    found.append(f"{file.relative_to(SOURCE)}:{node.lineno} {argument.value!r}")

    assert found == []


# --- which language --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, None),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "C.UTF-8"}, None),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, None),
        ([], {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ([], {"LANG": "de_DE", "XTGUI_LANG": "zh"}, "zh"),
        (["train", "--lang", "en"], {"XTGUI_LANG": "zh"}, "en"),
        (["--lang=zh", "train"], {}, "zh"),
    ],
)
def test_flags_come_before_the_environment_and_that_before_the_locale(
    arguments: list[str], environment: dict[str, str], language: str | None
) -> None:
    assert texts.requested_language(arguments, environment) == language
