"""What is wanted, what a hub has of it, and who is told how the download goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from ..shared.errors import Notice

Kind = Literal["model", "dataset"]
HubName = Literal["huggingface", "modelscope"]
HUBS: tuple[HubName, ...] = ("huggingface", "modelscope")

_HUB_NAMES: dict[HubName, str] = {"huggingface": "Hugging Face", "modelscope": "ModelScope"}
_PAGES: dict[tuple[HubName, Kind], str] = {
    ("huggingface", "model"): "https://huggingface.co/{id}",
    ("huggingface", "dataset"): "https://huggingface.co/datasets/{id}",
    ("modelscope", "model"): "https://www.modelscope.cn/models/{id}",
    ("modelscope", "dataset"): "https://www.modelscope.cn/datasets/{id}",
}


def page_of(hub: HubName, kind: Kind, id: str) -> str:
    """Give the page of a repository for people, on the hub itself."""
    return _PAGES[hub, kind].format(id=id)


@dataclass(frozen=True)
class Wanted:
    """One model or data set, by whatever name each hub has it."""

    kind: Kind
    name: str
    """What the user calls it; the folder is named after it."""
    ids: Mapping[HubName, str]
    """The id on each hub that has it."""
    patterns: tuple[str, ...] = ()
    """Only files that match one of these (as in a shell); none: what the kind needs."""


@dataclass(frozen=True)
class Place:
    """Where something is asked for: one repository at one address."""

    hub: HubName
    kind: Kind
    id: str
    endpoint: str
    """The address that is asked, such as https://huggingface.co."""
    is_own_host: bool = True
    """Whether the user's token may be sent there."""

    @property
    def hub_name(self) -> str:
        """How the hub writes its own name."""
        return _HUB_NAMES[self.hub]

    @property
    def host(self) -> str:
        """The name of the machine that is asked, with its port where there is one."""
        return urlsplit(self.endpoint).netloc

    @property
    def page(self) -> str:
        """The page on which a person can read about it and accept its terms."""
        return page_of(self.hub, self.kind, self.id)


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
        """Raises — ValueError: hubs' packages pass on whatever came as a name or a size."""
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
class Fetched:
    """What a download has come to."""

    folder: Path
    hub: HubName
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

    @property
    def hub_name(self) -> str:
        """How the hub writes its own name."""
        return _HUB_NAMES[self.hub]
