"""TOML files that people edit: read with clear errors, changed without touching the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.atomic import write_text
from ..shared.errors import Exit, XtguiError
from ..shared.regular_file import MOST_WRITTEN_BYTES, read_bytes

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_POSITION = re.compile(r"line (\d+)")
_DEEPEST_KEY = 50
"""Parts of a dotted key; tomllib's time grows with their square."""
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_BARE = re.compile(r"[\w-]+")


def read(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; empty if there is no file.

    Raises:
        XtguiError: "settings.unreadable", "settings.not_utf8" or "settings.broken_toml".
    """
    text = _text(path)
    if not text:
        return {}
    try:
        import tomllib
    except ModuleNotFoundError:  # Python 3.10; tomlkit is slower to import
        return _document(path, text).unwrap()
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a bare ValueError
        raise _broken(path, error) from None


def update(path: Path, changes: Mapping[str, Any]) -> None:
    """Write the changed values into a TOML file and leave everything else as it is.

    An unchanged value is not written, since tomlkit loses the comments inside a list it replaces.

    Args:
        path: The file, created if it is missing.
        changes: "section.name" to its value; None removes the name.
    """
    import tomlkit

    document = _document(path, _text(path))
    for key, given in changes.items():
        value = list(given) if isinstance(given, tuple) else given
        section, _, name = key.partition(".")
        table = document.get(section)
        if value is None:
            if isinstance(table, dict) and name in table:
                del table[name]
            continue
        if not isinstance(table, dict):
            table = tomlkit.table()
            if document:
                document.add(tomlkit.nl())
            document[section] = table
            table = document[section]
        if name not in table or _plain(table[name]) != value:
            table[name] = value
    text = tomlkit.dumps(document)
    if text != _text(path):
        write_text(path, text.rstrip("\n") + "\n", through_links=True)


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value


def _document(path: Path, text: str) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise _broken(path, error) from None


def _text(path: Path) -> str:
    try:
        text = read_bytes(path, MOST_WRITTEN_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise XtguiError("settings.not_utf8", Exit.ANSWERS, path=path) from None
    except OSError as error:
        raise XtguiError(
            "settings.unreadable", Exit.ANSWERS, path=path, reason=error.strerror
        ) from None
    if line := _line_of_deep_key(text):
        raise XtguiError("settings.broken_toml", Exit.ANSWERS, path=path, line=line, text="a.a.a…")
    return text


def _line_of_deep_key(text: str) -> int:
    """Return the line that has a key with too many parts, 0 if there is none."""
    for number, line in enumerate(_QUOTED.sub("q", text).split("\n"), start=1):
        depth = 0
        for part in line.split("."):
            depth = depth + 1 if _BARE.fullmatch(part.strip()) else 0
            if depth > _DEEPEST_KEY:
                return number
    return 0


def _broken(path: Path, error: Exception) -> XtguiError:
    found = _POSITION.search(str(error))
    line = int(found[1]) if found else len(_text(path).splitlines())
    lines = _text(path).splitlines()
    shown = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return XtguiError("settings.broken_toml", Exit.ANSWERS, path=path, line=line, text=shown)
