"""Both languages say the same: one key, two sentences, the same values in both."""

from __future__ import annotations

import ast
import errno
import importlib
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from text_pairs import AREAS, pairs

from xtgui_cli import texts
from xtgui_cli.settings.table import SETTINGS

SOURCE = Path(texts.__file__).resolve().parents[1]
CHINESE = re.compile("[\u4e00-\u9fff]")
SAME_IN_BOTH = re.compile(r"/\w+.*|[\W\d_]*|.*(\{.*|DeepSpeed|LoRA).*", re.DOTALL)
NAME_LENGTH = 4
"""An English sentence may name something Chinese, in as many characters."""


def printed(sentence: str) -> set[str]:
    """Return the names of the values that a sentence shows, for one as for many."""
    whole = texts.choose(sentence, {})
    for_one = "".join(found[2] for found in texts._CHOICE.finditer(sentence))
    parsed = string.Formatter().parse(whole + for_one)
    return {name for _, name, _, _ in parsed if name}


def counted(sentence: str) -> set[str]:
    """Return the names of the counts that a sentence chooses its words by."""
    return {found[1] for found in texts._CHOICE.finditer(sentence)}


def values_of(*keys: str) -> set[str]:
    """Return the names of all values that the texts of some keys need, in either language."""
    sentences = [sentence for key in keys for sentence in ALL_TEXTS.get(key, ())]
    return set().union(*(printed(sentence) | counted(sentence) for sentence in sentences))


ALL_TEXTS = {key: (english, chinese) for key, english, chinese in pairs()}


@pytest.mark.parametrize("area", AREAS)
def test_every_text_is_there_in_both_languages(area: str) -> None:
    empty = [name for name, pair in texts._area(area).items() if len(pair) != 2 or not all(pair)]

    assert empty == []


