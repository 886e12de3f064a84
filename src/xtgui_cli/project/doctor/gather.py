"""Gathers all facts at once: everything slow runs in parallel, and has a time limit."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from ...hubs.hub import Hub
from ...planning import machine
from ...runs import uv
from ...shared.disk import free_bytes, nearest_existing
from ...shared.regular_file import read_bytes
from ..engine_environment import chosen_python
from ..user_config import user_table
from .environments import read_environment
from .facts import DiskFacts, Facts, MemoryFacts
from .hub_answers import ask_hub
from .nvidia import read_gpus

_Fact = TypeVar("_Fact")
_SHM = Path("/dev/shm")  # noqa: S108 (it is measured, not written to)


def gather(root: Path, hubs: Sequence[Hub]) -> Facts:
    """Return what is known about this machine now; takes as long as the slowest answer.

    Args:
        root: The folder whose runs are meant.
        hubs: The hubs to ask, in the user's order.
    """
    # Before there are threads: two that are the first to ask sysconfig may get None from it
    # (Python 3.11), which uv would add to a text.
    uv_command = _uv()
    # started first: they wait for other processes while everything else is read
    with ThreadPoolExecutor(max_workers=len(hubs) + 3) as pool:
        answers = [pool.submit(ask_hub, hub) for hub in hubs]
        gpu = pool.submit(read_gpus)
        engines = [
            pool.submit(read_environment, stack, python)
            for stack, python in engine_interpreters().items()
        ]
        memory, disk = _memory(), _disk(root)
        return Facts(
            system=sys.platform,
            release=platform.release(),
            cores=machine.detect_cores(),
            is_wsl="microsoft" in platform.release().lower(),
            python=sys.version_info[:3],
            uv=uv_command,
            engines=tuple(engine.result() for engine in engines),
            gpu=gpu.result(),
            memory=memory,
            disk=disk,
            hubs=tuple(answer.result() for answer in answers),
            has_token=has_token(),
            now=datetime.now(timezone.utc),
            installed_at=datetime.fromtimestamp(Path(__file__).stat().st_mtime, timezone.utc),
            encoding=sys.stdout.encoding or locale.getpreferredencoding(do_setlocale=False),
            locale=_locale(),
        )


def engine_interpreters() -> dict[str, Path | None]:
    """Return the interpreter of each stack by its name, the modern one first."""
    found: dict[str, Path | None] = {"modern": chosen_python() or Path(sys.executable)}
    for file in sorted(uv.STACKS_DIR.glob("*.txt")):
        if file.stem not in (*found, "demo"):
            named = user_table("engine").get(f"{file.stem}_python")
            found[file.stem] = Path(named).expanduser() if isinstance(named, str) else None
    return found


def _memory() -> MemoryFacts:
    import psutil

    here = machine.detect_memory()
    return MemoryFacts(
        total_gib=here[0],
        free_gib=here[1],
        machine_gib=round(int(psutil.virtual_memory().total) / machine.GIB, 2),
        shm_gib=_try(lambda: shutil.disk_usage(_SHM).total / machine.GIB),
    )


def _disk(root: Path) -> DiskFacts:
    there = nearest_existing(root)
    return DiskFacts(
        folder=root,
        free_bytes=free_bytes(root),
        is_writable=os.access(there, os.W_OK | os.X_OK),
        kind=_file_system(there),
    )


def _file_system(folder: Path) -> str:
    """Return the type of a folder's file system, as the kernel names it."""
    try:
        lines = Path("/proc/mounts").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    mounts = [line.split()[1:3] for line in lines if len(line.split()) >= 3]
    above = [(place, kind) for place, kind in mounts if folder.is_relative_to(place)]
    return max(above, key=lambda mount: len(mount[0]), default=("", ""))[1]


def has_token() -> bool:
    """Return whether downloads from Hugging Face send a token.

    `huggingface_hub.get_token` would say so too, after half a second of imports; and it asks the
    hub where a token is about to expire.
    """
    from huggingface_hub import constants

    named = os.environ.get("HF_TOKEN") or os.environ.get("HUGGING_FACE_HUB_TOKEN") or ""
    stored = _try(lambda: read_bytes(Path(constants.HF_TOKEN_PATH))) or b""
    return bool(os.environ.get("HF_OIDC_RESOURCE") or named.strip() or stored.strip())


def _uv() -> str:
    if shutil.which("uv"):
        return "uv"
    return f"{sys.executable} -m uv" if uv.find_uv() else ""


def _locale() -> str:
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next(filter(None, named), "")


def _try(read: Callable[[], _Fact]) -> _Fact | None:
    try:
        return read()
    except (OSError, ValueError):
        return None
