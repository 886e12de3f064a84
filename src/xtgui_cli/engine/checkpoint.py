"""Reads the weights that a run trained out of a `.pth`, without running anything in it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.checkpoint_faults import CheckpointFault
from ..shared.errors import Exit, XtguiError
from .checkpoint_reader.checkpoint_file import CheckpointFile, open_checkpoint
from .checkpoint_reader.errors import CheckpointError
from .checkpoint_reader.stand_ins import Tensor
from .checkpoint_reader.tree import value_at
from .checkpoint_values import TensorMaker
from .config_facts import ConfigFacts, read_unsure_facts

if TYPE_CHECKING:
    import torch

_LLM = "llm."
"""xtuner's SupervisedFinetune holds the language model under this name."""
_LORA = re.compile(r"\.lora_[AB]\.")
_LORA_WEIGHT = re.compile(r"(\.lora_[AB])\.weight$")
"""As peft writes them, without the adapter's own name."""


@dataclass(frozen=True)
class TrainedState:
    """What a checkpoint holds of a model."""

    tensors: dict[str, Tensor]
    """Parameters by their names in the language model; `file.pieces` gives their bytes."""
    config: ConfigFacts
    """What the config says under which they were trained."""
    file: CheckpointFile

    @property
    def is_adapter(self) -> bool:
        """Whether these are LoRA matrices and not a whole model."""
        return any(_LORA.search(name) for name in self.tensors)


@contextlib.contextmanager
def open_trained(path: Path) -> Iterator[TrainedState]:
    """Open the trained weights of a checkpoint, without reading one of them.

    Raises:
        XtguiError: "convert.checkpoint_missing", "convert.deepspeed_folder".
        CheckpointError: For all that is wrong with the file, also within the block.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(open_checkpoint(path))
        except FileNotFoundError as error:
            raise XtguiError("convert.checkpoint_missing", Exit.ANSWERS, file=str(path)) from error
        except IsADirectoryError as error:
            raise XtguiError("convert.deepspeed_folder", Exit.ANSWERS, file=str(path)) from error
        content = file.read()
        config = read_unsure_facts(value_at(content, "meta.cfg"))
        yield TrainedState(trained_tensors(content), config, file)


def trained_tensors(content: Any) -> dict[str, Tensor]:
    """Return a checkpoint's tensors by their names in the language model.

    Raises:
        CheckpointError: NO_WEIGHTS.
    """
    state = value_at(content, "state_dict")
    trained = {
        name.removeprefix(_LLM): tensor
        for name, tensor in (state if isinstance(state, dict) else {}).items()
        if isinstance(name, str) and name.startswith(_LLM) and isinstance(tensor, Tensor)
    }
    if not trained:
        raise CheckpointError(CheckpointFault.NO_WEIGHTS)
    return trained


def put_weights(llm: torch.nn.Module, path: Path) -> None:
    """Give a model that is being trained the weights that a checkpoint of its run holds.

    Args:
        llm: With the adapter in it, where one is trained; changed in place.
        path: The checkpoint.

    Raises:
        XtguiError: As `open_trained` does, and "convert.adapter_strange" for a weight that the
            model has not.
        CheckpointError: For all that is wrong with the file.
    """
    own = llm.state_dict()
    with open_trained(path) as state:
        state.file.verify()
        trained = TensorMaker(state.file.map())
        for name, tensor in state.tensors.items():
            target = own.get(name, own.get(_LORA_WEIGHT.sub(r"\1.default.weight", name)))
            if target is None or target.shape != tensor.shape:
                raise XtguiError("convert.adapter_strange", Exit.ANSWERS, name=name)
            target.copy_(trained.make(tensor))
