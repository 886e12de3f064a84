"""Detects this machine: cores, memory, GPU. Imports no torch, starts no CUDA."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .memory_limit import find_memory_limit

GIB = 1 << 30
_AMPERE = (8, 0)  # the first generation that computes in bfloat16


@dataclass(frozen=True)
class Machine:
    """What training can use."""

    device: str
    """"cuda" or "cpu": an Apple GPU is not used, since xtuner does not train on it."""
    bf16: bool
    """Whether the GPU computes in bfloat16; false on a CPU, which trains in float32."""
    gpu_name: str
    gpu_gib: float
    free_gpu_gib: float
    ram_gib: float
    free_ram_gib: float
    cores: int


def detect() -> Machine:
    """Return this machine as it is now: free memory changes between calls."""
    ram_gib, free_ram_gib = detect_memory()
    name, total_gib, free_gib, bf16 = _first_gpu()
    return Machine(
        device="cuda" if name else "cpu",
        bf16=bf16,
        gpu_name=name,
        gpu_gib=total_gib,
        free_gpu_gib=free_gib,
        ram_gib=ram_gib,
        free_ram_gib=free_ram_gib,
        cores=detect_cores(),
    )


def detect_memory() -> tuple[float, float]:
    """Return total and free memory in GiB, within the limit of a container if there is one."""
    import psutil

    memory = psutil.virtual_memory()
    total, free = int(memory.total), int(memory.available)
    limit = find_memory_limit()
    if limit is not None and limit.total < total:
        total, free = limit.total, min(free, max(limit.total - limit.used, 0))
    return round(total / GIB, 2), round(free / GIB, 2)


def detect_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _first_gpu() -> tuple[str, float, float, bool]:
    """Return name, total and free GiB and bfloat16 of the first NVIDIA GPU that a run would see."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None and visible.strip() in ("", "-1"):
        return "", 0.0, 0.0, False
    try:
        import pynvml

        pynvml.nvmlInit()
    except Exception:  # no driver, or it does not answer: there is no GPU to use
        return "", 0.0, 0.0, False
    try:
        handle = _handle(pynvml, (visible or "0").split(",")[0].strip())
        memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
        name = pynvml.nvmlDeviceGetName(handle)
        bf16 = tuple(pynvml.nvmlDeviceGetCudaComputeCapability(handle)) >= _AMPERE
        text = name.decode() if isinstance(name, bytes) else str(name)
        return text, round(memory.total / GIB, 2), round(memory.free / GIB, 2), bf16
    except Exception:  # a GPU that went away, or a number that names none
        return "", 0.0, 0.0, False
    finally:
        pynvml.nvmlShutdown()


def _handle(pynvml: object, which: str) -> object:
    if which.isdigit():
        return pynvml.nvmlDeviceGetHandleByIndex(int(which))  # type: ignore[attr-defined]
    return pynvml.nvmlDeviceGetHandleByUUID(which)  # type: ignore[attr-defined]
