"""The datasets that xtgui knows by name."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..data.formats.data_format import ColumnMapping
from .lookup import Catalogue, read_entries


@dataclass(frozen=True)
class Dataset:
    """One dataset, with the fields of datasets.json. None means "not verified"."""

    id: str
    kind: Literal["chat", "pretrain"]
    languages: Sequence[str]
    """"en", "zh" or "multi"."""
    ids: Mapping[str, str | None]
    """Its names on "huggingface" and "modelscope"."""
    patterns: Sequence[str] | None
    """Patterns of the files to fetch; as in a shell, but * matches folders, too."""
    bytes: int | None
    rows: int | None
    columns: Sequence[str]
    map_fn: str | None
    """xtuner's function that reads a row, or None."""
    mapping: ColumnMapping
    """How we read a row, with the system text that xtuner's function puts before it."""
    license: str | None
    gated: bool | None
    """Whether terms must be accepted on its page before it can be downloaded."""
    about: Mapping[str, str]
    """One sentence per language."""
    aliases: Mapping[str, str]
    """Other names, each with the end of its `catalogue.alias_...` key."""
    sources: Mapping[str, Mapping[str, str]]
    """Source of each field, per language."""
    caution: Mapping[str, str] = field(default_factory=dict)
    """What to know before using it, per language; empty if nothing."""
    alias_word: str | None = None
    """The end of the `catalogue.alias_...` key for the name it was found by."""


@functools.cache
def datasets() -> Catalogue[Dataset]:
    """Return all datasets."""
    entries = [_dataset(**entry) for entry in read_entries("datasets")]
    return Catalogue(entries, words=_words)


def _dataset(*, mapping: dict[str, Any], **fields: Any) -> Dataset:
    columns = {**mapping, "user": tuple(mapping.get("user", ()))}
    return Dataset(mapping=ColumnMapping(**columns), **fields)


def _words(one: Dataset) -> Sequence[str | None]:
    return one.license, one.ids["modelscope"], one.kind, *one.languages, *one.about.values()
