"""Makes the installed libraries raise the errors that the table of causes knows: of the machine,
of the training itself, of config and libraries.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

Provoke = Callable[[Path], object]
PROVOKED: list[tuple[str, str, Provoke]] = []
"""The code that it must become, what the engine is doing, and what raises it in a folder."""


def provokes(code: str, phase: str = "training") -> Callable[[Provoke], Provoke]:
    def note(provoke: Provoke) -> Provoke:
        PROVOKED.append((code, phase, provoke))
        return provoke

    return note


class Rows:
    """A dataset whose worker sends itself a signal."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> int:
        os.kill(os.getpid(), self.number)
        return index


def load_rows(number: int) -> object:
    from torch.utils.data import DataLoader

    return list(DataLoader(Rows(number), num_workers=1))


# --- memory, disks, files --------------------------------------------------------------------


@provokes("host_out_of_memory")
def ask_torch_for_64_tib(_: Path) -> object:
    import torch

    return torch.empty(1 << 46, dtype=torch.uint8)


@provokes("disk_full", "saving")
def save_to_a_full_disk(_: Path) -> object:
    import torch

    return torch.save({"weight": torch.ones(100_000)}, "/dev/full")


@provokes("disk_full", "saving")
def write_to_a_full_disk(_: Path) -> None:
    with Path("/dev/full").open("w") as file:
        file.write("text")


@provokes("shared_memory_full")
def a_worker_without_room_in_shared_memory(_: Path) -> object:
    """The kernel sends SIGBUS to a process that writes where /dev/shm has no room."""
    return load_rows(signal.SIGBUS)


@provokes("worker_killed")
def a_worker_that_is_killed(_: Path) -> object:
    return load_rows(signal.SIGKILL)


@provokes("file_gone", "saving")
def save_where_the_folder_has_gone(folder: Path) -> None:
    (folder / "gone" / "events.jsonl").write_text("")


@provokes("too_many_files")
def open_too_many_files(_: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as stack:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())) + 8, hard)
        )
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _number in range(100):
            stack.enter_context(Path(os.devnull).open())


# --- processors ------------------------------------------------------------------------------


@provokes("no_gpu")
def ask_for_a_gpu_where_none_is(_: Path) -> object:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    return torch.zeros(1, device="cuda")


@provokes("no_gpu", "model")
def train_in_mixed_precision_without_a_gpu(_: Path) -> object:
    import torch
    from mmengine.optim import AmpOptimWrapper

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    return AmpOptimWrapper()


@provokes("no_gpu")
def call_bitsandbytes_for_a_cpu_as_for_a_gpu(_: Path) -> object:
    from bitsandbytes.cextension import BNBNativeLibrary

    return BNBNativeLibrary(ctypes.CDLL(None)).cquantize_of_a_gpu()


@provokes("no_process_group")
def ask_who_else_trains_where_nobody_does(_: Path) -> object:
    import torch

    return torch.distributed.barrier()


@provokes("port_in_use")
def take_a_port_twice(_: Path) -> object:
    import torch

    store = torch.distributed.TCPStore("127.0.0.1", 0, 1, True, wait_for_workers=False)
    return torch.distributed.TCPStore("127.0.0.1", store.port, 1, True, wait_for_workers=False)


# --- the training itself -----------------------------------------------------------------------


@provokes("loss_not_finite")
def draw_from_no_number(_: Path) -> object:
    import torch

    return torch.multinomial(torch.tensor([float("nan"), 1.0]), 1)


@provokes("nothing_to_train")
def learn_without_weights(_: Path) -> object:
    import torch

    return torch.ones(2).sum().backward()


@provokes("dtypes_mixed")
def multiply_16_bits_with_32(_: Path) -> object:
    import torch

    return torch.nn.Linear(2, 2)(torch.ones(2, 2, dtype=torch.float16))


@provokes("dtypes_mixed")
def multiply_matrices_of_16_and_32_bits(_: Path) -> object:
    import torch

    return torch.ones(2, 2) @ torch.ones(2, 2, dtype=torch.bfloat16)


@provokes("token_out_of_range")
def look_up_a_token_that_is_not_there(_: Path) -> object:
    import torch

    return torch.nn.Embedding(4, 2)(torch.tensor([9]))