SAID_IN_ENGLISH_ONLY = {
    "download.not_found": "kind: Chinese does not say whether it looked for a model or a dataset",
    "download.not_found.hint": "kind, as above",
    "download.not_found_near": "kind, as above",
}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_show_the_same_values(area: str) -> None:
    """A count that only chooses English words ("it" or "them") may be missing in Chinese.

    Texts under `.help` are shown without values: braces stand for themselves.
    """
    different = [
        name
        for name, (english, chinese) in texts._area(area).items()
        if not name.endswith(".help")
        and f"{area}.{name}" not in SAID_IN_ENGLISH_ONLY
        and (
            printed(english) - printed(chinese) - counted(english)
            or printed(chinese) - printed(english) - counted(english)
        )
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


# --- the calls in the source -----------------------------------------------------------------


def nodes() -> Iterator[tuple[str, list[ast.AST]]]:
    """Yield the source files outside of texts/, with all nodes of each."""
    for file in sorted(SOURCE.rglob("*.py")):
        name = file.relative_to(SOURCE)
        if name.parts[0] != "texts":
            yield str(name), list(ast.walk(ast.parse(file.read_text("utf-8"))))


NODES = dict(nodes())


def error_classes() -> set[str]:
    """Return the names of XtguiError and of all classes that derive from it."""
    bases = {
        node.name: {getattr(base, "id", "") for base in node.bases}
        for its_nodes in NODES.values()
        for node in its_nodes
        if isinstance(node, ast.ClassDef)
    }
    found = {"XtguiError"}
    while more := {name for name, its in bases.items() if its & found} - found:
        found |= more
    return found


ERRORS = error_classes()


def functions_with_values() -> dict[str, set[str]]:
    """Return the functions that take values for a text (`**data`), with their other parameters.

    A name that also belongs to a function without `**data` is left out.
    """
    found, others = {"t": set[str]()}, set()
    for node in (node for its_nodes in NODES.values() for node in its_nodes):
        if isinstance(node, ast.FunctionDef):
            named = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            found.setdefault(node.name, set()).update(each.arg for each in named)
            if node.args.kwarg is None:
                others.add(node.name)
    found = {name: named for name, named in found.items() if name not in others}
    return found | {name: {"exit", "problems"} for name in ERRORS}


OTHER_PARAMETERS = functions_with_values()


def calls() -> Iterator[tuple[str, str, str, ast.Call]]:
    """Yield place, function, key and call where the source names a key in full.

    Keys that end with a value (f-strings) are left out, and so is the engine: its errors get
    further values on their way to the user.
    """
    for file, its_nodes in NODES.items():
        for node in its_nodes if not file.startswith("engine") else ():
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts_of = [str(each.value) for each in node.args if isinstance(each, ast.Constant)]
            keys = [text for text in texts_of if re.fullmatch(r"[a-z_]+(\.\w+)+", text)]
            if keys and (name in OTHER_PARAMETERS or name in ("Notice", "has", "_headline")):
                yield f"{file}:{node.lineno}", name, keys[0], node


def test_every_key_that_the_source_names_has_its_text() -> None:
    missing = [(key, where) for where, _, key, _ in calls() if not texts.has(key)]

    assert missing == []


def given_values(name: str, call: ast.Call) -> list[str | None]:
    """Return the names of the values that a call gives; None stands for `**more`."""
    if name != "Notice":
        return [each.arg for each in call.keywords if each.arg not in OTHER_PARAMETERS[name]]
    data = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
    if not isinstance(data, ast.Dict):
        return [None]
    return [getattr(key, "value", None) for key in data.keys]


def test_every_call_passes_exactly_the_values_of_its_text() -> None:
    """An error's values fill its hint and its reason as well; a path comes also quoted."""
    wrong = []
    for where, name, key, call in calls():
        if name in ("has", "_headline") or key.endswith(".help"):
            continue
        given = given_values(name, call)
        parts = ("", ".hint", ".why") if name in ERRORS else ("",)
        wanted = values_of(*(key + part for part in parts))
        if "path" in given:
            wanted.discard("quoted")
        missing = wanted - set(given) if None not in given else set()
        unknown = {each for each in given if each} - wanted
        if missing or unknown:
            wrong.append((where, key, sorted(missing), sorted(unknown)))

    assert wrong == []


HOLE = "(.+)"


def names_and_patterns() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return all words of the source, and the patterns that its f-strings make of words."""
    words, patterns = set(errno.errorcode.values()), set()
    for file in SOURCE.rglob("*.json"):
        words |= set(re.findall(r'"(\w+)"', file.read_text("utf-8")))
    for node in (node for its_nodes in NODES.values() for node in its_nodes):
        words |= {str(getattr(node, name, "")) for name in ("id", "attr", "arg", "name")}
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
            if re.fullmatch(r"(\w+\.)+", node.value):  # "area." + name
                patterns.add(re.escape(node.value) + HOLE)
        if isinstance(node, ast.JoinedStr):
            pattern = "".join(
                re.escape(str(each.value)) if isinstance(each, ast.Constant) else HOLE
                for each in node.values
            ).replace(HOLE * 2, HOLE)
            is_of_words = re.fullmatch(r"[\w.]+", pattern.replace(HOLE, "").replace("\\", ""))
            if is_of_words and pattern != f"{HOLE}_{HOLE}":
                patterns.add(pattern)
    return words, [re.compile(pattern) for pattern in patterns]


def test_every_text_is_used() -> None:
    """A key is used if the source names it in full, or if an f-string can make it of its words.

    Words are string constants, names, and the words of the tables in JSON. This misses a text
    whose last call is gone while something else bears its name: `wizard.next_{name}` would keep
    a text `wizard.next_root`. Areas that another area takes in are looked at there.
    """
    words, patterns = names_and_patterns()
    included = {
        value.__name__.rpartition(".")[2]
        for area in AREAS
        for value in vars(importlib.import_module(f"{texts.__name__}.{area}")).values()
        if isinstance(value, ModuleType) and value.__name__.startswith(texts.__name__)
    }

    @cache
    def is_made(name: str, *, is_key: bool) -> bool:
        """Return whether words make a name; a key itself is never joined of words by dots."""
        if name in words or name.isdigit():
            return True
        for pattern in patterns:
            is_near = name.startswith(pattern.pattern.partition("(")[0].replace("\\", ""))
            if found := is_near and pattern.fullmatch(name):
                first, *others = found.groups()
                begins = is_key and pattern.pattern.startswith(HOLE)
                if is_made(first, is_key=begins) and all(
                    is_made(one, is_key=False) for one in others
                ):
                    return True
        parts = name.split(".")
        return not is_key and len(parts) > 1 and all(is_made(one, is_key=False) for one in parts)

    unused = [
        key
        for key in ALL_TEXTS
        if key.partition(".")[0] not in included and not is_made(key, is_key=True)
    ]

    assert unused == []


def test_no_code_path_prints_a_sentence_of_its_own() -> None:
    """A string of several words that is handed to something that shows it belongs in texts/."""
    shows = {"print", "status", "echo", "write"}
    found = []
    for file, its_nodes in NODES.items():
        if file.startswith(("engine/", "configs/")) or file.endswith("__main__.py"):
            continue
        for node in its_nodes:
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for argument in node.args if name in shows else ():
                if isinstance(argument, ast.Constant) and re.search(
                    r"[A-Za-z]{2,} [A-Za-z]{2,}|[\u4e00-\u9fff]", str(argument.value)
                ):
                    found.append(f"{file}:{node.lineno} {argument.value!r}")

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
