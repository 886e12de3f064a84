"""What is wanted, who is told how its download goes, and what has come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ..shared.errors import Notice
from .hub import Hub, Kind, Place
from .patience import Patience, usual_patience


@dataclass(frozen=True)
class Wanted:
    """One model or data set, by whatever name each hub has it."""

    kind: Kind
    name: str
    """What the user calls it; the folder is named after it."""
    ids: Mapping[str, str]
    """The name of each hub that has it, to its id there."""
    patterns: tuple[str, ...] = ()
    """Only files that match one of these (as in a shell); none: what the kind needs."""


@dataclass(frozen=True)
class HubChoice:
    """Which hubs are asked, at which address, and who may see the user's token."""

    order: Sequence[Hub]
    """The first to be asked first."""
    endpoint: str | None = None
    """Another address of the one hub in `order`."""
    token_hosts: Collection[str] = ()
    """Hosts that may see the user's token beside a hub's own."""


class Watcher(Protocol):
    """Is told how a download goes; draws it or leaves it."""

    def asks(self, place: Place) -> None:
        """A hub is asked, which may take a while."""

    def begins(self, place: Place, total_bytes: int, here_bytes: int, files: int) -> None:
        """The hub has answered: so much is wanted, so much of it is here already."""

    def moves(self, path: str, done_bytes: int) -> None:
        """So many bytes of all files are here now; *path* is the file that grows."""

    def checks(self, path: str, file_bytes: int) -> None:
        """A file is read through, to see whether it is right."""

    def ends(self, path: str, file_bytes: int) -> None:
        """A file is here and right."""

    def troubles(self, problem: Notice) -> None:
        """Something went wrong and is tried again, or elsewhere."""


@dataclass(frozen=True)
class Download:
    """What is brought where, how patiently, and who is told."""

    wanted: Wanted
    folder: Path
    watcher: Watcher
    patience: Patience = field(default_factory=usual_patience)


@dataclass(frozen=True)
class Fetched:
    """What a download has come to."""

    folder: Path
    hub: Hub
    id: str
    host: str
    revision: str
    paths: tuple[str, ...]
    """Files in the folder, in the hub's order."""
    total_bytes: int
    without_digest: int
    """Of how many files the hub names no digest, so that only their size could be checked."""
    was_here: bool
    """Whether all of it was there before, and no hub was asked."""
