"""Checks that what is trained is still finite: otherwise it must not replace a checkpoint."""

from __future__ import annotations

from typing import Any

import torch


def are_weights_finite(model: torch.nn.Module) -> bool:
    """Return whether every trained weight is a finite number."""
    return all(
        bool(torch.isfinite(parameter).all())
        for parameter in model.parameters()
        if parameter.requires_grad
    )


def is_worth_saving(runner: Any) -> bool:
    """Return whether training could resume from a runner's present state.

    Gradients are part of it in the middle of an accumulation cycle. Under a loss scale they may be
    infinite: such a step is skipped.
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
