"""Free space of a disk, for a path that need not exist yet."""

from __future__ import annotations

import shutil
from pathlib import Path


def nearest_existing(path: Path) -> Path:
    """Return the path itself if it exists, else the nearest folder above it that does."""
    return next(place for place in (path, *path.absolute().parents) if place.exists())


def free_bytes(path: Path) -> int:
    """Return how many bytes are free on the disk of a path."""
    return shutil.disk_usage(nearest_existing(path)).free
