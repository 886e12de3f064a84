"""Where a converted copy of data came from, so that a change of the user's file is noticed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ..data.formats.convert import files_in
from ..data.formats.data_format import ColumnMapping
from ..data.formats.recognize import Columns
from ..shared.atomic import write_text
from ..shared.json_values import items, mapping, text
from ..shared.regular_file import read_json
from ..shared.run_folder import RunFolder

State = tuple[tuple[str, int, int], ...]
"""Name, time of the last change in nanoseconds and size of each file."""


@dataclass(frozen=True)
class Origin:
    """What a copy in the project was made of."""

    path: Path
    """The user's file or folder, or another copy that was repaired."""
    state: State
    """When it was converted."""
    columns: Columns = ()
    """How its rows are read, where that was said."""
    is_repaired: bool = False
    """Whether the copy was repaired, not converted."""
    copy: State = ()
    """The copy itself, as it was written."""


def state_of(path: Path) -> State:
    """Return what tells one state of a file or folder from another; empty where it is gone."""
    try:
        files = files_in(path) if path.is_dir() else [path]
        found = [(str(file), file.stat()) for file in files]
    except OSError:
        return ()
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in found)


def remember_origin(copy: Path, origin: Origin) -> None:
    """Write down, beside a copy, what it was made of.

    Raises:
        OSError: If that cannot be written.
    """
    columns = origin.columns
    content = {
        "path": str(origin.path),
        "state": origin.state,
        "columns": [] if isinstance(columns, ColumnMapping) else list(columns),
        "mapping": asdict(columns) if isinstance(columns, ColumnMapping) else None,
        "is_repaired": origin.is_repaired,
        "copy": state_of(copy),
    }
    write_text(_record(copy), json.dumps(content, indent=1) + "\n")


def find_origin(path: Path, folder: RunFolder) -> Origin | None:
    """Return what a copy in the project was made of; None for any other file."""
    if path.parent != folder.data_dir:
        return None
    try:
        said = mapping(read_json(_record(path)))
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
    """Return the user's own file that a copy was made of, or the file itself."""
    seen: set[Path] = set()
    while path not in seen and (origin := find_origin(path, folder)) is not None:
        seen.add(path)
        path = origin.path
    return path


def is_outdated(path: Path, folder: RunFolder) -> bool:
    """Return whether the user's file has changed since a copy was made of it, or of its origin.

    Not where it is gone: the copy is all that is left then.
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
