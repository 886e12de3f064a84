"""Why a run, a conversion or a chat fails: the only table of causes.

A row says how a cause is recognized. `engine.faults` looks for the first row that fits; the texts
of a code are under `faults.`: what happened, `.why`, and `.hint` with what to do. The pages
`docs/when-it-fails.md` are generated from both (`scripts/write_failure_docs.py`).
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Literal

from .checkpoint_faults import CheckpointFault
from .signs import Sign

About = Literal[
    "memory", "gpu", "libraries", "machine", "training", "config", "data", "model", "checkpoint"
]
"""The section of the page that lists a cause."""


@dataclass(frozen=True)
class Cause:
    """One thing that can go wrong."""

    code: str
    """The key of its texts under `faults.`, also in `xtgui status --json`."""
    about: About
    signs: tuple[Sign, ...] = ()
    """Any of them, in the exception or in one that led to it; none: it is found in another way."""
    otherwise: tuple[Sign, ...] = ()
    """Any of them, in the exception itself, if no cause's `signs` fit: exceptions that are also
    raised and caught when nothing is wrong, or say little."""


def _says(*messages: str) -> tuple[Sign, ...]:
    return tuple(Sign(message) for message in messages)


_WORKING = ("training", "saving", "evaluating")

CAUSES: tuple[Cause, ...] = (
    # --- memory
    Cause(
        "cuda_out_of_memory",
        "memory",
        _says(
            "CUDA out of memory. Tried to allocate",
            "CUDA error: out of memory",
            "CUBLAS_STATUS_ALLOC_FAILED",
        ),
    ),
    Cause(
        "host_out_of_memory",
        "memory",
        (
            Sign(raised="MemoryError"),
            Sign(errnos=(errno.ENOMEM,)),
            *_says("DefaultCPUAllocator: can't allocate memory", "Cannot allocate memory"),
        ),
    ),
    Cause(
        "shared_memory_full",
        "memory",
        _says(
            "unable to write to file </torch_",
            "unable to allocate shared memory(shm)",
            "dataloader's workers are out of shared memory",
        ),
    ),
    # --- graphics cards
    Cause(
        "no_gpu",
        "gpu",
        _says(
            "Found no NVIDIA driver on your system",
            "No CUDA GPUs are available",
            "Torch not compiled with CUDA enabled",
            "no CUDA-capable device is detected",
            "AmpOptimizerWrapper`` is only available training on gpu",
            "not available in CPU-only version of bitsandbytes",
        ),
    ),
    Cause(
        "driver_too_old",
        "gpu",
        _says(
            "The NVIDIA driver on your system is too old (found version {version}",
            "CUDA driver version is insufficient for CUDA runtime version",
        ),
    ),
    Cause(
        "gpu_not_supported",
        "gpu",
        _says(
            "no kernel image is available for execution on the device",
            "FlashAttention only supports Ampere GPUs or newer",
        ),
    ),
    Cause("gpu_busy", "gpu", _says("CUDA-capable device(s) is/are busy or unavailable")),
    Cause(
        "gpu_failed",
        "gpu",
        _says(
            "uncorrectable ECC error encountered",
            "unspecified launch failure",
            "an illegal memory access was encountered",
        ),
    ),
    Cause("no_bf16", "gpu", _says("Current CUDA Device does not support bfloat16")),
    Cause(
        "gpus_cannot_talk",
        "gpu",
        _says(
            "unhandled cuda error (run with NCCL_DEBUG=INFO for details)",
            "unhandled system error (run with NCCL_DEBUG=INFO for details)",
            "remote process exited or there was a network error",
        ),
    ),
    Cause(
        "gpus_waited_too_long",
        "gpu",
        _says("Watchdog caught collective operation timeout", "failed to pass monitoredBarrier in"),
    ),
    Cause(
        "port_in_use",
        "gpu",
        _says("failed to listen on any local network address. port: {port}, useIpv6"),
    ),
    Cause("no_process_group", "gpu", _says("Default process group has not been initialized")),
    # --- libraries
    Cause(
        "bitsandbytes_broken",
        "libraries",
        _says(
            "Attempted to use bitsandbytes native library functionality but it's not available",
            "SETUP ERROR: Missing dependency: {library}",
            "CUDA Setup failed despite",
        ),
    ),
    Cause(
        "flash_attention_missing",
        "libraries",
        _says("FlashAttention2 has been toggled on, but it cannot be used"),
    ),
    Cause("triton_too_new", "libraries", otherwise=_says("No module named 'triton.ops'")),
    Cause("mpi4py_missing", "libraries", otherwise=_says("No module named 'mpi4py'")),
    Cause(
        "system_library_missing",
        "libraries",
        _says("{library}: cannot open shared object file: No such file or directory"),
    ),
    Cause("system_too_old", "libraries", _says("version `{version}' not found (required by")),
    # --- this machine
    Cause(
        "disk_full",
        "machine",
        (
            Sign(errnos=(errno.ENOSPC, errno.EDQUOT, errno.EFBIG)),
            *_says(
                "No space left on device",
                "Disk quota exceeded",
                "PytorchStreamWriter failed writing",
            ),
        ),
    ),
    Cause("disk_read_only", "machine", (Sign(errnos=(errno.EROFS,)),)),
    Cause("no_permission", "machine", (Sign(errnos=(errno.EACCES, errno.EPERM)),)),
    Cause("disk_failed", "machine", (Sign(errnos=(errno.EIO, errno.ESTALE, errno.ENOTCONN)),)),
    Cause("too_many_files", "machine", (Sign(errnos=(errno.EMFILE, errno.ENFILE)),)),
    Cause(
        "file_gone",
        "machine",
        otherwise=(Sign(raised="FileNotFoundError", errnos=(errno.ENOENT,), phases=_WORKING),),
    ),
    Cause("template_unanswered", "machine", (Sign(raised="TemplateUnansweredError"),)),
    # --- the training itself
    Cause(
        "loss_not_finite",
        "training",
        (Sign("probability tensor contains either"), Sign(raised="LossNotFiniteError")),
    ),
    Cause("loss_never_finite", "training"),
    Cause(
        "worker_killed",
        "training",
        _says(
            "DataLoader worker (pid {pid}) is killed by signal",
            "DataLoader worker (pid(s) {pid}) exited unexpectedly",
        ),
    ),
    Cause(
        "nothing_to_train",
        "training",
        _says("does not require grad and does not have a grad_fn"),
    ),
    Cause(
        "dtypes_mixed",
        "training",
        _says(
            "mat1 and mat2 must have the same dtype",
            "expected m1 and m2 to have the same dtype",
        ),
    ),
    Cause(
        "token_out_of_range",
        "training",
        _says("index out of range in self", "device-side assert triggered"),
    ),
    Cause("oom_killed", "memory"),
    Cause("died_disk_full", "machine"),
    Cause("folder_gone", "machine"),
    Cause("crashed", "training"),
    Cause("died_stopping", "training"),
    Cause("died", "training"),
    Cause("died_early", "training"),
    # --- the config
    Cause("config_unknown_name", "config", _says("{name} is not in the {registry} registry")),
    Cause("warmup_too_long", "config", _says("end should be larger than begin")),
    Cause(
        "lora_finds_no_layer",
        "config",
        _says("not found in the base model. Please check the target modules"),
    ),
    Cause(
        "config_unknown_argument",
        "config",
        otherwise=(
            Sign(
                "got an unexpected keyword argument '{argument}'",
                phases=("config", "model", "data"),
            ),
        ),
    ),
    Cause("config_broken", "config", otherwise=(Sign(phases=("config",)),)),
    # --- libraries again: what a config imports in vain is the config's fault
    Cause(
        "versions_do_not_fit",
        "libraries",
        otherwise=_says(
            "cannot import name '{name}' from '{package}'",
            "is required for a normal functioning of this module",
            "size changed, may indicate binary incompatibility",
            "requires transformers version at least",
        ),
    ),
    # --- data
    Cause(
        "data_empty",
        "data",
        _says(
            "Column 'length' doesn't exist",
            "`epoch_length` must be a positive integer, but got 0",
            "num_samples should be a positive integer value, but got num_samples=0",
        ),
    ),
    Cause("data_not_json", "data", (Sign("JSON parse error", raised="ArrowInvalid"),)),
    Cause("data_missing", "data", otherwise=(Sign("Unable to find '{file}'", phases=("data",)),)),
    Cause("data_role", "data", otherwise=(Sign(raised="NotImplementedError", phases=("data",)),)),
    Cause(
        "data_column", "data", otherwise=(Sign("'{column}'", raised="KeyError", phases=("data",)),)
    ),
    *(Cause(f"{what}_not_as_checked", "data") for what in ("samples", "tokens", "iterations")),
    # --- models
    Cause(
        "model_missing",
        "model",
        _says(
            "Repo id must be in the form",
            "We couldn't connect to 'https://huggingface.co' to load the files",
            "Cannot find the requested files in the disk cache",
            "is not a local folder and is not a valid model identifier",
        ),
    ),
    Cause(
        "model_no_config",
        "model",
        _says(
            "Should have a `model_type` key in its config.json",
            "does not appear to have a file named config.json",
            "is not a valid JSON file",
        ),
    ),
    Cause(
        "model_incomplete",
        "model",
        _says("Error no file named {file}"),
        otherwise=(Sign("No such file or directory: {file}", phases=("model",)),),
    ),
    Cause(
        "model_damaged",
        "model",
        _says(
            "Error while deserializing header",
            "Unable to load weights from pytorch checkpoint file",
        ),
    ),
    Cause(
        "model_too_new",
        "model",
        _says("model type `{model_type}` but Transformers does not recognize this architecture"),
    ),
    Cause(
        "model_not_for_text",
        "model",
        _says("for this kind of AutoModel: AutoModelForCausalLM"),
    ),
    Cause("model_needs_code", "model", _says("pass the argument `trust_remote_code=True`")),
    Cause(
        "model_needs_packages",
        "model",
        _says("requires the following packages that were not found in your environment: "),
    ),
    Cause("model_other_sizes", "model", _says("You set `ignore_mismatched_sizes` to `False`")),
    Cause(
        "tokenizer_unreadable",
        "model",
        _says("Couldn't instantiate the backend tokenizer"),
    ),
    # --- checkpoints
    *(Cause(fault.value, "checkpoint") for fault in CheckpointFault),
    Cause("checkpoint_missing", "checkpoint", otherwise=(Sign("{file} can not be found."),)),
    Cause(
        "checkpoint_does_not_fit",
        "checkpoint",
        _says(
            "Error(s) in loading state_dict for",
            "a parameter group that doesn't match the size of optimizer's group",
        ),
    ),
    Cause("checkpoint_not_data", "checkpoint", _says("Weights only load failed")),
    # --- where nothing more is known than what the engine was doing
    Cause(
        "import_failed",
        "libraries",
        otherwise=(Sign(raised="ImportError"), Sign(phases=("importing",))),
    ),
    Cause("data_unreadable", "data", otherwise=(Sign(phases=("data",)),)),
    Cause("model_unreadable", "model", otherwise=(Sign(phases=("model",)),)),
    Cause(
        "checkpoint_unreadable",
        "checkpoint",
        otherwise=(Sign(phases=("resuming", "checking_checkpoint", "reading")),),
    ),
)
"""The first that fits counts; "unknown" if none does."""
