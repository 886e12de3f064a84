"""Other people's text in Markdown: shown as it is, and never taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..ui.console import sanitize

_MARKUP = re.compile(r"([\\`*\[\]<>#|~$&])")


def plain(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    return _MARKUP.sub(r"\\\1", " ".join(sanitize(text).split()))


def code(text: str) -> str:
    """Return text in one line as code, also in a table."""
    shown = " ".join(sanitize(text).split()).replace("|", "\u2223")
    fence = _fence(shown, 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def block(text: str, language: str) -> Iterator[str]:
    """Yield the lines of a code block, with a fence that nothing in it can close."""
    shown = sanitize(text)
    fence = _fence(shown, 3)
    yield f"{fence}{language}"
    yield from shown.split("\n")
    yield fence


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)
