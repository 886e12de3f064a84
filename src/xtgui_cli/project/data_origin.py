"""Where a converted copy of data came from, to notice changes of the user's file."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ..data.formats.convert import files_in
from ..data.formats.data_format import ColumnMapping
from ..data.formats.recognize import Columns
from ..shared.atomic import write_text
from ..shared.json_values import items, mapping, text
from ..shared.regular_file import read_json
from ..shared.run_folder import RunFolder
from .user_config import cache_dir

State = tuple[tuple[str, int, int], ...]
"""Name, time of the last change in nanoseconds and size of each file."""


@dataclass(frozen=True)
class Origin:
    """What a copy in the project was made from."""

    path: Path
    """The user's file or folder, or another copy that was repaired."""
    state: State
    """Its state at the time of the conversion."""
    columns: Columns = ()
    """How its rows are read, if that was said."""
    is_repaired: bool = False
    """Whether the copy was repaired, not converted."""
    copy: State = ()
    """The state of the copy itself when it was written."""


def state_of(path: Path) -> State:
    """Return an identity of a file's or folder's state; empty if it is gone."""
    try:
        files = files_in(path) if path.is_dir() else [path]
        found = [(str(file), file.stat()) for file in files]
    except OSError:
        return ()
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in found)


def remember_origin(copy: Path, origin: Origin) -> None:
    """Note, beside a copy in the project, what it was made from.

    Raises:
        OSError: If the note cannot be written.
    """
    _write_origin(_record(copy), copy, origin)


def note_origin(copy: Path, path: Path, state: State) -> None:
    """Note, in the user's own folder, what a copy outside of projects was made from.

    If that cannot be written nothing is lost.
    """
    with suppress(OSError):
        record = _own_record(copy)
        record.parent.mkdir(parents=True, exist_ok=True)
        _write_origin(record, copy, Origin(path, state))


def _write_origin(record: Path, copy: Path, origin: Origin) -> None:
    columns = origin.columns
    content = {
        "path": str(origin.path),
        "state": origin.state,
        "columns": [] if isinstance(columns, ColumnMapping) else list(columns),
        "mapping": asdict(columns) if isinstance(columns, ColumnMapping) else None,
        "is_repaired": origin.is_repaired,
        "copy": state_of(copy),
    }
    write_text(record, json.dumps(content, indent=1) + "\n")


def find_origin(path: Path, folder: RunFolder) -> Origin | None:
    """Return what a copy in the project was made from; None for any other file."""
    return _read_origin(_record(path)) if path.parent == folder.data_dir else None


def changed_original(path: Path) -> Path | None:
    """Return the file that a copy outside of projects was made from, if it has changed since.

    None for any other file, and for a copy that was edited.
    """
    origin = _read_origin(_own_record(path))
    if origin is None or origin.copy != state_of(path):
        return None
    now = state_of(origin.path)
    return origin.path if now and now != origin.state else None


def _read_origin(record: Path) -> Origin | None:
    try:
        said = mapping(read_json(record))
        source = text(said.get("path"))
        if not source:
            return None
        return Origin(
            Path(source),
            _state(said.get("state")),
            _columns(said.get("columns"), said.get("mapping")),
            said.get("is_repaired") is True,
            _state(said.get("copy")),
        )
    except (OSError, ValueError, TypeError):
        return None


def source_of(path: Path, folder: RunFolder) -> Path:
    """Return the user's own file that a copy was made from, or the file itself."""
    seen: set[Path] = set()
    while path not in seen and (origin := find_origin(path, folder)) is not None:
        seen.add(path)
        path = origin.path
    return path


def is_outdated(path: Path, folder: RunFolder) -> bool:
    """Return whether the user's file has changed since a copy was made from it, or from its origin.

    False if it is gone: then the copy is all that is left.
    """
    origin = find_origin(path, folder)
    if origin is None or origin.path == path:
        return False
    now = state_of(origin.path)
    return (bool(now) and now != origin.state) or is_outdated(origin.path, folder)


def _state(said: object) -> State:
    return tuple((str(name), int(at), int(size)) for name, at, size in items(said))


def _columns(pairs: object, known: object) -> Columns:
    if known is not None:
        fields = dict(mapping(known))
        return ColumnMapping(**{**fields, "user": tuple(fields.get("user") or ())})
    return [(str(role), str(column)) for role, column in items(pairs)]


def _record(copy: Path) -> Path:
    return copy.with_name(f".{copy.name}.origin.json")


def _own_record(copy: Path) -> Path:
    name = hashlib.sha256(os.fsencode(copy.absolute())).hexdigest()
    return cache_dir() / "copies" / f"{name}.json"
