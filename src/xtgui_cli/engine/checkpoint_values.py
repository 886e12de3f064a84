"""Turns a checkpoint's data into what mmengine and torch expect; nothing is unpickled."""

from __future__ import annotations

import functools
import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .checkpoint_reader.checkpoint_file import open_checkpoint
from .checkpoint_reader.errors import refuse
from .checkpoint_reader.stand_ins import Array, History, Opaque, Scalar, StandIn, Storage, Tensor
from .checkpoint_reader.tree import replace_stand_ins, value_at
from .resumable import require_resumable

if TYPE_CHECKING:
    import torch


def load(path: Path) -> Any:
    """Return what torch.load would return for an intact file, its tensors mapped into memory.

    A checkpoint that mmengine can resume from is checked for that, too.

    Raises:
        CheckpointError: If something is wrong with the file.
        OSError: If it cannot be opened.
    """
    with open_checkpoint(path) as file:
        content = file.read()
        if value_at(content, "message_hub") is not None:
            require_resumable(content)
        file.verify()
        return replace_stand_ins(content, functools.partial(_make, TensorMaker(file.map())))


class TensorMaker:
    """Makes tensors that are read from the file when they are used; keeps the file mapped.

    Tensors that share a storage in the file share memory.
    """

    def __init__(self, mapped: mmap.mmap) -> None:
        self._mapped = mapped
        self._storages: dict[str, torch.Tensor] = {}

    def make(self, tensor: Tensor) -> torch.Tensor:
        """Return the tensor of a stand-in."""
        name = tensor.storage.record.name
        if name not in self._storages:
            self._storages[name] = self._elements(tensor.storage)
        view = self._storages[name].as_strided(tensor.shape, tensor.stride, tensor.offset)
        return view.requires_grad_() if tensor.requires_grad else view

    def _elements(self, storage: Storage) -> torch.Tensor:
        import torch

        dtype = getattr(torch, storage.dtype.name)
        if not storage.size:
            return torch.empty(0, dtype=dtype)
        offset = storage.record.offset
        return torch.frombuffer(self._mapped, dtype=dtype, count=storage.size, offset=offset)


def _make(tensors: TensorMaker, stand_in: StandIn) -> Any:
    if isinstance(stand_in, Tensor):
        return tensors.make(stand_in)
    if isinstance(stand_in, Array):
        return _array(stand_in)
    if isinstance(stand_in, Opaque):
        refuse("an object of DeepSpeed's")
    if isinstance(stand_in, Scalar):
        return _array(Array(stand_in.dtype, (), stand_in.data))[()]
    return _history(stand_in)


def _array(stand_in: Array) -> Any:
    import numpy

    if stand_in.dtype is None:
        raise TypeError("an array without a dtype is no value")
    flat = numpy.frombuffer(stand_in.data, numpy.dtype(f"<{stand_in.dtype.code}"))
    return flat.reshape(stand_in.shape).copy()


def _history(stand_in: History) -> Any:
    from mmengine.logging import HistoryBuffer

    if stand_in.values is None or stand_in.counts is None:
        raise TypeError("a history without values is no value")
    return HistoryBuffer(
        _array(stand_in.values), _array(stand_in.counts), max_length=stand_in.max_length
    )
