"""The README.md of a converted model: rewritten by xtgui until someone edits it.

Our cards end with a comment that holds a digest of everything before it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from .regular_file import read_bytes

NAME = "README.md"
_SEAL = re.compile(rb"\n<!-- xtgui:([0-9a-f]{16}) -->\n?\Z")


def sealed(text: str) -> str:
    """Return a card with the comment that shows later whether it was edited."""
    return f"{text}\n<!-- xtgui:{_digest(text.encode())} -->\n"


def is_edited(folder: Path) -> bool:
    """Return whether a folder has a card that is not as xtgui wrote it."""
    try:
        content = read_bytes(folder / NAME)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    seal = _SEAL.search(content)
    return seal is None or seal[1].decode() != _digest(content[: seal.start()])


def keep_edited(old: Path, new: Path) -> None:
    """Copy the card of a folder into the one that replaces it, if somebody has edited it."""
    if (old / NAME).is_file() and is_edited(old):
        shutil.copyfile(old / NAME, new / NAME)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
