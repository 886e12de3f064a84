"""The record of a download in its folder, so that a complete one needs no hub any more."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..shared.atomic import write_text
from ..shared.regular_file import read_json
from .hub import Listing, RemoteFile
from .names import OUR_OWN, is_plain
from .verify import is_right
from .wanted import Download

_FORMAT = 1


@dataclass(frozen=True)
class Kept:
    """A file that was checked, and its modification time then."""

    file: RemoteFile
    mtime_ns: int


@dataclass(frozen=True)
class Record:
    """Which files of which revision are here."""

    name: str
    kind: str
    hub: str
    id: str
    host: str
    revision: str
    patterns: tuple[str, ...]
    is_complete: bool
    kept: tuple[Kept, ...]

    @cached_property
    def by_path(self) -> dict[str, Kept]:
        """The files by path."""
        return {kept.file.path: kept for kept in self.kept}


def record_file(folder: Path) -> Path:
    """Return the path of the record."""
    return folder / f"{OUR_OWN}.json"


def read(folder: Path) -> Record | None:
    """Return the record of a folder; None if there is none that can be read."""
    try:
        content = read_json(record_file(folder))
        if content["format"] != _FORMAT:
            return None
        kept = [
            Kept(
                RemoteFile(
                    str(entry["path"]),
                    int(entry["size"]),
                    entry["algorithm"],
                    str(entry["digest"]),
                    "",
                ),
                int(entry["mtime_ns"]),
            )
            for entry in content["files"]
        ]
        if not all(is_plain(one.file.path) for one in kept):
            return None
        names = {key: str(content[key]) for key in ("name", "kind", "hub", "id", "host")}
        return Record(
            **names,
            revision=str(content["revision"]),
            patterns=tuple(content["patterns"]),
            is_complete=content["complete"] is True and bool(kept),
            kept=tuple(kept),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_complete(folder: Path) -> bool:
    """Return whether a folder's record lists a complete download; later changes are not noticed."""
    known = read(folder)
    return known is not None and known.is_complete


def write(
    download: Download, listing: Listing, here: Sequence[RemoteFile], *, is_complete: bool
) -> Record:
    """Record which files are here and were checked."""
    wanted, folder = download.wanted, download.folder
    record = Record(
        name=wanted.name,
        kind=wanted.kind,
        hub=listing.place.hub.name,
        id=listing.place.id,
        host=listing.place.host,
        revision=listing.revision,
        patterns=wanted.patterns,
        is_complete=is_complete,
        kept=tuple(Kept(file, (folder / file.path).stat().st_mtime_ns) for file in here),
    )
    _write(folder, record)
    return record


def reopen(folder: Path, record: Record) -> None:
    """Record, before a file of a complete download is replaced, that it is incomplete meanwhile."""
    _write(folder, replace(record, is_complete=False))


def _write(folder: Path, record: Record) -> None:
    write_text(record_file(folder), json.dumps(_content(record), indent=1) + "\n")


def _content(record: Record) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "name": record.name,
        "kind": record.kind,
        "hub": record.hub,
        "id": record.id,
        "host": record.host,
        "revision": record.revision,
        "patterns": list(record.patterns),
        "complete": record.is_complete,
        "files": [
            {
                "path": kept.file.path,
                "size": kept.file.size,
                "algorithm": kept.file.algorithm,
                "digest": kept.file.digest,
                "mtime_ns": kept.mtime_ns,
            }
            for kept in record.kept
        ],
    }


def is_untouched(folder: Path, path: str, record: Record | None) -> bool:
    """Return whether a file is missing or unchanged since it was noted: replacing it is safe."""
    place = folder / path
    if not place.exists():
        return True
    kept = record.by_path.get(path) if record else None
    status = place.stat()
    return kept is not None and (kept.mtime_ns, kept.file.size) == (
        status.st_mtime_ns,
        status.st_size,
    )


def is_here(
    folder: Path, file: RemoteFile, record: Record | None, checks: Callable[[str, int], None]
) -> bool:
    """Return whether a file is on disk and right.

    One that was checked before and has not been touched since is not read again.

    Args:
        folder: The download's.
        file: As the hub lists it.
        record: What was noted of the folder's files, None if nothing was.
        checks: Called with the path and size of a file before it is read.
    """
    path = folder / file.path
    if not path.is_file():
        return False
    status = path.stat()
    if status.st_size != file.size:
        return False
    kept = record.by_path.get(file.path) if record else None
    is_known = kept is not None and kept.file.digest == file.digest
    if kept is not None and is_known and kept.mtime_ns == status.st_mtime_ns:
        return True
    checks(file.path, file.size)
    return is_right(path, file)
