"""Whether what is trained still consists of numbers: what does not must replace no checkpoint."""

from __future__ import annotations

from typing import Any

import torch


def are_weights_finite(model: torch.nn.Module) -> bool:
    """Return whether every trained weight is a number, and not infinite."""
    return all(
        bool(torch.isfinite(parameter).all())
        for parameter in model.parameters()
        if parameter.requires_grad
    )


def is_worth_saving(runner: Any) -> bool:
    """Return whether training could resume from what a runner holds now.

    Gradients belong to it in the middle of an accumulation cycle. Under a loss scale they may be
    infinite: such a step is left out.
    """
    model = runner.model
    if not are_weights_finite(model):
        return False
    if hasattr(runner.optim_wrapper, "loss_scaler"):
        return True
    return all(
        bool(torch.isfinite(parameter.grad).all())
        for parameter in model.parameters()
        if parameter.requires_grad and parameter.grad is not None
    )
