"""The data sets that xtgui knows by name."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .names import Index, matches


@dataclass(frozen=True)
class Reading:
    """How a row of the set becomes messages; which column is which."""

    map_fn: str | None
    """xtuner's function for it, or None."""
    turns: str | None = None
    """The column with a list of turns."""
    user: tuple[str, ...] = ()
    assistant: str | None = None
    system: str | None = None
    system_line: str = ""
    """What xtuner's function puts before every row as the system text."""
    layout: str = ""
    """"guanaco" or "react", where turns and columns do not say it all."""
    begins_after: str = ""
    """The question begins behind the first of these characters."""


@dataclass(frozen=True)
class Dataset:
    """One data set. None means: not verified."""

    id: str
    kind: Literal["chat", "pretrain"]
    languages: tuple[str, ...]
    """"en", "zh" or "multi"."""
    ids: Mapping[str, str | None]
    """"huggingface" and "modelscope" to its name there."""
    patterns: tuple[str, ...] | None
    """Which files of the repository to fetch; as the shell's, but * goes into folders too."""
    bytes: int | None
    rows: int | None
    columns: tuple[str, ...]
    reading: Reading
    license: str | None
    gated: bool | None
    """Whether terms must be accepted on its page before it can be downloaded."""
    about: Mapping[str, str]
    """Language to one sentence."""
    caution: Mapping[str, str]
    """Language to what one should know before; empty for nothing."""
    aliases: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str]]
    """Field to where its value is from, in each language."""
    alias_word: str | None = None
    """What is to be said about the name it was asked for by: `catalogue.alias_...`."""


def datasets() -> Sequence[Dataset]:
    """Give all data sets."""
    return _catalogue()[0]


def find_dataset(name: str) -> Dataset | None:
    """Give the data set with a name: of any hub, an old one, without its owner, a page's address.

    `alias_word` of the set says what there is to say about that name.
    """
    entries, index = _catalogue()
    found = index.find(name)
    if found is None:
        return None
    dataset = next(dataset for dataset in entries if dataset.id == found[0])
    return dataclasses.replace(dataset, alias_word=found[1])


def near_datasets(name: str) -> list[str]:
    """Give the ids whose names look most like *name*."""
    return _catalogue()[1].near(name)


def datasets_with(words: Sequence[str]) -> list[Dataset]:
    """Give the data sets in whose names, licence, languages or description all words stand."""
    return [
        one
        for one in datasets()
        if matches(
            words,
            one.id,
            one.license,
            one.ids["modelscope"],
            one.kind,
            *one.languages,
            *one.about.values(),
        )
    ]


@functools.cache
def _catalogue() -> tuple[Sequence[Dataset], Index]:
    data = json.loads(Path(__file__).with_name("datasets.json").read_text("utf-8"))
    entries = tuple(_dataset(entry, data) for entry in data["datasets"])
    return entries, Index(entries)


def _dataset(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Dataset:
    return Dataset(
        id=entry["id"],
        kind=entry["kind"],
        languages=tuple(entry["languages"]),
        ids=entry["ids"],
        patterns=None if entry["patterns"] is None else tuple(entry["patterns"]),
        bytes=entry["bytes"],
        rows=entry["rows"],
        columns=tuple(entry["columns"]),
        reading=_reading(entry["reading"], data["system_lines"]),
        license=entry["license"],
        gated=entry["gated"],
        about=entry["about"],
        caution=entry.get("caution", {}),
        aliases=entry["aliases"],
        sources={field: data["sources"][name] for field, name in entry["sources"].items()},
    )


def _reading(entry: Mapping[str, Any], system_lines: Mapping[str, str]) -> Reading:
    line = entry.get("system_line")
    return Reading(
        map_fn=entry["map_fn"],
        turns=entry.get("turns"),
        user=tuple(entry.get("user", ())),
        assistant=entry.get("assistant"),
        system=entry.get("system"),
        system_line=system_lines[line] if line else "",
        layout=entry.get("layout", ""),
        begins_after=entry.get("begins_after", ""),
    )
