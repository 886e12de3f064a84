"""What a hub is, where it is asked, and what it has of a repository."""

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
    """As the hub writes its own name."""
    endpoint: str
    """Its usual address, such as https://huggingface.co."""
    hosts: frozenset[str]
    """Its own hosts: over https, these may see the user's token."""
    variable: str
    """The environment variable in which the hub's own package looks for another address."""
    login: str
    """The command that logs in."""
    pages: Mapping[Kind, str]
    """The address of a repository's page for people, with {id} in it."""
    page_hosts: frozenset[str]
    """Hosts, without "www.", whose pages a user may name a repository by."""
    mirror: str | None = None
    """A mirror of it that can be reached in China."""
    extra: str | None = None
    """The extra of ours that brings the package it needs; None: always installed."""
    list_files: Callable[[Place, Patience, Watcher], Listing]
    """Ask which files a repository has, and their sizes and digests. Raises HubError."""

    def page_of(self, kind: Kind, id: str) -> str:
        """Return the address of a repository's page for people."""
        return self.pages[kind].format(id=id)

    def place_of(
        self, kind: Kind, id: str, endpoint: str | None = None, token_hosts: Collection[str] = ()
    ) -> Place:
        """Return where a repository is asked for: at *endpoint*, else where the environment says.

        Args:
            kind: Of the repository.
            id: Its id on this hub.
            endpoint: Another address of this hub.
            token_hosts: Hosts that the user allows to see the token, beside the hub's own.

        Raises:
            HubError: "download.bad_endpoint".
        """
        named = endpoint or os.environ.get(self.variable)
        address = _checked(named) if named else self.endpoint
        parts = urlsplit(address)
        is_own = parts.scheme == "https" and parts.netloc in self.hosts
        return Place(self, kind, id, address, is_own or parts.netloc in token_hosts)


def _checked(endpoint: str) -> str:
    """Return the address of a hub, with https:// where it names no scheme."""
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
    # httpx2 refuses control characters, with an error of its own
    return is_host and not is_more and address.isprintable()


@dataclass(frozen=True)
class Place:
    """Where something is asked for: one repository at one address."""

    hub: Hub
    kind: Kind
    id: str
    endpoint: str
    """The address that is asked, such as https://huggingface.co."""
    is_own_host: bool = True
    """Whether the user's token may be sent there."""

    @property
    def host(self) -> str:
        """The name of the machine that is asked, with its port where there is one."""
        return urlsplit(self.endpoint).netloc


@dataclass(frozen=True)
class RemoteFile:
    """One file as a hub lists it."""

    path: str
    """In the repository, parts separated by "/"."""
    size: int
    """Bytes."""
    algorithm: Literal["sha256", "git-sha1", ""]
    """What `digest` was made with; "": the hub names none."""
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
    """What each request for a file is sent with; may hold the user's token."""
