"""Checks whether a file is the one that the hub has."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from .hub import RemoteFile

_PIECE = 1 << 20


def is_right(path: Path, file: RemoteFile) -> bool:
    """Return whether a file on disk has the size and the digest that the hub names.

    If the hub names no digest, the size decides.
    """
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    return not file.algorithm or digest_of(path, file.algorithm) == file.digest


def digest_of(path: Path, algorithm: str) -> str:
    """Return the digest of a file, in hex: of the bytes (sha256) or as git's blob (git-sha1).

    Source: gitformat: a blob's id is the SHA-1 of "blob ", its size, a zero byte and the bytes.
    """
    if algorithm == "git-sha1":
        digest: Any = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    else:
        digest = hashlib.sha256()
    with path.open("rb") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
    return str(digest.hexdigest())
