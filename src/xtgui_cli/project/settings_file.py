"""xtgui.toml, `--answers` and `--set` as layers of settings: read, checked, written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..settings.layers import Layer
from ..settings.table import BY_KEY, Value
from ..settings.values import MOST_PROBLEMS, check_all, find, parse
from ..shared.errors import Exit, Notice, XtguiError
from . import toml_file


def load(file: Path) -> dict[str, Value]:
    """Return the settings in a file, by key; empty if there is no file.

    Relative paths start at the file's own folder.

    Raises:
        XtguiError: "settings.file_wrong" with everything that is wrong in it, or those of
            `toml_file.read`.
    """
    flat: dict[str, object] = {}
    problems: list[Notice] = []
    for section, table in toml_file.read(file).items():
        if isinstance(table, dict):
            flat |= {f"{section}.{name}": value for name, value in table.items()}
        elif len(problems) < MOST_PROBLEMS:
            problems.append(_explain_unknown(section))
    checked, wrong = check_all(flat)
    problems = [*problems, *wrong][:MOST_PROBLEMS]
    if problems:
        raise XtguiError(
            "settings.file_wrong", Exit.ANSWERS, problems, path=file, count=len(problems)
        )
    return with_absolute_paths(checked, file.parent)


def parse_sets(sets: Iterable[str]) -> dict[str, Value]:
    """Return the values of `--set key=value` flags, None for `key=`, which unsets; later ones win.

    Raises:
        XtguiError: "settings.wrong" with everything that is wrong.
    """
    parsed: dict[str, Value] = {}
    problems: list[Notice] = []
    for entry in sets:
        key, equals, raw = entry.partition("=")
        key = key.strip()
        try:
            if not equals:
                raise XtguiError("settings.no_equals", Exit.ANSWERS, entry=entry)
            parsed[key] = parse(key, raw)
        except XtguiError as error:
            problems.append(error.notice)
    absolute = with_absolute_paths(parsed, Path.cwd())
    problems += _unsavable(absolute)
    if problems:
        raise XtguiError("settings.wrong", Exit.ANSWERS, problems, count=len(problems))
    return absolute


def require_savable(changes: Layer) -> None:
    """Raise an error if values cannot be written: TOML is UTF-8, file names may not be.

    Raises:
        XtguiError: "settings.wrong" with all that cannot be written.
    """
    if problems := _unsavable(changes):
        raise XtguiError("settings.wrong", Exit.ANSWERS, problems, count=len(problems))


def save(file: Path, changes: Layer) -> None:
    """Write changed settings and keep everything else in the file; None removes a setting.

    Raises:
        XtguiError: "settings.cannot_write" and those of `require_savable`.
    """
    require_savable(changes)
    try:
        toml_file.update(file, changes)
    except OSError as error:
        raise XtguiError(
            "settings.cannot_write", Exit.FAILED, path=file, reason=error.strerror
        ) from error


def with_absolute_paths(values: Mapping[str, Value], folder: Path) -> dict[str, Value]:
    """Return the values with relative paths resolved against *folder*."""
    return {
        key: str(folder.absolute() / Path(value).expanduser())
        if isinstance(value, str) and value and BY_KEY[key].is_path
        else value
        for key, value in values.items()
    }


def is_utf8(text: str) -> bool:
    """Return whether a text, which may be a file name, can be written as UTF-8."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _unsavable(values: Mapping[str, Value]) -> list[Notice]:
    return [
        Notice("settings.not_utf8_value", {"key": key, "value": text})
        for key, value in values.items()
        for text in (value if isinstance(value, tuple) else (value,))
        if isinstance(text, str) and not is_utf8(text)
    ]


def _explain_unknown(key: str) -> Notice:
    try:
        find(key)
    except XtguiError as error:
        return error.notice
    return Notice("settings.unknown", {"key": key})
