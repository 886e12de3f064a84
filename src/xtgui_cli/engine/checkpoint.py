"""Reads the weights that a run trained from a `.pth`, without running anything in it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..shared.checkpoint_faults import CheckpointFault
from ..shared.errors import Exit, XtguiError
from .checkpoint_reader.checkpoint_file import CheckpointFile, open_checkpoint
from .checkpoint_reader.errors import CheckpointError
from .checkpoint_reader.stand_ins import Tensor
from .checkpoint_reader.tree import value_at
from .config_facts import ConfigFacts, read_unsure_facts
from .deepspeed_folder import read_folder
from .trained_tensor import Part, TrainedTensor

if TYPE_CHECKING:
    import torch

T = TypeVar("T")
_LLM = "llm."
"""The name under which xtuner's SupervisedFinetune holds the language model."""
_LORA = re.compile(r"\.lora_[AB]\.")
_LORA_WEIGHT = re.compile(r"(\.lora_[AB])\.weight$")
"""As peft writes them, without the adapter's own name."""


@dataclass(frozen=True)
class TrainedState:
    """What a checkpoint holds of a model."""

    tensors: dict[str, TrainedTensor]
    """Parameters, by their names in the language model."""
    config: ConfigFacts
    """The facts of the config that they were trained with."""
    files: dict[Path, CheckpointFile]

    @property
    def is_adapter(self) -> bool:
        """Whether these are LoRA matrices rather than a complete model."""
        return any(_LORA.search(name) for name in self.tensors)

    @property
    def size(self) -> int:
        """Total size of the files, in bytes."""
        return sum(file.size for file in self.files.values())

    @property
    def changed_ns(self) -> int:
        """When one of the files was last changed, in nanoseconds."""
        return max(file.changed_ns for file in self.files.values())

    def verify(self, *, is_alone: bool = True) -> None:
        """Compare all files with their checksums.

        Args:
            is_alone: Whether several threads may read and compute, since nothing else does.

        Raises:
            CheckpointError: CHECKSUM, with the file in its data.
        """
        for path, file in self.files.items():
            try:
                file.verify(is_alone=is_alone)
            except CheckpointError as error:
                error.data["file"] = str(path)
                raise


@contextlib.contextmanager
def open_trained(path: Path) -> Iterator[TrainedState]:
    """Open the trained weights of a checkpoint without reading them.

    Args:
        path: A `.pth`, or the folder that DeepSpeed writes instead.

    Raises:
        XtguiError: "convert.checkpoint_missing" and those of `read_folder`.
        CheckpointError: If something is wrong with the file, also within the block.
    """
    with contextlib.ExitStack() as stack:
        if path.is_dir():
            folder = read_folder(path, stack)
            tensors, content, files = folder.tensors, folder.content, folder.files
        else:
            try:
                file = stack.enter_context(open_checkpoint(path))
            except FileNotFoundError as error:
                raise XtguiError(
                    "convert.checkpoint_missing", Exit.ANSWERS, file=str(path)
                ) from error
            content, files = file.read(), {path: file}
            tensors = {
                f"{_LLM}{name}": TrainedTensor(tensor.shape, (Part(file, tensor),))
                for name, tensor in trained_tensors(content).items()
            }
        config = read_unsure_facts(value_at(content, "meta.cfg"))
        yield TrainedState(_of_language_model(tensors), config, files)


def trained_tensors(content: Any) -> dict[str, Tensor]:
    """Return a checkpoint's tensors by their names in the language model.

    Raises:
        CheckpointError: NO_WEIGHTS if there are none.
    """
    state = value_at(content, "state_dict")
    tensors = {
        name: tensor
        for name, tensor in (state if isinstance(state, dict) else {}).items()
        if isinstance(name, str) and isinstance(tensor, Tensor)
    }
    return _of_language_model(tensors)


def _of_language_model(tensors: Mapping[str, T]) -> dict[str, T]:
    trained = {
        name.removeprefix(_LLM): tensor for name, tensor in tensors.items() if name.startswith(_LLM)
    }
    if not trained:
        raise CheckpointError(CheckpointFault.NO_WEIGHTS)
    return trained


def to_torch(tensor: TrainedTensor) -> torch.Tensor:
    """Read a tensor into memory."""
    import torch

    content = bytearray().join(tensor.pieces())
    dtype = getattr(torch, tensor.dtype)
    flat = torch.frombuffer(content, dtype=dtype) if content else torch.empty(0, dtype=dtype)
    return flat.reshape(tensor.shape)


def put_weights(llm: torch.nn.Module, path: Path) -> None:
    """Load the weights of a run's checkpoint into the model that is being trained.

    Args:
        llm: Changed in place; includes the adapter, if one is trained.
        path: The checkpoint.

    Raises:
        XtguiError: Those of `open_trained`, and "convert.adapter_strange" for a weight that the
            model does not have.
        CheckpointError: If something is wrong with the file.
    """
    own = llm.state_dict()
    with open_trained(path) as state:
        state.verify()
        for name, tensor in state.tensors.items():
            target = own.get(name, own.get(_LORA_WEIGHT.sub(r"\1.default.weight", name)))
            if target is None or target.shape != tensor.shape:
                raise XtguiError("convert.adapter_strange", Exit.ANSWERS, name=name)
            target.copy_(to_torch(tensor))
