"""Files near the user that look like training data, so that no name has to be typed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..shared.regular_file import open_regular

_ENDINGS = (".jsonl", ".csv", ".tsv", ".parquet", ".jsonl.gz", ".csv.gz", ".tsv.gz")
_MOST_ENTRIES = 2000
"""Number of files that are examined in a folder."""
_MOST_BYTES = 8 << 30
_HEAD_BYTES = 4096


@dataclass(frozen=True)
class NearbyFile:
    """A file that may be data."""

    path: Path
    bytes: int
    changed_at: float
    """When it was last changed, in seconds since the epoch."""


def find_nearby_files(folders: Iterable[Path]) -> list[NearbyFile]:
    """Return the files directly in some folders that look like training data, the newest first.

    Hidden files, links, empty, huge and unreadable ones are left out; so is a JSON file without
    rows, such as a config.
    """
    found = {file.path: file for folder in folders for file in _files_in(folder)}
    return sorted(found.values(), key=lambda file: (-file.changed_at, file.path))


def _files_in(folder: Path) -> Iterator[NearbyFile]:
    try:
        with os.scandir(folder.absolute()) as entries:
            looked_at = list(islice(entries, _MOST_ENTRIES))
    except OSError:
        return
    for entry in looked_at:
        try:
            if not _may_be_data(entry):
                continue
            state = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        if 0 < state.st_size <= _MOST_BYTES:
            yield NearbyFile(Path(entry.path), state.st_size, state.st_mtime)


def _may_be_data(entry: os.DirEntry[str]) -> bool:
    name = entry.name.lower()
    if name.startswith(".") or not entry.is_file(follow_symlinks=False):
        return False
    if not os.access(entry.path, os.R_OK) or not name.isprintable():
        return False
    return name.endswith(_ENDINGS) or (name.endswith(".json") and _holds_rows(Path(entry.path)))


def _holds_rows(file: Path) -> bool:
    """Return whether a JSON file begins with a list of objects, or with one object per line."""
    with open_regular(file) as opened:
        head = opened.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"["):
        return head[1:].lstrip()[:1] in (b"{", b"[", b"")
    first, _, second = head.partition(b"\n")
    return first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{")
