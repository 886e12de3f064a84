"""Which device a run will train on, known before torch is imported."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
from pathlib import Path


def find_device() -> tuple[str, str]:
    """Give "cuda" and the name of the first GPU, or "cpu" and "".

    Asks the driver itself, and whether the installed torch was built for CUDA.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1") or not _is_torch_for_cuda():
        return "cpu", ""
    name = _first_gpu()
    return ("cuda", name) if name is not None else ("cpu", "")


def _is_torch_for_cuda() -> bool:
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        return False
    version = Path(spec.submodule_search_locations[0], "version.py")
    return bool(re.search(r"^cuda\b.*=\s*['\"]\d", version.read_text("utf-8"), re.MULTILINE))


def _first_gpu() -> str | None:
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    device, name = ctypes.c_int(), ctypes.create_string_buffer(128)
    if driver.cuInit(0) or driver.cuDeviceGet(ctypes.byref(device), 0):
        return None
    if driver.cuDeviceGetName(name, len(name), device):
        return ""
    return name.value.decode(errors="replace")
