"""The base model in a model card: its name and its license."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..hubs import record
from ..shared.regular_file import read_bytes

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?", re.ASCII)
_LONGEST_ID = 96
_LICENCE = re.compile(r"(license|license_name|license_link):[ ]*(['\"]?)([\w./:-]{1,200})\2[ ]*")
"""A license in a card's front matter, with no characters that are special in YAML."""
_LONGEST_HEAD = 64 << 10


@dataclass(frozen=True)
class BaseModel:
    """What a card says about the base."""

    name: str
    """Its name on the hub that it came from, or that of its folder."""
    licence: str | None
    """None if it is not known."""
    fields: tuple[tuple[str, str], ...]
    """The license fields of the base's own card: name and value, both plain."""

    def front_matter(self) -> Iterator[str]:
        """Yield the YAML that hubs read, without a name that no hub could have."""
        if _HUB_ID.fullmatch(self.name) and len(self.name) <= _LONGEST_ID:
            yield f"base_model: {json.dumps(self.name)}"
        for name, value in self.fields:
            yield f"{name}: {json.dumps(value)}"


def read_base(folder: Path) -> BaseModel:
    """Return what is known about a base model: from its download, its card and the catalogue."""
    known = record.read(folder)
    name = known.id if known is not None else folder.name
    fields = tuple(_licence_fields(folder / "README.md"))
    said = dict(fields)
    licence = said.get("license_name") or said.get("license")
    if licence is None and known is not None:
        from ..catalogue.models import models

        found = next((model for model in models() if known.id in model.ids.values()), None)
        licence = found.license if found else None
    return BaseModel(name, licence, fields)


def _licence_fields(card: Path) -> Iterator[tuple[str, str]]:
    try:
        head = read_bytes(card)[:_LONGEST_HEAD].decode("utf-8", "replace")
    except OSError:
        return
    begin, _, rest = head.partition("---\n")
    if begin.strip():
        return
    for line in rest.partition("\n---")[0].splitlines():
        if match := _LICENCE.fullmatch(line):
            yield match[1], match[3]
