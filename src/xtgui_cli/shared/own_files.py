"""Opens our own files in folders that others can write to, or that come from elsewhere.

A link there could redirect a write to any file of the user's, and a pipe would wait forever.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from .errors import Exit, XtguiError
from .regular_file import NotRegularError, open_descriptor

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_WRITING = os.O_WRONLY | os.O_RDWR


class NotOurFileError(XtguiError):
    """Something else is in place of a file or a folder of ours."""


def open_own(path: Path, flags: int) -> int:
    """Open a file of ours and return its descriptor, as `os.open` does.

    A file to be written must belong to the user, or to the owner of the folder, who could replace
    it at any time: in a container a project's files often belong to a number that is not the
    user's.

    Raises:
        NotOurFileError: "files.is_link", "files.not_a_file" or "files.foreign".
        OSError: Those of `os.open`.
    """
    try:
        descriptor = open_descriptor(path, flags | _NO_LINK)
    except OSError as error:
        if path.is_symlink():
            raise _refusal("is_link", path) from None
        # ENXIO: a pipe that nobody reads
        if isinstance(error, NotRegularError) or error.errno == errno.ENXIO:
            raise _refusal("not_a_file", path) from None
        raise
    owner = os.fstat(descriptor).st_uid
    if flags & _WRITING and owner not in (user_id(), owner_of(path.parent)):
        os.close(descriptor)
        raise _refusal("foreign", path)
    return descriptor


def require_no_link(path: Path) -> None:
    """Raise NotOurFileError "files.is_link" if a file or a folder of ours is a link."""
    if path.is_symlink():
        raise _refusal("is_link", path)


def user_id() -> int:
    """Return the user's number; 0 on a system without numbers, as `owner_of` does."""
    return os.geteuid() if hasattr(os, "geteuid") else 0


def owner_of(path: Path) -> int:
    """Return the number of the user who owns a file or a folder; a link is followed."""
    return path.stat().st_uid


def _refusal(problem: str, path: Path) -> NotOurFileError:
    return NotOurFileError(f"files.{problem}", Exit.ANSWERS, path=str(path))
