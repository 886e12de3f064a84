"""TOML files that people edit: read with kind errors, changed without touching the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.atomic import write_text
from ..shared.errors import Exit, XtguiError
from ..shared.regular_file import read_bytes

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_POSITION = re.compile(r"line (\d+)")


def read(path: Path) -> dict[str, Any]:
    """Give the tables of a TOML file; an empty dict where there is no file.

    Raises — XtguiError "settings.unreadable", "settings.not_utf8" or "settings.broken_toml".
    """
    text = _text(path)
    if not text:
        return {}
    try:
        import tomllib
    except ModuleNotFoundError:  # Python 3.10; tomlkit is the slower one to import
        return _document(path, text).unwrap()
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a bare ValueError
        raise _broken(path, error) from None


def update(path: Path, changes: Mapping[str, Any]) -> None:
    """Write the changed values into a TOML file and leave all else as it stands.

    Args — changes: "section.name" to its value; None takes the name away. A name whose value is
    the same already is not written, since tomlkit loses the comments inside a list it replaces.
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
        return read_bytes(path).decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise XtguiError("settings.not_utf8", Exit.ANSWERS, path=path) from None
    except OSError as error:
        raise XtguiError(
            "settings.unreadable", Exit.ANSWERS, path=path, reason=error.strerror
        ) from None


def _broken(path: Path, error: Exception) -> XtguiError:
    found = _POSITION.search(str(error))
    line = int(found[1]) if found else len(_text(path).splitlines())
    lines = _text(path).splitlines()
    shown = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return XtguiError("settings.broken_toml", Exit.ANSWERS, path=path, line=line, text=shown)
