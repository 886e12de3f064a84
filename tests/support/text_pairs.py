"""All texts of the program, in both languages."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator

from xtgui_cli import texts

AREAS = sorted(module.name for module in pkgutil.iter_modules(texts.__path__))


def pairs() -> Iterator[tuple[str, str, str]]:
    """Yield each text's key, its English and its Chinese."""
    for area in AREAS:
        for name, (english, chinese) in texts._area(area).items():
            yield f"{area}.{name}", english, chinese
