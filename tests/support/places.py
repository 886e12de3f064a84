"""Where things lie in the repository."""

from __future__ import annotations

from pathlib import Path

SUPPORT = Path(__file__).resolve().parent
REPOSITORY = SUPPORT.parents[1]
SOURCE = REPOSITORY / "src"
PACKAGE = SOURCE / "xtgui_cli"
DOCS = REPOSITORY / "docs"
CONFIGS = REPOSITORY / "configs"