# --- config and libraries ----------------------------------------------------------------------


@provokes("config_unknown_name", "config")
def build_what_is_not_registered(_: Path) -> object:
    from mmengine.registry import HOOKS

    return HOOKS.build({"type": "NoSuchHook"})


@provokes("config_unknown_argument", "config")
def build_with_an_argument_too_many(_: Path) -> object:
    import mmengine.hooks
    from mmengine.registry import HOOKS

    return HOOKS.build({"type": mmengine.hooks.LoggerHook, "nonsense": 1})


@provokes("config_broken", "config")
def read_a_config_that_is_not_python(folder: Path) -> object:
    from mmengine.config import Config

    (folder / "config.py").write_text("lr = = 1\n")
    return Config.fromfile(folder / "config.py")


@provokes("warmup_too_long", "data")
def warm_up_for_less_than_an_iteration(_: Path) -> object:
    import torch
    from mmengine.registry import PARAM_SCHEDULERS

    settings = {"by_epoch": True, "convert_to_iter_based": True, "epoch_length": 10}
    optimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), 0.1)
    return PARAM_SCHEDULERS.build(
        {"type": "LinearLR", "begin": 0, "end": 0.01, "optimizer": optimizer, **settings}
    )


@provokes("data_empty", "data")
def count_epochs_of_no_iteration(_: Path) -> object:
    import torch
    from mmengine.registry import PARAM_SCHEDULERS

    settings = {"by_epoch": True, "convert_to_iter_based": True, "epoch_length": 0}
    optimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), 0.1)
    return PARAM_SCHEDULERS.build(
        {"type": "LinearLR", "begin": 0, "end": 1, "optimizer": optimizer, **settings}
    )


@provokes("lora_finds_no_layer", "model")
def adapt_the_layers_of_another_model(_: Path) -> object:
    import torch
    from peft import LoraConfig, get_peft_model

    return get_peft_model(
        torch.nn.Sequential(torch.nn.Linear(2, 2)),
        LoraConfig(target_modules=["W_pack"]),
    )


@provokes("triton_too_new", "importing")
def import_what_triton_no_longer_has(_: Path) -> object:
    return importlib.import_module("triton.ops")


@provokes("mpi4py_missing", "importing")
def import_mpi4py(_: Path) -> object:
    return importlib.import_module("mpi4py")


@provokes("import_failed", "importing")
def import_what_is_not_installed(_: Path) -> object:
    return importlib.import_module("no_such_package")


@provokes("versions_do_not_fit", "importing")
def import_what_transformers_no_longer_has(_: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # Another test may have added it, as the engine does for xtuner.
        patch.delattr("transformers.utils.is_safetensors_available", raising=False)
        exec("from transformers.utils import is_safetensors_available")


@provokes("versions_do_not_fit", "importing")
def require_a_version_that_is_not_there(_: Path) -> object:
    from transformers.utils.versions import require_version

    return require_version("numpy>99")


@provokes("bitsandbytes_broken", "model")
def call_bitsandbytes_that_did_not_load(_: Path) -> object:
    from bitsandbytes.cextension import ErrorHandlerMockBNBNativeLibrary

    return ErrorHandlerMockBNBNativeLibrary("CUDA binary not found").cquantize()


@provokes("bitsandbytes_broken", "model")
def call_bitsandbytes_without_its_libraries(_: Path) -> object:
    from bitsandbytes.cextension import ErrorHandlerMockBNBNativeLibrary

    reason = "libcudart.so.11: cannot open shared object file: No such file or directory"
    return ErrorHandlerMockBNBNativeLibrary(reason).cquantize()


@provokes("system_library_missing", "importing")
def load_a_library_that_is_not_there(_: Path) -> object:
    return ctypes.CDLL("libcudart.so.11.0")


@provokes("flash_attention_missing", "model")
def ask_for_flash_attention(_: Path) -> object:
    from transformers import AutoModelForCausalLM, LlamaConfig

    config = LlamaConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2
    )
    return AutoModelForCausalLM.from_config(config, attn_implementation="flash_attention_2")
