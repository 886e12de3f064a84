"""`xtgui setup`: install the training engine, or adopt one that is there."""

from __future__ import annotations

from pathlib import Path

from ..project.engine_install import install_engine
from ..shared.errors import Exit


def run(python: Path | None) -> Exit:
    """Install, adopt or find the engine, and say what it is."""
    install_engine(python)
    return Exit.DONE
