"""What torch really holds in a training iteration: tensors that autograd saves, and the peak."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch


@dataclass
class Kept:
    """Bytes of the storages that one layer was the first to keep, parameters left out."""

    layer: torch.nn.Module
    seen: set[int]
    """Addresses of storages that do not count: the parameters', and what earlier layers keep."""
    bytes: int = 0
    _tensors: list[torch.Tensor] = field(default_factory=list)
    """Held, so that no storage's address is used twice."""
    _is_inside: bool = False

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Note what is saved while the layer computes."""
        before = self.layer.register_forward_pre_hook(lambda *_: self._go(True))
        after = self.layer.register_forward_hook(lambda *_: self._go(False))
        with torch.autograd.graph.saved_tensors_hooks(self._pack, lambda tensor: tensor):
            yield
        before.remove()
        after.remove()

    def _go(self, is_inside: bool) -> None:
        self._is_inside = is_inside

    def _pack(self, tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in self.seen:
            self.seen.add(storage._cdata)
            self._tensors.append(tensor)
            self.bytes += storage.nbytes() if self._is_inside else 0
        return tensor


def peak_bytes(work: Callable[[], Any]) -> int:
    """Return the peak of torch's allocator for *work*, besides what it held before."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        work()
    events = profiled.profiler.kineto_results.events()
    changes = [(event.start_ns(), event.nbytes()) for event in events if event.name() == "[memory]"]
    held = peak = 0
    for _, change in sorted(changes, key=lambda entry: entry[0]):
        held += change
        peak = max(peak, held)
    return peak
