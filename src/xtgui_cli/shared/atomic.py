"""Writes a file so that it is complete or absent, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})

_HERE, _EXCHANGE = -100, 2
"""Linux's AT_FDCWD and RENAME_EXCHANGE."""


def write_text(path: Path, text: str, *, through_links: bool = False) -> None:
    """Put *text* into *path*: written beside it, flushed to the disk, then renamed over it.

    An existing file keeps its permissions.

    Args:
        path: The file. A link is replaced by a file; its target stays as it is.
        text: The complete content.
        through_links: Replace the target of a link and keep the link: for files that people write
            themselves, and may keep elsewhere.

    Raises:
        OSError: If that fails; the old file is intact then and nothing is left beside it.
    """
    target = Path(os.path.realpath(path)) if through_links else path
    target.parent.mkdir(parents=True, exist_ok=True)
    is_there = target.exists() and not target.is_symlink()
    mode = target.stat().st_mode & 0o777 if is_there else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 (a number)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # file systems without permissions (FAT, some mounts)
            Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that gets the name *path* when the block ends well, but never replaces another.

    Raises:
        FileExistsError: If *path* exists by then; nothing is left of what was written.
        OSError: If it cannot be written; nothing is left either.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    unfinished = Path(name)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 (a number)
            yield file
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # file systems without permissions (FAT, some mounts)
            unfinished.chmod(0o666 & ~_umask())
        _name(unfinished, path)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk: otherwise a power cut may lose a new one."""
    with contextlib.suppress(OSError):  # systems and file systems that know no such thing
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def exchange(one: Path, other: Path) -> bool:
    """Swap the names of two files or folders of a disk atomically; False if that is impossible.

    Only Linux can, since 3.15, and not on every file system (renameat2(2)).
    """
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # another system, or an old C library
        return False
    paths = [_HERE, os.fsencode(one), _HERE, os.fsencode(other)]
    return bool(rename(*paths, _EXCHANGE) == 0)


def _name(unfinished: Path, path: Path) -> None:
    """Rename a finished file to its final name.

    Raises:
        FileExistsError: If another one has it.
    """
    try:
        os.link(unfinished, path)  # unlike a rename, this never replaces anything
        return
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    unfinished.rename(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
