"""What an exact resume needs beside xtuner's checkpoint: random states and partial gradients.

xtuner's checkpoints hold neither, so dropout takes another course after a resume, and a stop in
the middle of an accumulation cycle drops the gradients of that cycle.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import torch

from .compat_xtuner import write_whole


@dataclass(frozen=True)
class RandomState:
    """The state of every random number generator that training draws from."""

    python: Any
    numpy: tuple[str, list[int], int, int, float]
    torch: torch.Tensor
    cuda: list[torch.Tensor]

    @classmethod
    def capture(cls) -> RandomState:
        state: Any = numpy.random.get_state()
        name, keys, position, has_gauss, gauss = state
        return cls(
            python=random.getstate(),
            numpy=(name, keys.tolist(), position, has_gauss, gauss),
            torch=torch.get_rng_state(),
            cuda=torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        )

    def restore(self) -> None:
        name, keys, position, has_gauss, gauss = self.numpy
        random.setstate(self.python)
        numpy.random.set_state((name, numpy.array(keys, "uint32"), position, has_gauss, gauss))
        torch.set_rng_state(self.torch)
        if self.cuda and len(self.cuda) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all(self.cuda)


@dataclass(frozen=True)
class ResumeState:
    """Everything beside the checkpoint, at the end of one iteration."""

    random: RandomState
    gradients: dict[str, torch.Tensor]
    """By parameter name; empty at the end of an accumulation cycle."""
    cycle_tokens: int
    """Trained tokens that these gradients are summed over."""
    token_unit: float
    """What each token's loss was multiplied with (see token_loss.py)."""
    samples: int
    """How many samples the data gave: another number means that they are not the same data."""

    def save(self, path: Path) -> None:
        """Write it, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "random": vars(self.random),
            "gradients": self.gradients,
            "cycle_tokens": self.cycle_tokens,
            "token_unit": self.token_unit,
            "samples": self.samples,
        }
        write_whole(path, lambda unfinished: torch.save(content, unfinished))

    @classmethod
    def load(cls, path: Path) -> ResumeState:
        """Read it. Raises — FileNotFoundError; pickle.UnpicklingError where it is none of ours."""
        content = torch.load(path, map_location="cpu", weights_only=True)
        return cls(
            RandomState(**content["random"]),
            content["gradients"],
            content.get("cycle_tokens", 0),
            content.get("token_unit", 1.0),
            content["samples"],
        )


def partial_gradients(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Give what has been accumulated since the last optimizer step, on the CPU."""
    return {
        name: parameter.grad.detach().cpu()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }


def put_gradients(model: torch.nn.Module, gradients: dict[str, torch.Tensor]) -> None:
    """Set them again, where the accumulation goes on from."""
    for name, parameter in model.named_parameters():
        if name in gradients:
            parameter.grad = gradients[name].to(parameter.device, parameter.dtype)


class BatchesAfterSkipping:
    """The batches of a resumed run: calls *restore* between the skipped ones and the first new one.

    mmengine offers no hook there, and the random state must be in place before the loader may
    begin an epoch, for which it draws a random number.
    """

    def __init__(self, batches: Iterator[Any], skip: int, restore: Callable[[], None]) -> None:
        self._batches = batches
        self._skip = skip
        self._restore = restore

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._skip == 0:
            self._restore()
        self._skip -= 1
        return next(self._batches)
