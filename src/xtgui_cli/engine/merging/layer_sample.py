"""Compares some layers of a merged model with base and adapter, if all would be too many.

Both get random inputs, in float64: W·x + scale · B·(A·x), and the written weight times x.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ...shared.errors import Exit, XtguiError
from ..weights.weight_files import StoredTensor
from .fold import low_rank
from .plan import Change, MergePlan
from .streamed_model import rows_of

LAYERS = 12
_INPUTS = 32
_ELEMENTS_AT_ONCE = 1 << 20
_LEAST_ARRIVED, _MOST_ARRIVED = 0.9, 1.1


@dataclass(frozen=True)
class LayerSample:
    """The result of comparing some layers."""

    layers: int
    difference: float
    """The largest relative error: RMS of the difference divided by RMS of the outputs."""


def compare_layers(plan: MergePlan, written: dict[str, StoredTensor]) -> LayerSample:
    """Compare some of the layers that a merge changed.

    Args:
        plan: What should have been written.
        written: What was written.

    Raises:
        XtguiError: "convert.layers_differ" if a layer differs from the plan,
            "convert.not_finite".
    """
    names = _choose(list(plan.targets.values()))
    worst = 0.0
    for name in names:
        planned = plan.tensors[name]
        if planned.change is None:
            continue
        difference, arrived = _compare(planned.source, planned.change, written[name])
        allowed = 2 * torch.finfo(getattr(torch, planned.spec.dtype)).eps
        if difference > allowed or not _LEAST_ARRIVED < arrived < _MOST_ARRIVED:
            raise XtguiError("convert.layers_differ", Exit.FAILED, name=name)
        worst = max(worst, difference)
    return LayerSample(len(names), worst)


def _choose(names: Sequence[str]) -> list[str]:
    """Return some of the names, from the first to the last, with every kind of layer.

    Steps of a fixed length could hit the same kind of layer every time.
    """
    dice = torch.Generator().manual_seed(0)
    order = torch.randperm(len(names), generator=dice)[:LAYERS]
    return [names[number] for number in sorted(order.tolist())]


def _compare(source: StoredTensor, change: Change, written: StoredTensor) -> tuple[float, float]:
    """Return the error of the outputs, and the share of the adapter's change that is present."""
    adapter = low_rank(change)
    left, right = adapter.left.double(), adapter.right.double()
    dice = torch.Generator().manual_seed(0)
    inputs = torch.randn((right.shape[1], _INPUTS), generator=dice, dtype=torch.float64)
    own, found = _outputs(source, inputs), _outputs(written, inputs)
    added = change.scale * (left @ (right @ inputs))
    if not found.isfinite().all():
        raise XtguiError("convert.not_finite", Exit.FAILED)
    expected = own + added
    size = added.square().sum()
    arrived = float(((found - own) * added).sum() / size) if size else 1.0
    return float(_rms(found - expected) / _rms(expected).clamp_min(1e-30)), arrived


def _outputs(weight: StoredTensor, inputs: Tensor) -> Tensor:
    """Return the product of a matrix and inputs, with some of its rows in memory at a time."""
    rows, columns = weight.spec.shape
    at_once = max(1, _ELEMENTS_AT_ONCE // columns)
    begins = range(0, rows, at_once)
    return torch.cat(
        [rows_of(weight, at, min(at_once, rows - at)).double() @ inputs for at in begins]
    )


def _rms(values: Tensor) -> Tensor:
    return values.square().mean().sqrt()
