"""The device on which a model trains or answers, and how many bits its weights take there.

What is needed before a run is known before torch is imported.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .base_model import dtype_option, read_config, torch_dtype, weight_bytes

if TYPE_CHECKING:
    import torch

_ROOM = 1.15
"""Memory that a model needs besides its weights while it answers, as a share of them."""


def find_device() -> tuple[str, str]:
    """Return "cuda" and the name of the first GPU, or "cpu" and "".

    It asks the driver itself, and whether the installed torch was built for CUDA.
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


# --- a chat ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loading:
    """How weights are loaded."""

    dtype: str
    bits: int
    """4 with bitsandbytes' NF4, as in qlora training; else the dtype's own."""

    def options(self) -> dict[str, Any]:
        """Return the arguments for transformers' from_pretrained."""
        dtype = torch_dtype(self.dtype)
        if self.bits != 4:
            return {**dtype_option(dtype)}
        from transformers import BitsAndBytesConfig

        quantised = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
        return {**dtype_option(dtype), "quantization_config": quantised}


def choose_device() -> torch.device:
    """Return the GPU if torch can use one, else the CPU."""
    import torch

    return torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")


def choose_loading(device: torch.device, folders: Sequence[Path], *, may_quantise: bool) -> Loading:
    """Return the dtype: float32 on a CPU, 16 bits on a GPU, or whatever fits into the memory.

    On a GPU a base that was trained on in 4 bits is loaded so if 16 bits do not fit.
    """
    import torch

    halves = sum(_values(folder) for folder in folders) * 2 * _ROOM
    if device.type == "cuda":
        half = "bfloat16" if torch.cuda.get_device_capability()[0] >= 8 else "float16"
        free = torch.cuda.mem_get_info()[0]
        return Loading(half, 4 if may_quantise and halves > free else 16)
    fits = halves * 2 < free_memory_bytes()
    return Loading("float32", 32) if fits else Loading("bfloat16", 16)


def _values(folder: Path) -> float:
    config = read_config(folder)
    size = 4 if (config.get("dtype") or config.get("torch_dtype")) == "float32" else 2
    return weight_bytes(folder) / size


def free_memory_bytes() -> float:
    """Return the memory that is still available; infinite if the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text("utf-8").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return float("inf")
