"""Everything that users read, in both languages: one key, an English and a Chinese sentence.

A key is `area.name`; the area is a module of this package, loaded when its first text is asked
for. It is written in full where it is used; only the keys of a family end with a value of a
registry or an enumeration, as `settings.{setting.key}` and `train.phase.{phase}` do. Sentences are
`str.format` patterns, in which a count may choose words: `{rows:,} {rows|row is|rows are} cut` has
"row is" for one row, "rows are" for any other number.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

LANGUAGES = ("en", "zh")

_CHOICE = re.compile(r"\{(\w+)\|((?:[^{}|]|\{[^{}|]*\})*)\|((?:[^{}|]|\{[^{}|]*\})*)\}")
"""Name of a count, words for one, words for any other number."""

_current = "en"
_areas: dict[str, dict[str, tuple[str, str]]] = {}


def requested_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Return the language that `--lang`, XTGUI_LANG or the locale asks for.

    None if nothing does: no locale, or C or POSIX, which say nothing about a language.
    """
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            return _known(arguments[position + 1])
        if argument.startswith("--lang="):
            return _known(argument.removeprefix("--lang="))
    if environment.get("XTGUI_LANG"):
        return _known(environment["XTGUI_LANG"])
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environment.get(name)
        if locale:
            return None if locale.partition(".")[0] in ("C", "POSIX") else _known(locale)
    return None


def _known(name: str) -> str:
    return "zh" if name.lower().startswith("zh") else "en"


def set_language(language: str) -> None:
    """Set the language: "en" or "zh"."""
    global _current
    _current = language


def in_english(words: Callable[[], Any]) -> Any:
    """Return what *words* returns with all texts in English."""
    return in_language("en", words)


def in_language(language: str, words: Callable[[], Any]) -> Any:
    """Return what *words* returns with all texts in a language."""
    before = _current
    set_language(language)
    try:
        return words()
    finally:
        set_language(before)


def language() -> str:
    """Return the language in use."""
    return _current


def _area(name: str) -> dict[str, tuple[str, str]]:
    if name not in _areas:
        try:
            _areas[name] = importlib.import_module(f"{__name__}.{name}").TEXTS
        except ModuleNotFoundError:
            _areas[name] = {}
    return _areas[name]


def has(key: str) -> bool:
    """Return whether a text with this key exists."""
    area, _, name = key.partition(".")
    return name in _area(area)


def t(key: str, /, **data: Any) -> str:
    """Return the sentence of a key in the current language, its placeholders filled."""
    area, _, name = key.partition(".")
    sentence = _area(area)[name][LANGUAGES.index(_current)]
    return fill(sentence, data) if data else choose(sentence, {})


def fill(sentence: str, data: Mapping[str, Any]) -> str:
    """Return a sentence with its placeholders filled and its words chosen by counts."""
    return choose(sentence, data).format_map(data)


def choose(sentence: str, data: Mapping[str, Any]) -> str:
    """Return a sentence with the words that agree with its counts, numbers or strings."""
    if "|" not in sentence:
        return sentence
    return _CHOICE.sub(
        lambda found: found[2] if str(data.get(found[1])) == "1" else found[3], sentence
    )
