"""Writes a complete model with transformers, if its files and layers differ in names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..shared.errors import Exit, XtguiError
from .base_model import dtype_option, torch_dtype

if TYPE_CHECKING:
    from torch import Tensor


def write_model(
    tensors: Mapping[str, Tensor], base: Path, dtype: str, folder: Path, *, trust_remote_code: bool
) -> None:
    """Write a complete model: the tensors, in *dtype*, with the base's config.

    Raises:
        XtguiError: "convert.does_not_fit" if names or shapes are not those of the base.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, GenerationConfig

    from .compat_own_code import load_older_code

    load_older_code()
    config = AutoConfig.from_pretrained(base, trust_remote_code=trust_remote_code)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, trust_remote_code=trust_remote_code)
    wanted = torch_dtype(dtype)
    cast = {
        name: tensor.to(wanted) if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }
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
    for name, value in dtype_option(wanted).items():
        setattr(model.config, name, value)
    model.save_pretrained(folder)
