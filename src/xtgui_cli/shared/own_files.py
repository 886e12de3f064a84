"""Opening files of ours in folders that others can write in, or that come from elsewhere.

A link there would lead a write into any file of the user's, and a pipe would wait forever.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from .errors import Exit, XtguiError

_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_WRITING = os.O_WRONLY | os.O_RDWR


class NotOurFileError(XtguiError):
    """Something else lies where a file or a folder of ours should."""


def open_own(path: Path, flags: int, mode: int = 0o644) -> int:
    """Open a file of ours and return its descriptor, as `os.open` does.

    A file to write in must belong to the user, or to the owner of the folder, who could put
    another one in its place at any time: in a container a project's files often belong to a
    number that is not the user's. A file that is only read may be anybody's.

    Raises:
        NotOurFileError: "files.is_link", "files.not_a_file" or "files.foreign".
        OSError: As `os.open`.
    """
    try:
        descriptor = os.open(path, flags | _SAFE, mode)
    except OSError as error:
        if path.is_symlink():
            raise _refusal("is_link", path) from None
        if error.errno == errno.ENXIO:  # a pipe that nobody reads
            raise _refusal("not_a_file", path) from None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _refusal("not_a_file", path)
        if flags & _WRITING and status.st_uid not in (user_id(), owner_of(path.parent)):
            raise _refusal("foreign", path)
        os.set_blocking(descriptor, True)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_own(path: Path) -> bytes:
    """Return the content of a file of ours. Raises — as `open_own`."""
    with open(open_own(path, os.O_RDONLY), "rb") as file:
        return file.read()


def require_no_link(path: Path) -> None:
    """Raises — NotOurFileError "files.is_link" where a file or a folder of ours is a link."""
    if path.is_symlink():
        raise _refusal("is_link", path)


def user_id() -> int:
    """Return the user's number; 0 on a system that has none, where `owner_of` gives 0 as well."""
    return os.geteuid() if hasattr(os, "geteuid") else 0


def owner_of(path: Path) -> int:
    """Return the number of the user that a file or a folder belongs to; a link is followed."""
    return path.stat().st_uid


def _refusal(problem: str, path: Path) -> NotOurFileError:
    return NotOurFileError(f"files.{problem}", Exit.ANSWERS, path=str(path))
