"""Messages of the table of causes that cannot be provoked on a CPU, and where they stand."""

from __future__ import annotations

import errno
import mmap
import os
import site
from pathlib import Path

import pytest

IN_LIBRARIES: dict[str, list[tuple[str, str]]] = {
    "CUDA out of memory. Tried to allocate": [
        ("torch/lib/libc10_cuda.so", "CUDA out of memory. Tried to allocate ")
    ],
    "CUDA error: out of memory": [
        ("torch/lib/libc10_cuda.so", "CUDA error: "),
        ("nvidia/cuda_runtime/lib/libcudart.so.12", "out of memory"),
    ],
    "unable to write to file </torch_": [
        ("torch/lib/libtorch_cpu.so", "unable to write to file <"),
        ("torch/lib/libtorch_cpu.so", "/torch_{}_{}_{}"),
    ],
    "CUBLAS_STATUS_ALLOC_FAILED": [("torch/lib/libtorch_cuda.so", "CUBLAS_STATUS_ALLOC_FAILED")],
    "Cannot allocate memory": [("", os.strerror(errno.ENOMEM))],
    "No space left on device": [("", os.strerror(errno.ENOSPC))],
    "Disk quota exceeded": [("", os.strerror(errno.EDQUOT))],
    "Torch not compiled with CUDA enabled": [
        ("torch/cuda/__init__.py", "Torch not compiled with CUDA enabled")
    ],
    "No CUDA GPUs are available": [("torch/lib/libc10_cuda.so", "No CUDA GPUs are available")],
    "Found no NVIDIA driver on your system": [
        ("torch/lib/libc10_cuda.so", "Found no NVIDIA driver on your system")
    ],
    "The NVIDIA driver on your system is too old (found version {version}": [
        ("torch/lib/libc10_cuda.so", "The NVIDIA driver on your system is too old (found version ")
    ],
    **{
        text: [("nvidia/cuda_runtime/lib/libcudart.so.12", text)]
        for text in (
            "no CUDA-capable device is detected",
            "CUDA driver version is insufficient for CUDA runtime version",
            "no kernel image is available for execution on the device",
            "CUDA-capable device(s) is/are busy or unavailable",
            "uncorrectable ECC error encountered",
            "unspecified launch failure",
            "an illegal memory access was encountered",
            "device-side assert triggered",
        )
    },
    **{
        text: [("nvidia/nccl/lib/libnccl.so.2", text)]
        for text in (
            "unhandled cuda error (run with NCCL_DEBUG=INFO for details)",
            "unhandled system error (run with NCCL_DEBUG=INFO for details)",
            "remote process exited or there was a network error",
        )
    },
    "FlashAttention only supports Ampere GPUs or newer": [
        ("torch/lib/libtorch_cuda.so", "FlashAttention only supports Ampere GPUs or newer")
    ],
    "Watchdog caught collective operation timeout": [
        ("torch/lib/libtorch_cuda.so", "Watchdog caught collective operation timeout")
    ],
    "failed to pass monitoredBarrier in": [
        ("torch/lib/libtorch_cpu.so", "failed to pass monitoredBarrier in")
    ],
    "Current CUDA Device does not support bfloat16": [
        ("torch/amp/autocast_mode.py", "Current CUDA Device does not support bfloat16")
    ],
    "version `{version}' not found (required by": [
        ("/lib64/ld-linux-x86-64.so.2", "version `"),
        ("/lib64/ld-linux-x86-64.so.2", "' not found (required by "),
    ],
    "size changed, may indicate binary incompatibility": [
        ("numpy/random/mtrand*.so", "size changed, may indicate binary incompatibility")
    ],
    "requires transformers version at least": [
        ("xtuner/model/modules/dispatch/__init__.py", "requires transformers version at least")
    ],
    "does not appear to have a file named config.json": [
        ("transformers/utils/hub.py", "does not appear to have a file named")
    ],
    "is not a local folder and is not a valid model identifier": [
        ("transformers/utils/hub.py", "is not a local folder and is not a valid model identifier")
    ],
    "Cannot find the requested files in the disk cache": [
        ("huggingface_hub/file_download.py", "Cannot find the requested files in the disk cache")
    ],
}
"""Part of a message to the files of installed libraries that hold it, in pieces; "": of Linux."""

OTHER_RELEASES = {
    "unable to allocate shared memory(shm)": "other releases of torch, MapAllocator.cpp",
    "CUDA Setup failed despite": "bitsandbytes before 0.43, cextension.py",
    "Unable to load weights from pytorch checkpoint file": "transformers 4, modeling_utils.py",
}
"""Part of a message to the library that said it and is not the one installed here."""


def holds(place: str, text: str) -> bool:
    """Whether a file of an installed package, or of the system, has a text in it."""
    if place.startswith("/"):
        files = [Path(place)]
    else:
        files = [file for folder in site.getsitepackages() for file in Path(folder).glob(place)]
    if not files:
        pytest.skip(f"{place} is not installed")
    with (
        files[0].open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return content.find(text.encode()) >= 0
