"""An optimizer's state from a checkpoint: checked against the parameters, and copied off the file.

torch's fused kernels, on a CPU too, write as many numbers into a parameter's state as the parameter
has (torch 2.9.1: a shorter one is a segmentation fault), and the checkpoint itself decides whether
they are used.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import torch

_PER_ELEMENT = frozenset(
    {
        *("exp_avg", "exp_avg_sq", "max_exp_avg_sq", "exp_inf", "momentum_buffer", "sum"),
        *("state1", "state2"),  # bitsandbytes
    }
)
"""State that fused kernels and bitsandbytes read and write for each element of a parameter."""


class OptimizerStateError(ValueError):
    """The state does not belong to the parameters that are trained."""


def require_fitting(optimizer: Any, saved: Mapping[str, Any]) -> None:
    """Raise an error unless a saved state has the shapes of an optimizer's parameters.

    Raises:
        OptimizerStateError: With the number of the parameter.
    """
    numbers = itertools.chain.from_iterable(group["params"] for group in saved["param_groups"])
    parameters = itertools.chain.from_iterable(group["params"] for group in optimizer.param_groups)
    by_number = dict(zip(numbers, parameters, strict=False))  # torch compares how many there are
    for number, state in saved["state"].items():
        parameter = by_number.get(number)
        for name, value in _tensors(state):
            is_strange = name == "step" and value.numel() != 1
            if name in _PER_ELEMENT and parameter is not None:
                is_strange = value.shape != parameter.shape
            if is_strange:
                raise OptimizerStateError(
                    f"{name} of parameter {number} has the shape {tuple(value.shape)}"
                )


def take_out_of_file(optimizer: Any) -> None:
    """Copy what is still mapped from a checkpoint: rotation deletes that, to free its space."""
    for state in optimizer.state.values():
        for name, value in state.items():
            if isinstance(value, torch.Tensor) and value.device.type == "cpu":
                state[name] = value.clone()


def _tensors(state: Any) -> Iterator[tuple[str, torch.Tensor]]:
    for name, value in state.items() if isinstance(state, Mapping) else ():
        if isinstance(value, torch.Tensor):
            yield name, value
        else:  # bitsandbytes keeps some of it one level deeper
            yield from _tensors(value)
