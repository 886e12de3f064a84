"""Makes a Hugging Face folder of a checkpoint: an adapter, or a whole model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.errors import Exit, XtguiError
from .adapter import adapter_from, write_adapter
from .base_model import (
    check_base,
    choose_dtype,
    copy_model_code,
    copy_tokenizer,
    dtype_option,
    torch_dtype,
)
from .checkpoint import TrainedState, open_trained
from .compat_own_code import load_older_code
from .config_facts import ConfigFacts, read_unsure_facts
from .serve import Reply
from .whole_folder import intact_record, whole_folder

if TYPE_CHECKING:
    from torch import Tensor


def run(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Convert `checkpoint` (a `.pth`) into the folder `out`.

    Also asked with — config: the run's config file; base: the base model's folder, None where the
    configs are to say it; dtype: for a whole model, None for the base's own; trust_remote_code.
    Gives — out, base, kind ("adapter" or "model"), dtype, method, reused (an equal result was
    there already).
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
    base = check_base(_base(request.get("base"), written, state.config))
    dtype = "float32" if state.is_adapter else choose_dtype(base, request.get("dtype"))
    record = {
        "made": "adapter" if state.is_adapter else "model",
        "checkpoint": checkpoint.name,
        "bytes": checkpoint.stat().st_size,
        "changed": checkpoint.stat().st_mtime_ns,
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
        return {**result, "reused": True}
    state.verify()
    with whole_folder(out, record, _needed_bytes(state, dtype)) as folder:
        reply.enter("saving")
        if state.is_adapter:
            write_adapter(adapter_from(state.tensors, state.config, written), base, folder)
        else:
            trust = bool(request.get("trust_remote_code"))
            weights_dtype = torch_dtype(dtype)
            write_model(state.tensors, base, weights_dtype, folder, trust_remote_code=trust)
        copy_tokenizer(base, folder)
    return {**result, "reused": False}


def write_model(
    tensors: Mapping[str, Tensor],
    base: Path,
    dtype: Any,
    folder: Path,
    *,
    trust_remote_code: bool = False,
) -> None:
    """Write a whole model: the tensors, in *dtype*, under the base's config.

    Raises — XtguiError "convert.does_not_fit" when names or shapes are not those of the base.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, GenerationConfig

    load_older_code()
    config = AutoConfig.from_pretrained(base, trust_remote_code=trust_remote_code)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, trust_remote_code=trust_remote_code)
    cast = {name: tensor.to(dtype) for name, tensor in tensors.items()}
    try:
        missing, unexpected = model.load_state_dict(cast, strict=False, assign=True)
    except RuntimeError as error:
        reason = str(error).partition("\n")[2].strip().partition("\n")[0]
        raise XtguiError("convert.does_not_fit", Exit.ANSWERS, reason=reason) from error
    model.tie_weights()
    absent = [name for name in missing if model.get_parameter(name).is_meta]
    if absent or unexpected:
        reason = ", ".join([*absent, *unexpected][:3])
        raise XtguiError("convert.does_not_fit", Exit.ANSWERS, reason=reason)
    if (base / "generation_config.json").is_file():
        model.generation_config = GenerationConfig.from_pretrained(base)
    for name, value in dtype_option(dtype).items():
        setattr(model.config, name, value)
    model.save_pretrained(folder)
    copy_model_code(base, folder)


def _read_config_file(path: str | None) -> ConfigFacts:
    try:
        text = Path(path).read_text("utf-8", errors="replace") if path else ""
    except OSError:
        text = ""
    return read_unsure_facts(text)


def _base(asked: str | None, written: ConfigFacts, trained: ConfigFacts) -> Path:
    """Give the base model's folder: the run's own config is asked first, since a model may have
    moved since the checkpoint was written."""
    for path in (asked, written.model, trained.model):
        if path and (Path(path) / "config.json").is_file():
            return Path(path).resolve()
    found = asked or written.model or trained.model
    if found is None:
        raise XtguiError("convert.base_unknown", Exit.ANSWERS)
    return Path(found)


def _method(state: TrainedState, written: ConfigFacts) -> str:
    if not state.is_adapter:
        return "full"
    source = state.config if state.config.model else written
    return source.method if source.trains_adapter else "lora"


def _needed_bytes(state: TrainedState, dtype: str) -> int:
    size = torch_dtype(dtype).itemsize
    values = sum(tensor.numel() for tensor in state.tensors.values())
    return int(values * size * 1.02) + (32 << 20)
