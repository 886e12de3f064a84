"""How much memory a container or a scheduler allows: the limits of Linux control groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class MemoryLimit:
    """The tightest limit on this process, in bytes."""

    total: int
    used: int
    """Without cached files, whose memory is freed when it is needed."""


def find_memory_limit(system: Path = Path("/")) -> MemoryLimit | None:
    """Return the tightest limit of this process's groups, or None if nothing is limited.

    The limits of outer groups apply too: Slurm and systemd set those.

    Args:
        system: The root of the file system.
    """
    found = (_read(folder) for folder in _groups(system))
    return min(filter(None, found), key=lambda limit: limit.total, default=None)


def _groups(system: Path) -> Iterator[Path]:
    """Yield the folders of the groups and of those above, for both versions of control groups."""
    try:
        lines = (system / "proc/self/cgroup").read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    mounts = system / "sys/fs/cgroup", system / "sys/fs/cgroup/memory"
    yield from mounts
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        is_second = number == "0" and not controllers
        if not is_second and "memory" not in controllers.split(","):
            continue
        # a path outside the container's own view begins with ".."
        parts = [part for part in PurePosixPath(path).parts if part not in ("/", "..")]
        for depth in range(1, len(parts) + 1):
            yield mounts[0 if is_second else 1].joinpath(*parts[:depth])


def _read(folder: Path) -> MemoryLimit | None:
    for limit_name, used_name, spare_name in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        limit, used = _number_in(folder / limit_name), _number_in(folder / used_name)
        if limit is not None and used is not None:
            spare = _spare_bytes(folder / "memory.stat", spare_name)
            return MemoryLimit(limit, max(used - spare, 0))
    return None


def _spare_bytes(file: Path, name: str) -> int:
    try:
        lines = file.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0
    values = (line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} "))
    return next((int(value) for value in values if value.isdigit()), 0)


def _number_in(file: Path) -> int | None:
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):  # "max" is no limit
        return None
