"""`xtgui setup`: installs the training engine, or adopts an existing one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..models.model_family import Stack
from ..project.engine_install import install_engine
from ..shared.errors import Exit


@dataclass(frozen=True, kw_only=True)
class SetupRequest:
    """Which engine to use."""

    python: Path | None = None
    """An interpreter that has the engine; None: install it."""
    stack: Stack = "modern"
    """For which models: those that current libraries know, or those with older code."""
    yes: bool = False
    """Install it even if nobody can be asked."""


def run(request: SetupRequest) -> Exit:
    """Install, adopt or find the engine, and say what it is."""
    install_engine(request.python, stack=request.stack, yes=request.yes)
    return Exit.DONE
