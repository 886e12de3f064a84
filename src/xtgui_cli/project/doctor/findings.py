"""The finding of a check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ...shared.errors import Notice


class Level(IntEnum):
    """How bad it is."""

    OK = 0
    WARNING = 1
    """Training works, but not all of it, or not as well as it could."""
    FAILURE = 2
    """Training cannot work."""


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    level: Level
    notice: Notice
    commands: tuple[str, ...] = ()
    """The commands that fix it, to be copied."""


def fine(key: str, /, **data: object) -> Finding:
    """Return a finding that something is as it should be."""
    return Finding(Level.OK, Notice(key, data))


def warning(key: str, /, *commands: str, **data: object) -> Finding:
    """Return a finding that limits training."""
    return Finding(Level.WARNING, Notice(key, data), commands)


def failure(key: str, /, *commands: str, **data: object) -> Finding:
    """Return a finding that prevents training."""
    return Finding(Level.FAILURE, Notice(key, data), commands)
