"""Finding an entry by any of its names, and by words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

_PAGE = re.compile(r"https?://[^/]+/(?:datasets/|models/)?([^/]+/[^/?#]+).*")
_BETWEEN = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
_NEAR = 0.6


class Named(Protocol):
    """What has names."""

    @property
    def id(self) -> str:
        """The name that the catalogue lists it under."""

    @property
    def ids(self) -> Mapping[str, str | None]:
        """Hub to its name there; None: not there, or not verified."""

    @property
    def aliases(self) -> Mapping[str, str]:
        """Other names, and what is to be said about each: `catalogue.alias_...`."""


Entry = TypeVar("Entry", bound=Named)


class Index:
    """All names of the entries, in lower case."""

    def __init__(self, entries: Sequence[Named]) -> None:
        self._names: dict[str, tuple[str, str | None]] = {}
        for entry in entries:
            self._names[entry.id.lower()] = (entry.id, None)
        for entry in entries:
            for name in filter(None, entry.ids.values()):
                self._names.setdefault(name.lower(), (entry.id, "hub"))
            for name, word in entry.aliases.items():
                self._names.setdefault(name.lower(), (entry.id, word))
        self._add_bare_names(entries)

    def _add_bare_names(self, entries: Sequence[Named]) -> None:
        """Let a name go without its owner, where it leads to one entry only."""
        bare: dict[str, list[tuple[str, str | None]]] = {}
        for name, found in self._names.items():
            bare.setdefault(name.rpartition("/")[2], []).append(found)
        for name, all_found in bare.items():
            if len({id for id, _ in all_found}) == 1:
                plain = [found for found in all_found if found[1] in (None, "hub")]
                self._names.setdefault(name, (plain[0][0], None) if plain else all_found[0])

    def find(self, asked: str) -> tuple[str, str | None] | None:
        """Give the id that a name leads to, and what is to be said about that name."""
        return self._names.get(_name_in(asked).lower())

    def near(self, asked: str, count: int = 3) -> list[str]:
        """Give the ids whose names look most like *asked*."""
        name = _name_in(asked).lower()
        close = difflib.get_close_matches(name, self._names, n=count * 4, cutoff=_NEAR)
        return list(dict.fromkeys(self._names[one][0] for one in close))[:count]


def _name_in(asked: str) -> str:
    """Give the name within the address of a page, or *asked* itself."""
    page = _PAGE.fullmatch(asked.strip())
    return page.group(1) if page else asked.strip().strip("/")


def matches(words: Iterable[str], *texts: str | None) -> bool:
    """Whether every word stands in one of the texts; case and punctuation count for nothing.

    Word by word, and also run together, so that "qwen 2.5" and "qwen25" find "Qwen2.5".
    """
    spaced = " ".join(_BETWEEN.sub(" ", text.lower()) for text in texts if text)
    joined = spaced.replace(" ", "")
    return all(_BETWEEN.sub("", word.lower()) in joined for word in words)
