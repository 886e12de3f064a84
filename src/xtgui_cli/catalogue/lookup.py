"""Reads the entries of a catalogue, and finds them by any of their names and by words."""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from .datasets import Dataset
    from .models import Model

_PAGE = re.compile(r"https?://[^/]+/(?:datasets/|models/)?([^/]+/[^/?#]+).*")
_BETWEEN = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
_NEAR = 0.6


Entry = TypeVar("Entry", "Model", "Dataset")
_Found = tuple[int, "str | None"]
"""The number of an entry, and the end of the alias key for the name it was found by."""


class Catalogue(Generic[Entry]):
    """The entries of one kind, and all their names in lower case."""

    def __init__(self, entries: Sequence[Entry], *, words: Callable[[Entry], Sequence[str | None]]):
        """Index entries by name.

        Args:
            entries: In the order in which they are listed.
            words: Returns the texts of an entry by which `matching` finds it.
        """
        self._entries: Sequence[Entry] = entries
        self._words: Callable[[Entry], Sequence[str | None]] = words
        self._names: dict[str, _Found] = {}
        for number, entry in enumerate(entries):
            self._names[entry.id.lower()] = (number, None)
        for number, entry in enumerate(entries):
            for name in filter(None, entry.ids.values()):
                self._names.setdefault(name.lower(), (number, "hub"))
            for name, word in entry.aliases.items():
                self._names.setdefault(name.lower(), (number, word))
        self._add_bare_names()

    def _add_bare_names(self) -> None:
        """Allow a name without its owner if only one entry has it."""
        bare: dict[str, list[_Found]] = {}
        for name, found in self._names.items():
            bare.setdefault(name.rpartition("/")[2], []).append(found)
        for name, all_found in bare.items():
            if len({number for number, _ in all_found}) == 1:
                plain = [found for found in all_found if found[1] in (None, "hub")]
                self._names.setdefault(name, (plain[0][0], None) if plain else all_found[0])

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, name: str) -> Entry | None:
        """Return the entry for a name on any hub, old or without its owner, or for an address.

        The `alias_word` of the entry says what kind of name it was.
        """
        found = self._names.get(_name_in(name).lower())
        if found is None:
            return None
        number, word = found
        entry: Entry = dataclasses.replace(self._entries[number], alias_word=word)
        return entry

    def near(self, asked: str, count: int = 3) -> list[str]:
        """Return the ids whose names look most like *asked*."""
        name = _name_in(asked).lower()
        close = difflib.get_close_matches(name, self._names, n=count * 4, cutoff=_NEAR)
        return list(dict.fromkeys(self._entries[self._names[one][0]].id for one in close))[:count]

    def matching(self, words: Iterable[str]) -> list[Entry]:
        """Return the entries whose names and texts contain all words."""
        return [entry for entry in self if _matches(words, entry.id, *self._words(entry))]


def read_entries(kind: str) -> list[dict[str, Any]]:
    """Return the entries in the file of a kind, with the short names of sources expanded."""
    file = Path(__file__).with_name(f"{kind}.json")
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    entries: list[dict[str, Any]] = data[kind]
    for entry in entries:
        entry["sources"] = {
            field: data["sources"][name] for field, name in entry["sources"].items()
        }
    return entries


def _name_in(asked: str) -> str:
    """Return the name in the address of a page, or *asked* itself."""
    page = _PAGE.fullmatch(asked.strip())
    return page.group(1) if page else asked.strip().strip("/")


def _matches(words: Iterable[str], *texts: str | None) -> bool:
    """Return whether every word is in one of the texts, ignoring case and punctuation.

    Words are also tried joined, so that both "qwen 2.5" and "qwen25" find "Qwen2.5".
    """
    spaced = " ".join(_BETWEEN.sub(" ", text.lower()) for text in texts if text)
    joined = spaced.replace(" ", "")
    return all(_BETWEEN.sub("", word.lower()) in joined for word in words)
