"""A model whose large weights are read from their files only while they are used.

It computes the same as the complete model, with one matrix in memory at a time.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy
import torch
from torch import Tensor, nn

from ..base_model import dtype_option
from ..quick_imports import skipped_initialization
from ..weights.dtypes import DTYPES
from ..weights.weight_files import StoredTensor
from .fold import as_tensor, load
from .plan import WeightNames
from .reused_memory import ReusedMemory

RESIDENT_BYTES = 1 << 20
"""Weights up to this many bytes as float32 stay in memory: norms, biases and the like."""

_LOGITS_BYTES = 8 << 20
"""Maximum bytes of logits, and of the weights that they are computed with, in memory."""

_Stored: TypeAlias = Mapping[str, StoredTensor]

Change = Callable[[Tensor], Tensor]
"""Turns a weight into what it was in training, both float32."""


class UnreadableModelError(Exception):
    """The model class has weights that the files lack or name differently."""


@dataclass(frozen=True)
class Parts:
    """A model without its large weights."""

    model: Any
    """The transformers model, with all its large weights missing."""
    sources: Mapping[nn.Module, Mapping[str, StoredTensor]]
    """Sources of a module's missing weights, by their names in the module."""
    head: nn.Module | None
    """Its output layer, if that is a plain matrix."""


def build(folder: Path, tensors: Mapping[str, StoredTensor], *, trust_remote_code: bool) -> Parts:
    """Build a model of the class named in a folder's config.

    Args:
        folder: Folder of the model.
        tensors: Its weights, by their names in the files.
        trust_remote_code: Whether the class may come from the folder.

    Raises:
        UnreadableModelError: If a weight of the class is missing.
    """
    from accelerate import init_empty_weights
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.from_pretrained(folder, trust_remote_code=trust_remote_code)
    with skipped_initialization(), init_empty_weights(include_buffers=False):
        model = AutoModelForCausalLM.from_config(
            config, trust_remote_code=trust_remote_code, **dtype_option(torch.float32)
        )
    model.tie_weights()
    model.eval()
    places = _places(model)
    known = WeightNames(tensors)
    sources: dict[nn.Module, dict[str, StoredTensor]] = {}
    for parameter, of_parameter in places.items():
        names = [name for name, _, _ in of_parameter]
        found = [name for name in names if name in tensors] or filter(None, map(known.find, names))
        stored = next((tensors[name] for name in found), None)
        if (
            stored is None
            or stored.spec.shape != tuple(parameter.shape)
            or not stored.spec.is_float
        ):
            raise UnreadableModelError(names[0])
        for _, module, attribute in of_parameter:
            sources.setdefault(module, {})[attribute] = stored
            setattr(module, attribute, _absent(parameter.shape))
    for name, buffer in model.named_buffers():
        if name in tensors and tensors[name].spec.shape == tuple(buffer.shape):
            buffer.copy_(load(tensors[name]))
    head = model.get_output_embeddings()
    return Parts(model, sources, head if type(head) is nn.Linear else None)


def _places(model: nn.Module) -> dict[nn.Parameter, list[tuple[str, nn.Module, str]]]:
    """Return the uses of each parameter: name, module, and its name in the module."""
    places: dict[nn.Parameter, list[tuple[str, nn.Module, str]]] = {}
    for path, module in model.named_modules():
        for attribute, parameter in module._parameters.items():
            if parameter is not None:
                name = f"{path}.{attribute}" if path else attribute
                places.setdefault(parameter, []).append((name, module, attribute))
    return places


def _absent(shape: torch.Size) -> nn.Parameter:
    """Return a weight of any size that takes no memory and makes any result nan."""
    return nn.Parameter(torch.full((1,), torch.nan).expand(shape), requires_grad=False)


def attach(
    parts: Parts,
    device: torch.device,
    changes: Mapping[nn.Module, Change],
    *,
    in_bfloat16: bool = False,
) -> None:
    """Read the small weights of a model now, and the large ones whenever they are used.

    Args:
        parts: The model, which may have adapters by now.
        device: Device to compute on.
        changes: Changes to the weights of some modules before use.
        in_bfloat16: Whether large linear layers that are stored as bfloat16 multiply in it.
    """
    memory = ReusedMemory()
    for module in parts.model.modules():
        for name, buffer in module._buffers.items():
            module._buffers[name] = None if buffer is None else buffer.to(device)
        if module not in parts.sources:
            for name, parameter in module._parameters.items():
                if parameter is not None:
                    module._parameters[name] = _parameter(parameter.to(device))
    for module, stored in parts.sources.items():
        loan = _Loan(stored, memory, device, changes.get(module))
        if in_bfloat16 and loan.is_stored_in_bfloat16(module):
            loan.attach_bfloat16(module)
        else:
            loan.attach(module)


def _is_large(tensor: StoredTensor) -> bool:
    return 4 * tensor.spec.count > RESIDENT_BYTES


def _parameter(tensor: Tensor) -> nn.Parameter:
    return nn.Parameter(tensor, requires_grad=False)


