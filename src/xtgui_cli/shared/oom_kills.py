"""How often the kernel has killed a process because the memory ran out.

A process that is killed like this says nothing. If the count has grown since its start, that is
why.
"""

from __future__ import annotations

from pathlib import Path


def count_oom_kills(system: Path = Path("/")) -> int | None:
    """Return the kernel's count, of this container or session group if that has its own.

    Args:
        system: The root of the file system.

    Returns:
        None if they are not counted.
    """
    for file in (*_of_groups(system), system / "proc/vmstat"):
        try:
            lines = file.read_text("ascii").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        for line in lines:
            name, _, value = line.partition(" ")
            if name == "oom_kill" and value.strip().isdigit():
                return int(value)
    return None


def _of_groups(system: Path) -> list[Path]:
    """Return the files of the outermost control group's counts, which include inner groups."""
    try:
        groups = (system / "proc/self/cgroup").read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    path = next((line.removeprefix("0::") for line in groups if line.startswith("0::")), "")
    outermost = [part for part in path.split("/") if part not in ("", "..")][:1]
    mount = system / "sys/fs/cgroup"
    return [mount / "memory.events", *(mount / part / "memory.events" for part in outermost)]
