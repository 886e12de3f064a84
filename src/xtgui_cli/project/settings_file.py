"""The answers: read from xtgui.toml, from `--answers` and `--set`, checked, merged, written back.

Answers are flat: "train.lr" to 1e-4, and only what somebody has set; all else is a default or
is planned from the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..shared import settings
from ..shared.errors import Exit, Notice, XtguiError
from . import toml_file

Answers = dict[str, Any]

PATH_KEYS = frozenset({"paths.root", "paths.cache", "model.path", "data.path"})


def load(settings_file: Path) -> Answers:
    """Give the answers in a file, empty where there is none; its relative paths start beside it.

    Raises — XtguiError "settings.file_wrong" with everything that is wrong in it, or what
    `toml_file.read` raises.
    """
    flat: Answers = {}
    problems: list[Notice] = []
    for section, table in toml_file.read(settings_file).items():
        if isinstance(table, dict):
            flat |= {f"{section}.{name}": value for name, value in table.items()}
        else:
            problems.append(_unknown(section))
    checked, wrong = _checked(flat)
    problems += wrong
    if problems:
        raise XtguiError(
            "settings.file_wrong",
            Exit.ANSWERS,
            problems,
            path=settings_file,
            count=len(problems),
        )
    return _with_absolute_paths(checked, settings_file.parent)


def parse_sets(sets: Iterable[str]) -> Answers:
    """Give what `--set key=value` flags say; None for `key=`, which unsets. Later ones win.

    Raises — XtguiError "settings.wrong" with everything that is wrong.
    """
    parsed: Answers = {}
    problems: list[Notice] = []
    for entry in sets:
        key, equals, raw = entry.partition("=")
        key = key.strip()
        try:
            if not equals:
                raise XtguiError("settings.no_equals", Exit.ANSWERS, entry=entry)
            parsed[key] = settings.parse(key, raw)
        except XtguiError as error:
            problems.append(error.notice)
    if problems:
        raise XtguiError("settings.wrong", Exit.ANSWERS, problems, count=len(problems))
    return _with_absolute_paths(parsed, Path.cwd())


def merge(saved: Mapping[str, Any], *over: Mapping[str, Any]) -> Answers:
    """Give the answers of *saved*, each later mapping over the ones before; None unsets."""
    merged = dict(saved)
    for layer in over:
        merged |= layer
    return {key: value for key, value in merged.items() if value is not None}


def save(settings_file: Path, changes: Mapping[str, Any]) -> None:
    """Write changed answers and keep all else in the file; None takes an answer out.

    Raises — XtguiError "settings.cannot_write".
    """
    try:
        toml_file.update(settings_file, changes)
    except OSError as error:
        raise XtguiError(
            "settings.cannot_write", Exit.FAILED, path=settings_file, reason=error.strerror
        ) from error


def _checked(flat: Mapping[str, Any]) -> tuple[Answers, list[Notice]]:
    checked: Answers = {}
    problems: list[Notice] = []
    for key, value in flat.items():
        try:
            checked[key] = settings.check(key, value)
        except XtguiError as error:
            problems.append(error.notice)
    return checked, problems


def _unknown(key: str) -> Notice:
    try:
        settings.find(key)
    except XtguiError as error:
        return error.notice
    return Notice("settings.unknown", {"key": key})


def _with_absolute_paths(answers: Mapping[str, Any], folder: Path) -> Answers:
    return {
        key: str(folder.absolute() / Path(value).expanduser())
        if key in PATH_KEYS and isinstance(value, str)
        else value
        for key, value in answers.items()
    }
