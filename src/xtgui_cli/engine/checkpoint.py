"""Reads the weights that a run trained out of a `.pth`, without running anything in it."""

from __future__ import annotations

import pickle
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.errors import Exit, XtguiError
from .config_facts import ConfigFacts, read_unsure_facts

if TYPE_CHECKING:
    import torch
    from torch import Tensor

_LLM = "llm."
"""xtuner's SupervisedFinetune holds the language model under this name."""
_LORA = re.compile(r"\.lora_[AB]\.")
_LORA_WEIGHT = re.compile(r"(\.lora_[AB])\.weight$")
"""As peft writes them, without the adapter's own name."""


@dataclass(frozen=True)
class TrainedState:
    """What a checkpoint holds of a model."""

    tensors: dict[str, Tensor]
    """Parameters by their names in the language model; memory-mapped, read when used."""
    config: ConfigFacts
    """What the config says under which they were trained."""

    @property
    def is_adapter(self) -> bool:
        """Whether these are LoRA matrices and not a whole model."""
        return any(_LORA.search(name) for name in self.tensors)


def read_checkpoint(path: Path) -> TrainedState:
    """Give the trained weights of a checkpoint; its optimizer's state is not read from the disk.

    Raises — XtguiError "convert.checkpoint_missing", "convert.deepspeed_folder",
    "convert.not_a_checkpoint", "convert.checkpoint_damaged", "convert.checkpoint_unsafe" (it asks
    for a name that is not on the list of `unpickler.py`).
    """
    _check_shape(path)
    content = _load(path)
    tensors = content.get("state_dict") if isinstance(content, dict) else None
    if not isinstance(tensors, dict) or not tensors:
        raise _not_a_checkpoint(path)
    import torch

    trained = {
        name.removeprefix(_LLM): tensor
        for name, tensor in tensors.items()
        if isinstance(name, str) and name.startswith(_LLM) and isinstance(tensor, torch.Tensor)
    }
    if not trained:
        raise _not_a_checkpoint(path)
    meta = content.get("meta")
    text = meta.get("cfg") if isinstance(meta, dict) else None
    return TrainedState(trained, read_unsure_facts(text))


def put_weights(llm: torch.nn.Module, path: Path) -> None:
    """Give a model that is being trained the weights that a checkpoint of its run holds.

    Args:
        llm: With the adapter in it, where one is trained; changed in place.
        path: The checkpoint.

    Raises:
        XtguiError: As `read_checkpoint` does, and "convert.adapter_strange" for a weight that the
            model has not.
    """
    own = llm.state_dict()
    for name, tensor in read_checkpoint(path).tensors.items():
        target = own.get(name, own.get(_LORA_WEIGHT.sub(r"\1.default.weight", name)))
        if target is None or target.shape != tensor.shape:
            raise XtguiError("convert.adapter_strange", Exit.ANSWERS, name=name)
        target.copy_(tensor)


def _check_shape(path: Path) -> None:
    """Refuse what torch.load would read with another reader: old formats, TorchScript."""
    if path.is_dir():
        raise XtguiError("convert.deepspeed_folder", Exit.ANSWERS, file=str(path))
    if not path.is_file():
        raise XtguiError("convert.checkpoint_missing", Exit.ANSWERS, file=str(path))
    with path.open("rb") as file:
        starts_as_zip = file.read(4) == b"PK\x03\x04"
    if not starts_as_zip:
        raise _not_a_checkpoint(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = {name.rpartition("/")[2] for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise _damaged(path, error) from error
    if "data.pkl" not in members or "constants.pkl" in members:
        raise _not_a_checkpoint(path)


def _load(path: Path) -> Any:
    import torch

    from . import unpickler

    try:
        return torch.load(
            path, map_location="cpu", mmap=True, weights_only=False, pickle_module=unpickler
        )
    except unpickler.RefusedName as error:
        raise XtguiError(
            "convert.checkpoint_unsafe", Exit.ANSWERS, file=str(path), name=error.name
        ) from error
    except (
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
    ) as error:
        raise _damaged(path, error) from error


def _not_a_checkpoint(path: Path) -> XtguiError:
    return XtguiError("convert.not_a_checkpoint", Exit.ANSWERS, file=str(path))


def _damaged(path: Path, error: Exception) -> XtguiError:
    reason = str(error).partition("\n")[0]
    return XtguiError("convert.checkpoint_damaged", Exit.ANSWERS, file=str(path), reason=reason)
