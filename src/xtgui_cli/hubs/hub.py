"""What a hub is, where it is reached, and what it has of a repository."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from ..shared.errors import Exit
from .refusals import HubError

if TYPE_CHECKING:
    from .patience import Patience
    from .wanted import Watcher

Kind = Literal["model", "dataset"]
_CREDENTIALS = re.compile(r"//[^/]*@")


@dataclass(frozen=True, kw_only=True)
class Hub:
    """One hub. A new one is a module with its record, a row in `registry`, and its texts."""

    name: str
    """In flags, settings and the catalogue."""
    title: str
    """In the hub's own spelling."""
    endpoint: str
    """Its usual address, such as https://huggingface.co."""
    hosts: frozenset[str]
    """Its own hosts, which may see the user's token over https."""
    variable: str
    """The environment variable with which the hub's own package sets another address."""
    login: str
    """The command that logs in."""
    pages: Mapping[Kind, str]
    """The address of a repository's web page, with {id} in it."""
    page_hosts: frozenset[str]
    """Hosts, without "www.", whose pages a user may give to name a repository."""
    mirror: str | None = None
    """A mirror of it that can be reached from China."""
    extra: str | None = None
    """Our extra with the package it needs; None: always installed."""
    list_files: Callable[[Place, Patience, Watcher], Listing]
    """Returns a repository's files with their sizes and digests. Raises HubError."""

    def page_of(self, kind: Kind, id: str) -> str:
        """Return the address of a repository's web page."""
        return self.pages[kind].format(id=id)

    def place_of(
        self, kind: Kind, id: str, endpoint: str | None = None, token_hosts: Collection[str] = ()
    ) -> Place:
        """Return where to look for a repository: at *endpoint*, or where the environment says.

        Args:
            kind: The kind of the repository.
            id: Its id on this hub.
            endpoint: Another address of this hub.
            token_hosts: Hosts that the user allows to see the token, besides the hub's own.

        Raises:
            HubError: "download.bad_endpoint".
        """
        named = endpoint or os.environ.get(self.variable)
        address = _checked(named) if named else self.endpoint
        parts = urlsplit(address)
        is_own = parts.scheme == "https" and parts.netloc in self.hosts
        return Place(self, kind, id, address, is_own or parts.netloc in token_hosts)


def _checked(endpoint: str) -> str:
    """Return the address of a hub, with https:// if it names no scheme."""
    address = endpoint.strip()
    if "://" not in address:
        address = f"https://{address}"
    if not _is_whole(address):
        shown = _CREDENTIALS.sub("//***@", address)
        raise HubError("download.bad_endpoint", Exit.ANSWERS, endpoint=shown)
    return address.rstrip("/")


def _is_whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
        is_port = parts.port is None or parts.port > 0
    except ValueError:  # brackets without an IPv6 address, a port that is no number
        return False
    is_host = parts.scheme in ("http", "https") and bool(parts.hostname) and is_port
    is_more = bool(parts.username or parts.query or parts.fragment)
    # httpx2 refuses control characters, with its own error
    return is_host and not is_more and address.isprintable()


@dataclass(frozen=True)
class Place:
    """One repository at one address."""

    hub: Hub
    kind: Kind
    id: str
    endpoint: str
    """The address of the hub, such as https://huggingface.co."""
    is_own_host: bool = True
    """Whether the user's token may be sent there."""

    @property
    def host(self) -> str:
        """The name of the hub's machine, with its port if there is one."""
        return urlsplit(self.endpoint).netloc


@dataclass(frozen=True)
class RemoteFile:
    """One file as a hub lists it."""

    path: str
    """In the repository, parts separated by "/"."""
    size: int
    """Bytes."""
    algorithm: Literal["sha256", "git-sha1", ""]
    """The algorithm of `digest`; "": the hub names none."""
    digest: str
    """Lower-case hexadecimal."""
    url: str

    def __post_init__(self) -> None:
        """Raise ValueError for wrong types: hubs' packages pass on whatever they were sent."""
        texts = (self.path, self.digest)
        if not all(isinstance(text, str) for text in texts) or not isinstance(self.size, int):
            raise ValueError(self)
        if self.size < 0:
            raise ValueError(self.size)


@dataclass(frozen=True)
class Listing:
    """All files of a repository at one revision."""

    place: Place
    revision: str
    files: Sequence[RemoteFile]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Headers for each request of a file; may contain the user's token."""
