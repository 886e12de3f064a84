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
    """One dataset, field by field as in datasets.json. None means: not verified."""

    id: str
    kind: Literal["chat", "pretrain"]
    languages: Sequence[str]
    """"en", "zh" or "multi"."""
    ids: Mapping[str, str | None]
    """"huggingface" and "modelscope" to its name there."""
    patterns: Sequence[str] | None
    """Which files of the repository to fetch; as the shell's, but * goes into folders too."""
    bytes: int | None
    rows: int | None
    columns: Sequence[str]
    map_fn: str | None
    """xtuner's function that reads a row, or None."""
    mapping: ColumnMapping
    """How we read a row; its system line is what xtuner's function puts before every row."""
    license: str | None
    gated: bool | None
    """Whether terms must be accepted on its page before it can be downloaded."""
    about: Mapping[str, str]
    """Language to one sentence."""
    aliases: Mapping[str, str]
    """Other names, and what is to be said about each: `catalogue.alias_...`."""
    sources: Mapping[str, Mapping[str, str]]
    """Field to where its value is from, in each language."""
    caution: Mapping[str, str] = field(default_factory=dict)
    """Language to what one should know before; empty for nothing."""
    alias_word: str | None = None
    """What is to be said about the name it was asked for by: `catalogue.alias_...`."""


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
