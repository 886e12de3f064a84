"""Reads files that anybody may have put there: regular ones, of a reasonable size.

A pipe, a device or a socket in place of a file would keep its reader waiting forever.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO

from . import json_values

MOST_BYTES = 256 << 20
"""Limit for a file that is read completely; none that is meant for that comes near."""
MOST_WRITTEN_BYTES = 1 << 20
"""Limit for a file that people write. Python's ast takes some 250 times a text's size in memory."""
_PATIENT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Flags with which opening never waits, for a pipe's other end for instance."""


class NotRegularError(OSError):
    """A pipe, a device or a socket is in place of a file."""


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        NotRegularError: If it is neither file nor folder.
        OSError: If it cannot be opened.
    """
    return os.fdopen(open_descriptor(path, os.O_RDONLY), "rb")


def open_descriptor(path: Path, flags: int) -> int:
    """Open a file with the flags of `os.open` and return the descriptor.

    Raises:
        NotRegularError: If it is neither file nor folder.
        OSError: If it cannot be opened.
    """
    descriptor = os.open(path, flags | _PATIENT, 0o644)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise NotRegularError(errno.ESPIPE, os.strerror(errno.ESPIPE), str(path))


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the content of a file.

    Raises:
        OSError: If it cannot be read, is not a regular file, or is larger than *most* bytes.
    """
    with open_regular(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def read_json(path: Path) -> Any:
    """Return the value of a JSON file.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it is not JSON.
    """
    return json_values.parse(read_bytes(path))
