"""The base model's folder: its dtype, its size, and the files that are copied into a result."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.errors import Exit, XtguiError
from ..shared.json_values import mapping
from ..shared.regular_file import read_json
from .weights.weight_files import open_weights

if TYPE_CHECKING:
    import torch

DTYPES = ("float32", "float16", "bfloat16")
_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".gguf", ".h5", ".msgpack", ".onnx", ".ckpt")
_ALONG = (
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.*",
    "merges.txt",
    "chat_template.*",
    "*.model",
    "*.tiktoken",
)
"""The files that a tokenizer may consist of."""


def check_base(base: Path) -> Path:
    """Return the folder.

    Raises:
        XtguiError: "convert.base_missing" if it holds no model.
    """
    if not (base / "config.json").is_file():
        raise XtguiError("convert.base_missing", Exit.ANSWERS, folder=str(base))
    return base


Shapes = Mapping[str, tuple[int, ...]]
"""Shapes of tensors, by name."""


def read_shapes(base: Path) -> Shapes:
    """Return the shapes of all tensors, from the headers of the files; empty if there are no files.

    Raises:
        XtguiError: Those of `open_weights`, for files that cannot be read.
        CheckpointError: If something is wrong with a `.bin`.
    """
    if not weight_bytes(base):
        return {}
    with open_weights(base) as weights:
        return {name: tensor.spec.shape for name, tensor in weights.tensors.items()}


def require_shape(base: Path, name: str, found: tuple[int, ...], needed: tuple[int, ...]) -> None:
    """Raise an error unless a tensor of the base has the shape that the checkpoint needs.

    Raises:
        XtguiError: "convert.other_base".
    """
    if found != needed:
        shown, wanted = (" × ".join(map(str, shape)) or "1" for shape in (found, needed))
        raise XtguiError(
            "convert.other_base",
            Exit.ANSWERS,
            base=str(base),
            name=name,
            found=shown,
            needed=wanted,
        )


def read_config(base: Path) -> dict[str, Any]:
    """Return the model's config.json; {} if it cannot be read."""
    try:
        return dict(mapping(read_json(base / "config.json")))
    except (OSError, ValueError):
        return {}


def choose_dtype(base: Path, asked: str | None) -> str:
    """Return the dtype of a result: *asked*, else the base's own, else float16."""
    if asked:
        return asked
    config = read_config(base)
    own = config.get("dtype") or config.get("torch_dtype")
    return own if own in DTYPES else "float16"


def torch_dtype(name: str) -> torch.dtype:
    """Return torch's own object for a dtype's name."""
    import torch

    dtype: torch.dtype = getattr(torch, name)
    return dtype


def dtype_option(dtype: torch.dtype) -> dict[str, torch.dtype]:
    """Return a dtype as an argument of from_pretrained, which transformers 5 has renamed."""
    import transformers

    return {"torch_dtype" if transformers.__version__.startswith("4.") else "dtype": dtype}


def weight_bytes(base: Path) -> int:
    """Return the size of the model's weights on the disk, 0 if they are not here."""
    return sum(path.stat().st_size for path in base.iterdir() if path.suffix in _WEIGHTS)


def copy_tokenizer(base: Path, folder: Path) -> None:
    """Copy the tokenizer's files, so that the folder works by itself."""
    for pattern in _ALONG:
        for path in base.glob(pattern):
            if path.is_file() and path.suffix not in _WEIGHTS:
                shutil.copyfile(path, folder / path.name)


def write_config(base: Path, folder: Path, dtype: str, **changes: Any) -> None:
    """Write the config and the generation config of a model whose weights have a new dtype.

    Args:
        base: The model's folder, with the old config.
        folder: Where to write.
        dtype: The new dtype of the weights.
        **changes: Other values to change.
    """
    config = read_config(base) | changes
    parts = [config, *(part for part in config.values() if isinstance(part, dict))]
    names = ("dtype", "torch_dtype")  # transformers 5 has given it another name, and reads both
    found = [(part, name) for part in parts for name in names if name in part]
    for part, name in found or [(config, names[-1])]:
        part[name] = dtype
    text = json.dumps(config, ensure_ascii=False, indent=2) + "\n"
    (folder / "config.json").write_text(text, "utf-8")
    if (base / "generation_config.json").is_file():
        shutil.copyfile(base / "generation_config.json", folder / "generation_config.json")


def copy_model_code(base: Path, folder: Path) -> None:
    """Copy the Python files of a model that comes with its own code."""
    for path in base.glob("*.py"):
        shutil.copyfile(path, folder / path.name)
