"""Where the files that come with xtgui lie: inside the package, or in a clone beside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def configs_dir() -> Path:
    """Give the folder of the three configs and of the demo."""
    inside = _PACKAGE / "configs"
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "configs"
