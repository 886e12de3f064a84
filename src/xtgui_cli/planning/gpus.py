"""Cards by the names that people use: "3090", "rtx3090", "4060 8g", or a size alone: "24GB"."""

from __future__ import annotations

import difflib
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

from ..shared.errors import Exit, XtguiError

_SIZE = re.compile(r"(?<![a-z\d.])(\d+(?:\.\d+)?)\s*(?:gib|gb|g)\b")
_MAKERS = re.compile(
    r"nvidia|geforce|graphics|quadro|tesla|gtx|rtx|laptop|gpu|pcie|sxm\d?|[^a-z0-9]"
)
_LARGEST_GIB = 1024


@dataclass(frozen=True)
class Card:
    """A card that the user may mean."""

    name: str
    """"" if only the size is known."""
    memory_gib: float
    has_bf16: bool
    """Whether it is an Ampere or newer; assumed if only the size is known."""


def find_card(asked: str) -> Card:
    """Return the card that a person means, in its smallest size by default.

    A size in the name takes precedence, even if the card is not sold with it.

    Raises:
        XtguiError: "estimate.unknown_gpu" with similar names.
    """
    text = asked.strip().lower()
    sizes = _SIZE.findall(text)
    size = float(sizes[-1]) if sizes else None
    if size is not None and not 0 < size <= _LARGEST_GIB:
        raise _unknown(asked)
    key = _key(_SIZE.sub(" ", text))
    if not key and size is not None:
        return Card(name="", memory_gib=size, has_bf16=True)
    found = _cards().get(key)
    if found is None:
        raise _unknown(asked)
    return found if size is None else Card(found.name, size, found.has_bf16)


def _key(name: str) -> str:
    return _MAKERS.sub("", name.lower())


@functools.cache
def _cards() -> dict[str, Card]:
    content = json.loads(Path(__file__).with_name("gpus.json").read_text("utf-8"))
    cards: dict[str, Card] = {}
    for name, sizes, has_bf16 in content["cards"]:
        # "RTX 5000" may be Quadro's or Ada's: the older name was first
        cards.setdefault(_key(name), Card(name, float(sizes[0]), bool(has_bf16)))
    return cards


def _unknown(asked: str) -> XtguiError:
    keys = difflib.get_close_matches(_key(asked), _cards(), n=3, cutoff=0.5)
    near = ", ".join(_cards()[key].name for key in keys) or "RTX 3090, RTX 4060, T4"
    return XtguiError("estimate.unknown_gpu", Exit.ANSWERS, name=asked, near=near)
