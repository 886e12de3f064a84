"""Where the pages of the documentation are, and what they link to."""

from __future__ import annotations

import re
from pathlib import Path

from places import REPOSITORY

DOCS = REPOSITORY / "docs"


def links_of(page: Path) -> list[Path]:
    """Return the files that a page links to, without anchors and without what is elsewhere."""
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    files = (target.partition("#")[0] for target in targets if "://" not in target)
    return [(page.parent / file).resolve() for file in files if file]
