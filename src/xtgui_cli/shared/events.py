"""What the engine has to say: one JSON object a line, appended to a file that may grow for days.

A file and not a pipe: training must not stop because nobody is looking. JSON knows no NaN, and a
diverged loss is when it matters, so numbers that are not finite travel as the strings "nan",
"inf" and "-inf" and come back as floats.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .own_files import open_own

Event = dict[str, Any]

_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_NUMBERS = frozenset({"loss", "lr", "grad_norm", "time_s", "data_s", "memory_gib"})


def _to_json(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_json(item) for item in value]
    return value


def encode(event: Event) -> str:
    """Give one line, newline included."""
    return json.dumps(_to_json(event), ensure_ascii=False, allow_nan=False) + "\n"


def decode(line: str | bytes) -> Event | None:
    """Give the event of a line, or None where the line holds none (a torn write, a stray print)."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return None
    for name in _NUMBERS & event.keys():
        if isinstance(event[name], str):
            event[name] = _NOT_FINITE.get(event[name])
    return event


class EventWriter:
    """Appends events; each line reaches the file in one write, so readers see whole lines."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open_own(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._clock = clock
        if os.fstat(self._file).st_size and not _ends_with_newline(path):
            os.write(self._file, b"\n")  # a start that died in the middle of a line

    def __call__(self, name: str, /, **data: Any) -> None:
        line = encode({"event": name, "at": round(self._clock(), 3), **data})
        os.write(self._file, line.encode("utf-8", errors="backslashreplace"))


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


class EventReader:
    """Follows an events file: each call gives the events that came since the last one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def __call__(self) -> Iterator[Event]:
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                for line in file:
                    if not line.endswith(b"\n"):
                        return
                    self._offset += len(line)
                    event = decode(line)
                    if event is not None:
                        yield event
        except FileNotFoundError:
            return
