"""What is wanted, who watches its download, and the result."""

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
    """One model or dataset, by whatever name each hub has it."""

    kind: Kind
    name: str
    """As the user calls it; the folder is named after it."""
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
    """Another address of the only hub in `order`."""
    token_hosts: Collection[str] = ()
    """Hosts that may see the user's token besides a hub's own."""


class Watcher(Protocol):
    """Is called as a download progresses; draws it or does nothing."""

    def asks(self, place: Place) -> None:
        """Report that a hub is asked, which may take a while."""

    def begins(self, place: Place, total_bytes: int, here_bytes: int, files: int) -> None:
        """Report a hub's answer: how much is wanted, and how much of it is already here."""

    def moves(self, path: str, done_bytes: int) -> None:
        """Report how many bytes of all files are here now; *path* is the file that grows."""

    def checks(self, path: str, file_bytes: int) -> None:
        """Report that a file is read to see whether it is right."""

    def ends(self, path: str, file_bytes: int) -> None:
        """Report that a file is here and right."""

    def troubles(self, problem: Notice) -> None:
        """Report a problem after which the download tries again, or elsewhere."""


@dataclass(frozen=True)
class Download:
    """What is downloaded to where, with which patience, and who watches."""

    wanted: Wanted
    folder: Path
    watcher: Watcher
    patience: Patience = field(default_factory=usual_patience)


@dataclass(frozen=True)
class Fetched:
    """The result of a download."""

    folder: Path
    hub: Hub
    id: str
    host: str
    revision: str
    paths: tuple[str, ...]
    """Files in the folder, in the hub's order."""
    total_bytes: int
    without_digest: int
    """For how many files the hub names no digest, so that only their size could be checked."""
    was_here: bool
    """Whether everything was there before, so that no hub was asked."""
