"""Asks nvidia-smi, or without it the kernel, for the GPUs and their driver."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...shared.interpreters import run_apart
from .facts import Gpu, GpuFacts, Version

LIMIT_S = 5.0
"""How long nvidia-smi may take: a second, without a daemon that keeps the driver loaded."""

_FIELDS = ("index", "uuid", "name", "driver_version", "memory.total", "memory.free", "compute_cap")
"""Older drivers (before R510) do not know the last one."""
_CUDA = re.compile(r"CUDA Version\s*:\s*(\d+)\.(\d+)")
_DRIVER = re.compile(r"Kernel Module(?: for \S+)?\s+(\d+\.\d[\d.]*)")
_VENDOR = "0x10de"
_DISPLAY = "0x03"
"""The prefix of the PCI class of devices that draw or compute."""
_WSL_PROGRAM = Path("/usr/lib/wsl/lib/nvidia-smi")


def read_gpus(
    environment: Mapping[str, str] = os.environ, system: Path = Path("/"), limit_s: float = LIMIT_S
) -> GpuFacts:
    """Return what is known about the NVIDIA GPUs.

    Args:
        environment: Its PATH and CUDA_VISIBLE_DEVICES count.
        system: The root of the file system.
        limit_s: How long nvidia-smi may take, all calls together.
    """
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    is_on_bus = _is_on_bus(system)
    program = _find_program(environment)
    if program is None:
        return GpuFacts(is_on_bus=is_on_bus, driver=_kernel_driver(system), visible=visible)
    ask = _Asker(program, time.monotonic() + limit_s)
    rows, complaint = ask.query(_FIELDS)
    if not rows and not ask.is_silent:
        rows, again = ask.query(_FIELDS[:-1])
        complaint = again or complaint
    overview = ask.run([]) if rows else ""
    return GpuFacts(
        is_on_bus=is_on_bus or bool(rows),
        driver=rows[0].get("driver_version", "") if rows else _kernel_driver(system),
        cuda=_version(_CUDA.search(overview)),
        gpus=tuple(map(_gpu, rows)),
        visible=visible,
        complaint="" if rows else complaint,
        is_silent=ask.is_silent and not rows,
    )


def _find_program(environment: Mapping[str, str]) -> Path | None:
    found = shutil.which("nvidia-smi", path=environment.get("PATH", os.defpath))
    if found:
        return Path(found).absolute()
    return _WSL_PROGRAM if os.access(_WSL_PROGRAM, os.X_OK) else None


class _Asker:
    """Calls nvidia-smi until its time is up; after that returns nothing."""

    def __init__(self, program: Path, deadline: float) -> None:
        self._program = program
        self._deadline = deadline
        self.is_silent = False

    def query(self, fields: Sequence[str]) -> tuple[list[dict[str, str]], str]:
        """Return a row for each GPU; if there is none, the first line of the message."""
        said = self.run([f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"])
        lines = said.replace("\0", "").splitlines()  # which csv refuses on Python 3.10
        cells = csv.reader(lines, skipinitialspace=True)
        rows = [dict(zip(fields, row, strict=True)) for row in cells if len(row) == len(fields)]
        if rows and all(row["index"].isdigit() for row in rows):
            return rows, ""
        return [], next(filter(None, map(str.strip, said.splitlines())), "")

    def run(self, options: Sequence[str]) -> str:
        """Return what it prints to stdout and stderr: complaints go to either."""
        left_s = max(self._deadline - time.monotonic(), 0.01)
        try:
            done = run_apart([self._program, *options], text=True, errors="replace", timeout=left_s)
        except OSError as error:
            return error.strerror or str(error)
        except subprocess.TimeoutExpired:
            self.is_silent = True
            return ""
        return str(done.stdout or "") + str(done.stderr or "")


def _gpu(row: Mapping[str, str]) -> Gpu:
    return Gpu(
        index=int(row["index"]),
        uuid=row["uuid"],
        name=row["name"],
        memory_gib=_mib(row["memory.total"]),
        free_gib=_mib(row["memory.free"]),
        capability=_version(re.fullmatch(r"(\d+)\.(\d+)", row.get("compute_cap", ""))),
    )


def _mib(text: str) -> float:
    return round(float(text) / 1024, 2) if text.isdigit() else 0.0


def _version(match: re.Match[str] | None) -> Version | None:
    return (int(match[1]), int(match[2])) if match else None


def _is_on_bus(system: Path) -> bool:
    if any((system / "dev").glob("nvidia[0-9]*")):
        return True
    for device in (system / "sys/bus/pci/devices").glob("*"):
        try:
            vendor, kind = ((device / name).read_text("ascii") for name in ("vendor", "class"))
        except (OSError, UnicodeDecodeError):
            continue
        if vendor.strip() == _VENDOR and kind.startswith(_DISPLAY):
            return True
    return False


def _kernel_driver(system: Path) -> str:
    """Return the version of the driver that the kernel has loaded, "" if it has none."""
    try:
        said = (system / "proc/driver/nvidia/version").read_text("utf-8", errors="replace")
    except OSError:
        return ""
    match = _DRIVER.search(said)
    return match[1] if match else ""
