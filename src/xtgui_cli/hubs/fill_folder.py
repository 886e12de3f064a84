"""Fills one folder with the files of a listing: space, a lock, file by file, a record of each."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..shared.disk import free_bytes
from ..shared.errors import Exit, Notice, XtguiError
from . import record
from .hub import Listing, RemoteFile
from .names import OUR_OWN
from .transfer import Transfer, fetch_file
from .wanted import Download, Watcher

_NOTED_AT_ONCE_BYTES = 50_000_000
"""Files this large are recorded at once, since reading them again after a crash would take a
while."""
REPLACED = f"{OUR_OWN}-replaced"
"""Where replaced files are moved. Hidden: nobody reads it as data."""


def fill(download: Download, listing: Listing, chosen: Sequence[RemoteFile]) -> record.Record:
    """Download the chosen files into the folder and check each; return their record.

    Whatever ends it, what has arrived is kept and recorded.

    Raises:
        HubError: Those of `fetch_file`.
        XtguiError: "download.no_space", "download.busy", "download.disk".
    """
    import httpx2

    folder, watcher = download.folder, download.watcher
    with _locked(folder), _disk_errors(folder), httpx2.Client(follow_redirects=True) as client:
        known = record.read(folder)
        here: list[RemoteFile] = []
        missing: list[RemoteFile] = []
        for file in chosen:
            is_here = record.is_here(folder, file, known, watcher.checks)
            (here if is_here else missing).append(file)
        started = {file.path: _part_size(folder, listing, file) for file in missing}
        total = sum(file.size for file in chosen)
        done = sum(file.size for file in here) + sum(started.values())
        require_space(folder, total - done)
        if known is not None and known.is_complete and missing:
            record.reopen(folder, known)
        watcher.begins(listing.place, total, done, len(chosen))
        try:
            for file in missing:
                done -= started[file.path]
                part = part_of(folder, listing, file)
                moves = _moves(watcher, file, done)
                fetch_file(Transfer(client, listing, file, part, download.patience, watcher, moves))
                if not record.is_untouched(folder, file.path, known):
                    kept = _set_aside(folder, file.path)
                    watcher.troubles(
                        Notice("download.set_aside", {"file": file.path, "kept": kept})
                    )
                _put(part, folder / file.path)
                done += file.size
                here.append(file)
                watcher.ends(file.path, file.size)
                if file.size >= _NOTED_AT_ONCE_BYTES:
                    record.write(download, listing, here, is_complete=False)
        except BaseException:
            record.write(download, listing, here, is_complete=False)
            raise
        shutil.rmtree(_parts_of(folder), ignore_errors=True)
        return record.write(download, listing, chosen, is_complete=True)


def _moves(watcher: Watcher, file: RemoteFile, others_bytes: int) -> Callable[[int], None]:
    """Return a function that reports the progress of all files as this one grows."""
    return lambda size: watcher.moves(file.path, others_bytes + size)


def require_space(
    folder: Path, needed_bytes: int, free: Callable[[Path], int] = free_bytes
) -> None:
    """Raise XtguiError "download.no_space" if the folder's disk has too little room."""
    there = free(folder)
    if needed_bytes > there:
        unit, unit_bytes = ("GB", 1e9) if needed_bytes >= 1e9 else ("MB", 1e6)
        raise XtguiError(
            "download.no_space",
            Exit.FAILED,
            folder=folder,
            unit=unit,
            needed=needed_bytes / unit_bytes,
            free=there / unit_bytes,
            short=(needed_bytes - there) / unit_bytes,
        )


def part_of(folder: Path, listing: Listing, file: RemoteFile) -> Path:
    """Return the path of an unfinished file, named after its content so that no other resumes it.

    The name is a digest of the hub's words, since those could name any path.
    """
    what = file.digest or f"{listing.revision} {file.path}"
    name = hashlib.sha256(f"{file.algorithm} {what} {file.size}".encode()).hexdigest()
    return _parts_of(folder) / f"{name}.part"


def _part_size(folder: Path, listing: Listing, file: RemoteFile) -> int:
    part = part_of(folder, listing, file)
    return min(part.stat().st_size, file.size) if part.exists() else 0


def _parts_of(folder: Path) -> Path:
    """Return the folder for unfinished files; it is gone when everything is there."""
    return folder / OUR_OWN


def _put(part: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part.replace(target)


def _set_aside(folder: Path, path: str) -> Path:
    """Move a file out of the way that somebody has changed, or that is not ours."""
    usual = folder / REPLACED / path
    numbered = (usual.with_name(f"{usual.name}.{number}") for number in itertools.count(2))
    free = next(place for place in itertools.chain([usual], numbered) if not place.exists())
    _put(folder / path, free)
    return free


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock the folder against a second download.

    Raises:
        XtguiError: "download.busy" if it is locked.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(_parts_of(folder) / "lock", timeout=0)
    with _disk_errors(folder):
        _parts_of(folder).mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise XtguiError("download.busy", Exit.ANSWERS, folder=folder) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not error.strerror:
            raise
        raise XtguiError(
            "download.disk", Exit.FAILED, folder=folder, reason=error.strerror
        ) from error
