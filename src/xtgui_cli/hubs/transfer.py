"""Downloads one file of a hub: resumes where it stopped, asks again, checks."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..shared.errors import Exit, Notice
from ..shared.own_files import open_own
from ..texts import t
from .hub import Listing, RemoteFile
from .patience import Patience, asked_wait_s
from .refusals import RETRIED, HubError, facts, reason_of, refused
from .verify import is_right
from .wanted import Watcher

if TYPE_CHECKING:
    import httpx2

_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]*/([0-9]{1,18}|\*)")
_COPIES = 3
"""How often a file is fetched that arrives damaged."""


class _AgainError(Exception):
    """The attempt failed, but the next one may succeed."""

    def __init__(self, why: str, asked_s: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.asked_s = asked_s


class _DamagedError(Exception):
    """What arrived is not what the hub lists."""


@dataclass(frozen=True)
class Transfer:
    """One file of a listing, and everything needed to fetch it."""

    client: httpx2.Client
    listing: Listing
    file: RemoteFile
    part: Path
    """The unfinished file; its content is kept."""
    patience: Patience
    watcher: Watcher
    moves: Callable[[int], None]
    """Called with the size of `part` as it grows."""
    clock: Callable[[], float] = time.monotonic


def fetch_file(transfer: Transfer) -> None:
    """Complete the part of a file, and check its content.

    Whatever happens, what has arrived stays in the part.

    Raises:
        HubError: "download.gave_up", "download.damaged", or those of `refused`.
        OSError: If the disk does not take it.
        NotOurFileError: If the part is not a file of ours.
    """
    file, part, watcher = transfer.file, transfer.part, transfer.watcher
    for copy in range(1, _COPIES + 1):
        try:
            _fill(transfer)
            watcher.checks(file.path, file.size)
            if is_right(part, file):
                return
        except _DamagedError:
            pass
        part.unlink(missing_ok=True)
        transfer.moves(0)
        if copy < _COPIES:
            watcher.troubles(Notice("download.damaged_again", {"file": file.path}))
    place = transfer.listing.place
    raise HubError("download.damaged", file=file.path, times=_COPIES, **facts(place))


def _fill(transfer: Transfer) -> None:
    """Ask until the part is as long as the file; attempts that bring enough do not count."""
    file, part, patience = transfer.file, transfer.part, transfer.patience
    failures, furthest = 0, _size(part)
    while _size(part) != file.size or not part.exists():
        began = transfer.clock()
        try:
            _attempt(transfer)
        except _AgainError as error:
            took_s = max(transfer.clock() - began, 1)
            if _size(part) - furthest >= patience.least_bytes_per_s * took_s:
                failures, furthest = 0, _size(part)
            failures += 1
            wait_s = patience.wait_s(failures, error.asked_s)
            if failures >= patience.attempts or wait_s > patience.longest_asked_s:
                raise HubError(
                    "download.gave_up",
                    Exit.FAILED,
                    file=file.path,
                    why=error.why,
                    times=failures,
                    **facts(transfer.listing.place),
                ) from error
            data = {"file": file.path, "why": error.why, "seconds": round(wait_s)}
            transfer.watcher.troubles(Notice("download.again", data))
            time.sleep(wait_s)


def _attempt(transfer: Transfer) -> None:
    """Make one request and write what it brings."""
    import httpx2

    file, part, patience = transfer.file, transfer.part, transfer.patience
    if _size(part) > file.size or _has_other_names(part):
        part.unlink()
    # Compressed bytes could be neither counted nor resumed.
    headers = {**transfer.listing.headers, "Accept-Encoding": "identity"}
    if have := _size(part):
        headers["Range"] = f"bytes={have}-"
    limits = httpx2.Timeout(patience.answer_s, read=patience.stall_s)
    try:
        with transfer.client.stream("GET", file.url, headers=headers, timeout=limits) as response:
            start = _start_of(response, transfer, have)
            # Unbuffered: what has arrived is in the file whatever ends this process.
            with _open(part) as out:
                out.truncate(start)
                out.seek(start)
                _write(response, out, start, transfer)
                os.fsync(out.fileno())
    except httpx2.ReadTimeout:
        raise _AgainError(t("download.why_stalled")) from None
    except (httpx2.RemoteProtocolError, httpx2.ReadError):
        raise _AgainError(t("download.why_cut")) from None
    except httpx2.TransportError as error:
        raise _AgainError(reason_of(error)) from error
    if _size(part) < file.size:
        raise _AgainError(t("download.why_cut"))


def _start_of(response: httpx2.Response, transfer: Transfer, have: int) -> int:
    """Return the byte of the file at which the response begins.

    Raises:
        _AgainError: If the request may succeed later.
        _DamagedError: If the part on disk does not fit the file.
        HubError: If the answer will not change.
    """
    status = response.status_code
    if status in RETRIED:
        raise _AgainError(f"HTTP {status}", asked_wait_s(response.headers))
    if status == 416:
        raise _DamagedError
    if status not in (200, 206):
        raise refused(transfer.listing.place, status, response.headers.get("X-Error-Code"))
    start, total = 0, response.headers.get("Content-Length", "*")
    if status == 206:
        named = _RANGE.match(response.headers.get("Content-Range", ""))
        if named is None or int(named[1]) != have:
            raise _DamagedError
        start, total = have, named[2]
    is_encoded = response.headers.get("Content-Encoding", "identity") != "identity"
    if is_encoded or (total != "*" and int(total) != transfer.file.size):
        raise _DamagedError
    return start


def _open(part: Path) -> BinaryIO:
    """Open the part, creating it if necessary, for writing at any position."""
    descriptor = open_own(part, os.O_RDWR | os.O_CREAT)
    return open(descriptor, "r+b", buffering=0)  # noqa: PTH123 (a number)


def _write(response: httpx2.Response, out: BinaryIO, start: int, transfer: Transfer) -> None:
    patience, done = transfer.patience, start
    looked_at, before = transfer.clock(), start
    for piece in response.iter_raw():
        done += len(piece)
        if done > transfer.file.size:
            raise _DamagedError
        _write_all(out, piece)
        transfer.moves(done)
        passed_s = transfer.clock() - looked_at
        if passed_s >= patience.slow_after_s:
            if done - before < patience.least_bytes_per_s * passed_s:
                raise _AgainError(t("download.why_slow", least=patience.least_bytes_per_s))
            looked_at, before = transfer.clock(), done


def _write_all(out: BinaryIO, piece: bytes) -> None:
    """Write every byte: an unbuffered file may take fewer than it is given."""
    left = memoryview(piece)
    while left:
        left = left[out.write(left) :]


def _has_other_names(part: Path) -> bool:
    """Return whether the part's bytes have another hard link: then they belong to somebody else."""
    return part.exists() and part.stat().st_nlink > 1


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
