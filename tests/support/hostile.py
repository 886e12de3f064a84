"""What a stranger may write into a file or an answer: to steer a terminal, to crash a reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

PLANTS = {
    "title": "\x1b]0;planted\x07",
    "link": "\x1b]8;;http://planted\x1b\\",
    "color": "\x1b[38;5;201m",
    "clear": "\x1b[2J\x1b[3;5H",
    "reset": "\x1bc",
    "csi": "\x9b7m",
    "osc": "\x9d0;planted\x9c",
    "override": "\u202e",
    "isolate": "\u2066",
    "bell": "\x07planted",
    "return": "\rplanted",
    "backspace": "\bplanted",
    "delete": "\x7fplanted",
    "surrogate": "\ud800",
}
PLANT = "visible" + "".join(PLANTS.values()) + "end"
"""All of them in one text."""

_OURS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[=>78]|\(B)")
"""What our own drawing may write: colours, cursor movements, and none of the sequences planted."""
_ALLOWED = frozenset("\r\n\b\t")


def leaked(written: str) -> list[str]:
    """Return what of the planted sequences a terminal got, and every control that is not ours."""
    found = [name for name, sequence in PLANTS.items() if sequence in written]
    rest = _OURS.sub("", written)
    return found + [
        repr(character)
        for character in rest
        if (ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0) and character not in _ALLOWED
    ]


def planted(value: Any, *, keep: frozenset[str] = frozenset()) -> Any:
    """Return a JSON value with the plant behind every text; those of the keys *keep* stay."""
    if isinstance(value, str):
        return value + PLANT
    if isinstance(value, list):
        return [planted(item, keep=keep) for item in value]
    if isinstance(value, dict):
        return {
            key: item if key in keep else planted(item, keep=keep) for key, item in value.items()
        }
    return value


# --- values of any type ----------------------------------------------------------------------

VALUES: tuple[str, ...] = (
    "null",
    "true",
    "-1",
    "0",
    "1.5",
    "1e999",
    "-1e999",
    "1e308",
    "NaN",
    "1" + "0" * 400,
    "9007199254740992",
    "9007199254740993",
    "1" + "0" * 5000,
    '"nan"',
    '"inf"',
    '"x"',
    '""',
    '"\\ud800"',
    '"' + "x" * 100_000 + '"',
    "[]",
    "{}",
    '["x", 1, null]',
    '{"x": [1]}',
    "[" * 900 + "]" * 900,
    "[" * 100_000 + "]" * 100_000,
)
"""As JSON text, for Python writes some of them not at all."""

PLACE = "the place"


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value within a value."""
    if path:
        yield path
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(item, (*path, key))


def with_value(whole: Any, path: tuple[Any, ...], value: str) -> str:
    """Return *whole* as JSON, with the JSON text *value* in one place of it."""
    return json.dumps(_replaced(whole, path)).replace(f'"{PLACE}"', value)


def _replaced(value: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return PLACE
    copy = value.copy()
    copy[path[0]] = _replaced(value[path[0]], path[1:])
    return copy
