"""Converts a checkpoint to a Hugging Face folder: an adapter or a complete model."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..shared.errors import Exit, XtguiError
from .adapter import adapter_from, peft_name, require_base, write_adapter_config
from .base_model import (
    check_base,
    choose_dtype,
    copy_model_code,
    copy_tokenizer,
    read_shapes,
    write_config,
)
from .checkpoint import TrainedState, open_trained, to_torch
from .config_facts import ConfigFacts, read_unsure_facts
from .meanwhile import meanwhile
from .serve import Reply
from .trained_weights import as_in_base, specs, write_tensors
from .weights.safetensors_writer import plan_shards, planned_bytes
from .whole_folder import clear_leftovers, flush, intact_record, made_from, whole_folder

_ONE_FILE = sys.maxsize
"""peft reads an adapter from a single file."""
_SMALL_FILES = 32 << 20
"""Bytes that tokenizer and configs may take."""


def run(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Convert a checkpoint.

    Args:
        request: `checkpoint`: a `.pth`; `out`: the folder to write; `config`: the run's config
            file; `base`: the base model's folder, None to take it from the configs; `dtype`: for a
            complete model, None for that of the base; `trust_remote_code`.
        reply: Receives phases and progress.

    Returns:
        `out`, `base`, `kind` ("adapter" or "model"), `dtype`, `method`, `reused` (whether
        an equal result existed already).
    """
    checkpoint = Path(request["checkpoint"])
    reply.enter("reading")
    with open_trained(checkpoint) as state:
        return _convert(checkpoint, state, request, reply)


def _convert(
    checkpoint: Path, state: TrainedState, request: Mapping[str, Any], reply: Reply
) -> dict[str, Any]:
    out = Path(request["out"])
    written = _read_config_file(request.get("config"))
    earlier = (made_from(out) or {}).get("base")
    base = check_base(_find_base(request.get("base"), written.model, state.config.model, earlier))
    dtype = _trained_dtype(state) if state.is_adapter else choose_dtype(base, request.get("dtype"))
    record = {
        "made": "adapter" if state.is_adapter else "model",
        "checkpoint": checkpoint.name,
        "bytes": state.size,
        "changed": state.changed_ns,
        "base": str(base),
        "dtype": dtype,
    }
    result = {
        "out": str(out),
        "base": str(base),
        "kind": record["made"],
        "dtype": dtype,
        "method": _method(state, written),
    }
    if intact_record(out) == record:
        clear_leftovers(out)
        return {**result, "reused": True}
    with meanwhile(partial(state.verify, is_alone=False)) as finish_verifying:
        if state.is_adapter:
            plan = _plan_adapter(state, written, base)
        else:
            trust = bool(request.get("trust_remote_code"))
            plan = _plan_model(state, base, dtype, trust_remote_code=trust)
        with whole_folder(out, record, plan.needed_bytes + _SMALL_FILES) as folder:
            reply.enter("saving")
            plan.write(folder, reply)
            copy_tokenizer(base, folder)
            flush(folder)
            finish_verifying()
    return {**result, "reused": False}


@dataclass(frozen=True)
class _Plan:
    """The planned result, checked against the base before anything is written."""

    needed_bytes: int
    write: Callable[[Path, Reply], None]
    """Writes the weights and their configs into a folder."""


def _plan_adapter(state: TrainedState, written: ConfigFacts, base: Path) -> _Plan:
    """Plan adapter_model.safetensors, with all numbers as trained, and its config."""
    adapter = adapter_from(state.tensors, state.config, written)
    require_base(adapter, base, read_shapes(base))
    named = {peft_name(name): tensor for name, tensor in state.tensors.items()}
    shards = plan_shards(specs(named), "adapter_model", _ONE_FILE)

    def write(folder: Path, reply: Reply) -> None:
        write_tensors(named, folder, shards, reply)
        write_adapter_config(adapter, base, folder)

    return _Plan(planned_bytes(shards), write)


def _plan_model(state: TrainedState, base: Path, dtype: str, *, trust_remote_code: bool) -> _Plan:
    """Plan the weights under their names in the base, the config and the model's own code.

    It loads transformers only if the base's files name weights differently than the model does, for
    example if the model keeps its experts in one tensor.
    """
    named = as_in_base(state.tensors, base, read_shapes(base))
    shards = plan_shards(specs(named or state.tensors, dtype))

    def write(folder: Path, reply: Reply) -> None:
        if named is None:
            _write_by_library(state, base, dtype, folder, trust_remote_code=trust_remote_code)
        else:
            write_tensors(named, folder, shards, reply)
            write_config(base, folder, dtype)
        copy_model_code(base, folder)

    return _Plan(planned_bytes(shards), write)


def _write_by_library(
    state: TrainedState, base: Path, dtype: str, folder: Path, *, trust_remote_code: bool
) -> None:
    from .model_by_library import write_model

    tensors = {name: to_torch(tensor) for name, tensor in state.tensors.items()}
    write_model(tensors, base, dtype, folder, trust_remote_code=trust_remote_code)


def _read_config_file(path: str | None) -> ConfigFacts:
    try:
        text = Path(path).read_text("utf-8", errors="replace") if path else ""
    except OSError:
        text = ""
    return read_unsure_facts(text)


def _find_base(*said: str | None) -> Path:
    """Return the base model's folder: the first candidate that contains a model.

    The run's config comes first, since the model may have moved since the checkpoint was written;
    an earlier result, for which the user named the folder, comes last.
    """
    paths = [Path(path) for path in said if path]
    if not paths:
        raise XtguiError("convert.base_unknown", Exit.ANSWERS)
    return next((path.resolve() for path in paths if (path / "config.json").is_file()), paths[0])


def _method(state: TrainedState, written: ConfigFacts) -> str:
    if not state.is_adapter:
        return "full"
    source = state.config if state.config.model else written
    return source.method if source.trains_adapter else "lora"


def _trained_dtype(state: TrainedState) -> str:
    return " ".join(sorted({tensor.dtype for tensor in state.tensors.values()}))
