"""Folders as DeepSpeed writes them, made without torch and without DeepSpeed.

The layout, names and paddings are those of folders that DeepSpeed 0.19.8 wrote on a CPU, with one
process and with two, for ZeRO 1 to 3.
"""

from __future__ import annotations

import struct
from math import prod
from pathlib import Path
from typing import Any

from checkpoint_files import (
    Opcodes,
    build,
    call,
    history,
    name,
    ordered,
    tensor,
    torch_file,
)

Numbers = dict[str, tuple[tuple[int, ...], list[float]]]
"""Parameters: their shapes, and their elements in C order."""


def save_folder(
    folder: Path, parameters: Numbers, stage: int, ranks: int, config: str = ""
) -> Path:
    """Write what ZeRO of a stage does with so many processes; the model's own copy is zeros."""
    folder.mkdir()
    prefix = "zero_pp_rank_{}_" if stage == 3 else ""
    for rank in range(ranks if stage == 3 else 1):
        path = folder / f"{prefix.format(rank)}mp_rank_00_model_states.pt"
        path.write_bytes(_model_states(parameters, stage, ranks, config))
    flat = _cut_each(parameters, ranks) if stage == 3 else _cut_all(parameters, ranks)
    for rank, numbers in enumerate(flat):
        path = folder / f"bf16_zero_pp_rank_{rank}_mp_rank_00_optim_states.pt"
        path.write_bytes(_optimizer_states(parameters, numbers, stage, ranks))
    return folder


def _cut_all(parameters: Numbers, ranks: int) -> list[list[float]]:
    """Cut the parameters, strung together and filled up, into one stretch for each process."""
    strung = [number for _, numbers in parameters.values() for number in numbers]
    strung += [-1.0] * (-len(strung) % (2 * ranks))
    size = len(strung) // ranks
    return [strung[rank * size : (rank + 1) * size] for rank in range(ranks)]


def _cut_each(parameters: Numbers, ranks: int) -> list[list[float]]:
    """Cut each parameter, filled up, into one part for each process."""
    flat: list[list[float]] = [[] for _ in range(ranks)]
    for _, numbers in parameters.values():
        size = -(-len(numbers) // ranks)
        filled = numbers + [-1.0] * (size * ranks - len(numbers))
        for rank in range(ranks):
            flat[rank] += filled[rank * size : (rank + 1) * size]
    return flat


def _model_states(parameters: Numbers, stage: int, ranks: int, config: str) -> bytes:
    module = {
        each: tensor(str(number), shape if stage < 3 else (0,), kind="BFloat16")
        for number, (each, (shape, _)) in enumerate(parameters.items())
    }
    sizes = {each: call(name("torch", "Size"), shape) for each, (shape, _) in parameters.items()}
    content = {
        "module": ordered(module, ordered({"": {"version": 1}})),
        "buffer_names": [],
        "optimizer": None,
        "param_shapes": [ordered(sizes)],
        "frozen_param_shapes": None,
        "shared_params": {},
        "sparse_tensor_module_names": call(name("__builtin__", "set"), []),
        "dp_world_size": ranks,
        "ds_config": {"zero_optimization": {"stage": stage}, "bf16": {"enabled": True}},
        "meta": {"epoch": 0, "iter": 3, "cfg": config},
        "message_hub": {"log_scalars": ordered({"train/loss": history([2.0])})},
    }
    storages = {
        str(number): bytes(2 * prod(shape) if stage < 3 else 0)
        for number, (shape, _) in enumerate(parameters.values())
    }
    return torch_file(content, storages)


def _optimizer_states(parameters: Numbers, flat: list[float], stage: int, ranks: int) -> bytes:
    vector = tensor("0", (len(flat),))
    inner: dict[str, Any] = {
        "loss_scaler": _object("deepspeed.runtime.fp16.loss_scaler", "LossScaler", cur_scale=1.0),
        "overflow": False,
        "zero_stage": call(name("deepspeed.runtime.zero.config", "ZeroStageEnum"), stage),
    }
    if stage == 3:
        inner |= {"partition_count": ranks, "fp32_flat_groups": [_subclass(vector)]}
    else:
        slices = {
            each: _object("deepspeed.utils.tensor_fragment", "fragment_address", numel=1, start=0)
            for each in parameters
        }
        inner |= {
            "partition_count": [ranks],
            "single_partition_of_fp32_groups": [vector],
            "param_alignment_paddings": [[0] * len(parameters)],
            "param_slice_mappings": [ordered(slices)],
        }
    content = {"optimizer_state_dict": inner, "ds_version": "0.19.8"}
    return torch_file(content, {"0": struct.pack(f"<{len(flat)}f", *flat)})


def _subclass(made: Opcodes) -> Opcodes:
    """Return a tensor as torch writes one with attributes: its call is an argument of another."""
    function = name("torch._utils", "_rebuild_tensor_v2")
    arguments = made.removeprefix(function).removesuffix(b"R")
    rebuild = name("torch._tensor", "_rebuild_from_type_v2")
    return call(rebuild, function, name("torch", "Tensor"), Opcodes(arguments), {})


def _object(module: str, cls: str, **state: Any) -> Opcodes:
    return build(Opcodes(name(module, cls) + b")\x81"), state)