@dataclass(frozen=True)
class _Loan:
    """Gives a module its large weights while it computes."""

    stored: Mapping[str, StoredTensor]
    memory: ReusedMemory
    device: torch.device
    change: Change | None
    lent: dict[str, Tensor] = field(default_factory=dict)

    def is_stored_in_bfloat16(self, module: nn.Module) -> bool:
        """Return whether a module is a large linear layer with bfloat16 weights as they are."""
        return (
            type(module) is nn.Linear
            and self.change is None
            and _is_large(self.stored["weight"])
            and all(tensor.spec.dtype == "bfloat16" for tensor in self.stored.values())
        )

    def attach_bfloat16(self, module: nn.Module) -> None:
        """Let a linear layer round its inputs and outputs to bfloat16."""
        if "bias" in self.stored:
            module._parameters["bias"] = _parameter(load(self.stored["bias"]).to(self.device))
        module.register_forward_pre_hook(self._give_bfloat16)
        module.register_forward_hook(self._take_bfloat16)

    def _give_bfloat16(self, module: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        weight = mapped(self.stored["weight"])
        module._parameters["weight"] = _parameter(weight.to(self.device))
        return (inputs[0].to(torch.bfloat16), *inputs[1:])

    def _take_bfloat16(self, module: nn.Module, inputs: Any, outputs: Tensor) -> Tensor:
        self._take({"weight": self.stored["weight"]}, module, inputs, outputs)
        return outputs.float()

    def attach(self, module: nn.Module) -> None:
        large = {name: one for name, one in self.stored.items() if _is_large(one)}
        for name, tensor in self.stored.items():
            if name not in large:
                weight = self._changed(load(tensor).float())
                module._parameters[name] = _parameter(weight.to(self.device))
        if large:
            module.register_forward_pre_hook(functools.partial(self._give, large))
            module.register_forward_hook(functools.partial(self._take, large))

    def _give(self, large: _Stored, module: nn.Module, inputs: tuple[Any, ...]) -> None:
        for name, tensor in large.items():
            if isinstance(module, nn.Embedding):
                weight = self._rows(tensor, inputs[0])
            else:
                weight = self._lend(name, tensor)
            module._parameters[name] = _parameter(weight.to(self.device))

    def _lend(self, name: str, tensor: StoredTensor) -> Tensor:
        """Return a weight in new memory, or in lent memory that `_take` returns."""
        lent = self.memory.take(tensor.spec.count, torch.float32).view(tensor.spec.shape)
        lent.copy_(mapped(tensor))
        weight = self._changed(lent).to(self.device)
        if weight.data_ptr() == lent.data_ptr():
            self.lent[name] = lent
        else:
            self.memory.give_back(lent)
        return weight

    def _take(self, large: _Stored, module: nn.Module, _inputs: Any, _outputs: Any) -> None:
        for name, tensor in large.items():
            if name in self.lent:
                self.memory.give_back(self.lent.pop(name))
            module._parameters[name] = _absent(torch.Size(tensor.spec.shape))

    def _changed(self, weight: Tensor) -> Tensor:
        """Change a matrix; a bias stays as it is."""
        return self.change(weight) if self.change and weight.ndim == 2 else weight

    def _rows(self, tensor: StoredTensor, ids: Tensor) -> Tensor:
        """Return an embedding with only the requested rows; the others take no memory."""
        weight = numpy.zeros(tensor.spec.shape, "<f4")
        for row in ids.unique().tolist():
            weight[row] = rows_of(tensor, row, 1).numpy()
        return torch.from_numpy(weight).to(self.device)


def mapped(tensor: StoredTensor) -> Tensor:
    """Return a weight in its own dtype, in the pages of its file."""
    spec, begin, dtype = tensor.spec, tensor.page_offset, getattr(torch, tensor.spec.dtype)
    if not spec.count or begin % dtype.itemsize:
        return load(tensor)
    values = torch.frombuffer(tensor.mapped(), dtype=dtype, count=spec.count, offset=begin)
    return values.view(spec.shape)


def rows_of(tensor: StoredTensor, begin: int, count: int) -> Tensor:
    """Return some rows of a matrix as float32."""
    columns = tensor.spec.shape[1]
    row_bytes = columns * DTYPES[tensor.spec.dtype].itemsize
    content = tensor.read(begin * row_bytes, count * row_bytes)
    return as_tensor(content, tensor.spec.dtype).reshape(count, columns).float()


class HiddenStates(nn.Module):  # type: ignore[misc]
    """Replaces an output layer and records its input."""

    def __init__(self) -> None:
        super().__init__()
        self.last: Tensor | None = None

    def forward(self, hidden: Tensor) -> Tensor:
        """Return a placeholder with the shape of logits; its values are never used."""
        self.last = hidden
        return hidden[..., :1]


def likeliest(hidden: Tensor, weight: StoredTensor, bias: Tensor | None) -> Tensor:
    """Return the most likely token for each position, (positions,), in parts of the vocabulary.

    Scaling or capping logits does not change which one is largest.

    Args:
        hidden: (positions, width), float32.
        weight: Weight of the output layer, (vocabulary, width).
        bias: (vocabulary,), if it has one.
    """
    vocabulary, width = weight.spec.shape
    best = torch.full((len(hidden),), -torch.inf, device=hidden.device)
    tokens = torch.zeros(len(hidden), dtype=torch.long, device=hidden.device)
    at_once = max(1, _LOGITS_BYTES // (4 * max(width, len(hidden))))
    for begin in range(0, vocabulary, at_once):
        count = min(at_once, vocabulary - begin)
        logits = hidden @ rows_of(weight, begin, count).to(hidden.device).t()
        if bias is not None:
            logits += bias[begin : begin + count]
        values, found = logits.max(-1)
        is_better = values > best
        tokens[is_better] = found[is_better] + begin
        best = torch.maximum(best, values)
    return tokens
