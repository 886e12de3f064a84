"""Checks the machine: room, a hub to download from, clock and text encoding."""

from __future__ import annotations

from datetime import timedelta

from ...runs.copied_command import quote
from ...ui.units import file_size
from .facts import DiskFacts, Facts
from .findings import Finding, failure, fine, warning

_LEAST_DISK, _EASY_DISK = 1e9, 10e9
"""Bytes. A checkpoint of a small adapter takes hundreds of MB, one of a 7B model several GB."""
_LEAST_MEMORY, _EASY_MEMORY = 2.0, 6.0
"""GiB. The engine alone takes 1.5."""
_EASY_SHM = 0.25
"""GiB. Docker's default is 64 MiB."""
_EASY_WSL = 12.0
"""GiB. WSL gives Linux half of what Windows has."""
_WINDOWS_DRIVES = frozenset({"9p", "drvfs"})
_MOST_SKEW = timedelta(minutes=5)
_SAME = timedelta(days=1)
"""Tolerance: files may have been written in another time zone."""


def check_system(facts: Facts) -> Finding:
    """Judge the operating system."""
    data = {"release": facts.release, "cores": facts.cores}
    if facts.system == "win32":
        return failure("doctor.system.windows", "wsl --install")
    if facts.system == "darwin":
        return fine("doctor.system.mac", **data)
    return fine("doctor.system.wsl" if facts.is_wsl else "doctor.system.linux", **data)


def check_disk(facts: Facts) -> Finding:
    """Judge the disk that the runs of this folder go to."""
    disk = facts.disk
    data = {"folder": disk.folder, "free": file_size(disk.free_bytes)}
    if not disk.is_writable:
        return failure("doctor.disk.read_only", **data)
    if disk.free_bytes < _LEAST_DISK:
        return failure("doctor.disk.full", _largest_folders(disk), **data)
    if disk.free_bytes < _EASY_DISK:
        return warning("doctor.disk.little", _largest_folders(disk), **data)
    return fine("doctor.disk.ok", **data)


def _largest_folders(disk: DiskFacts) -> str:
    folder = quote(disk.folder)
    return f"du -xh --max-depth=2 {folder} | sort -h | tail"


def check_memory(facts: Facts) -> Finding:
    """Judge the main memory, within the limit of a container or a scheduler."""
    memory = facts.memory
    data = {"total": memory.total_gib, "free": memory.free_gib, "machine": memory.machine_gib}
    limited = "_limited" if memory.is_limited else ""
    if memory.total_gib < _LEAST_MEMORY:
        return failure(f"doctor.memory.too_little{limited}", **data)
    if memory.total_gib < _EASY_MEMORY:
        return warning(f"doctor.memory.little{limited}", "xtgui estimate", **data)
    return fine(f"doctor.memory.ok{limited}", **data)


def check_shared_memory(facts: Facts) -> Finding | None:
    """Judge /dev/shm, through which data-loader workers and several GPUs exchange data."""
    size = facts.memory.shm_gib
    if not facts.system.startswith("linux"):
        return None
    if size is None:
        return warning("doctor.shm.missing")
    if size < _EASY_SHM:
        return warning("doctor.shm.small", "docker run --shm-size=8g ...", size=size)
    return fine("doctor.shm.ok", size=size)


def check_wsl(facts: Facts) -> Finding | None:
    """Judge the memory of WSL, and whether the project is on a Windows drive."""
    if not facts.is_wsl:
        return None
    if facts.disk.kind in _WINDOWS_DRIVES:
        return warning(
            "doctor.wsl.windows_drive", "xtgui init --root ~/my-assistant", folder=facts.disk.folder
        )
    total = facts.memory.machine_gib
    if total < _EASY_WSL:
        return warning("doctor.wsl.capped", "wsl --shutdown", total=total)
    return fine("doctor.wsl.ok", total=total)


def check_hubs(facts: Facts) -> Finding:
    """Judge whether models and data can be downloaded."""
    there = [hub for hub in facts.hubs if hub.state == "answered"]
    others = [hub for hub in facts.hubs if hub.state != "answered"]
    first = facts.hubs[0]
    data = {
        "there": ", ".join(hub.host for hub in there),
        "others": ", ".join(hub.host for hub in others),
        "reason": next((hub.reason for hub in others if hub.reason), ""),
    }
    if len(there) == len(facts.hubs):
        return fine("doctor.hub.ok", **data)
    mirrors = [f"export HF_ENDPOINT={hub.mirror}" for hub in others if hub.mirror]
    if there:
        if first in there:
            return fine("doctor.hub.ok_some", **data)
        return warning(
            "doctor.hub.ok_other", f"xtgui download model ID --source {there[0].name}", **data
        )
    if first.state == "offline":
        return warning("doctor.hub.offline", "unset HF_HUB_OFFLINE")
    key = (
        "doctor.hub.silent"
        if all(hub.state == "silent" for hub in others)
        else "doctor.hub.unreachable"
    )
    return warning(key, *mirrors, **data)


def check_token(facts: Facts) -> Finding:
    """Say whether gated models can be downloaded."""
    if facts.has_token:
        return fine("doctor.token.there")
    return fine("doctor.token.none")


def check_clock(facts: Facts) -> Finding:
    """Compare the clock with a hub's, and with the age of xtgui's own files."""
    command = "sudo timedatectl set-ntp true"
    clock = next((hub.clock for hub in facts.hubs if hub.clock is not None), None)
    if clock is not None:
        off = abs(facts.now - clock)
        if off > _MOST_SKEW:
            return warning("doctor.clock.off", command, now=_written(facts), minutes=_minutes(off))
        return fine("doctor.clock.compared", now=_written(facts))
    if facts.now < facts.installed_at - _SAME:
        return warning("doctor.clock.early", command, now=_written(facts))
    return fine("doctor.clock.ok", now=_written(facts))


def _written(facts: Facts) -> str:
    return facts.now.strftime("%Y-%m-%d %H:%M UTC")


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def check_locale(facts: Facts) -> Finding:
    """Judge the encoding of the terminal."""
    is_utf8 = facts.encoding.lower().replace("-", "").replace("_", "") in ("utf8", "cp65001")
    if not is_utf8:
        command = "export LC_ALL=C.UTF-8"
        return warning("doctor.locale.narrow", command, encoding=facts.encoding)
    return fine("doctor.locale.ok", encoding=facts.encoding, locale=facts.locale or "C")
