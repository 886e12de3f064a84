"""What an exact resume needs besides xtuner's checkpoint: random states and partial gradients.

xtuner's checkpoints have neither, so dropout differs after a resume, and a stop in the middle of an
accumulation cycle drops the gradients of that cycle.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import torch

from ..shared.checkpoint_faults import CheckpointFault
from . import checkpoint_values
from .checkpoint_reader.errors import CheckpointError
from .compat_xtuner import write_whole

_NUMBERS = 624
"""Numbers in the state of a Mersenne Twister, numpy's generator."""


@dataclass(frozen=True)
class RandomState:
    """The state of every random number generator that training draws from."""

    python: Any
    numpy: tuple[str, list[int], int, int, float]
    torch: torch.Tensor
    cuda: list[torch.Tensor]

    @classmethod
    def capture(cls) -> RandomState:
        """Return the current state."""
        state: Any = numpy.random.get_state()
        name, keys, position, has_gauss, gauss = state
        return cls(
            python=random.getstate(),
            numpy=(name, keys.tolist(), position, has_gauss, gauss),
            torch=torch.get_rng_state(),
            cuda=torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        )

    def check(self) -> None:
        """Raise an error unless `restore` can use it, since that must not fail in mid-training."""
        name, keys, position, has_gauss, gauss = self.numpy
        if len(keys) != _NUMBERS or not 0 <= position <= _NUMBERS:  # numpy would read past them
            raise ValueError("the position of numpy's generator")
        random.Random().setstate(self.python)  # noqa: S311 (a generator to try it on)
        numpy.random.RandomState().set_state(
            (name, numpy.array(keys, "uint32"), position, has_gauss, gauss)
        )
        torch.Generator().set_state(self.torch)
        for state in self.cuda if self._is_of_these_gpus else ():
            torch.Generator("cuda").set_state(state)

    def restore(self) -> None:
        """Set all generators to this state, those of the GPUs only if their number is the same."""
        name, keys, position, has_gauss, gauss = self.numpy
        random.setstate(self.python)
        numpy.random.set_state((name, numpy.array(keys, "uint32"), position, has_gauss, gauss))
        torch.set_rng_state(self.torch)
        if self._is_of_these_gpus:
            torch.cuda.set_rng_state_all(self.cuda)

    @property
    def _is_of_these_gpus(self) -> bool:
        return bool(self.cuda) and len(self.cuda) == torch.cuda.device_count()


@dataclass(frozen=True)
class ResumeState:
    """Everything besides the checkpoint, at the end of one iteration."""

    random: RandomState
    gradients: dict[str, torch.Tensor]
    """By parameter name; empty at the end of an accumulation cycle."""
    cycle_tokens: int
    """Trained tokens that these gradients are summed over."""
    token_unit: float
    """The factor of each token's loss (see token_loss.py)."""
    samples: int
    """Number of samples in the data: another number means other data."""

    def save(self, path: Path) -> None:
        """Write it, completely or not at all."""
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
        """Read it.

        Raises:
            FileNotFoundError: If there is none.
            CheckpointError: If the file is damaged or not ours.
        """
        content = checkpoint_values.load(path)
        try:
            state = cls(
                RandomState(**content["random"]),
                content["gradients"],
                content.get("cycle_tokens", 0),
                content.get("token_unit", 1.0),
                content["samples"],
            )
            state.check()
        except (AttributeError, LookupError, OverflowError, RuntimeError, TypeError, ValueError):
            raise CheckpointError(CheckpointFault.FOREIGN, file=str(path)) from None
        return state

    def check(self) -> None:
        """Raise an error unless every field has its type and the random state can be restored.

        Raises:
            TypeError: If a field has another type.
            ValueError: If a value is impossible.
        """
        numbers = (self.cycle_tokens, self.samples, self.token_unit)
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("a number that is not finite")
        if not all(isinstance(value, torch.Tensor) for value in self.gradients.values()):
            raise TypeError("a gradient that is no tensor")
        self.random.check()


def partial_gradients(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Return what has been accumulated since the last optimizer step, on the CPU."""
    return {
        name: parameter.grad.detach().cpu()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }


def put_gradients(model: torch.nn.Module, gradients: dict[str, torch.Tensor]) -> None:
    """Set accumulated gradients again, so that the accumulation continues.

    Raises:
        CheckpointError: If one of them is not of the model; then none has been set.
    """
    parameters = dict(model.named_parameters())
    for name, gradient in gradients.items():
        if name not in parameters or parameters[name].shape != gradient.shape:
            raise CheckpointError(CheckpointFault.FOREIGN)
    for name, gradient in gradients.items():
        parameters[name].grad = gradient.to(parameters[name].device, parameters[name].dtype)


class BatchesAfterSkipping:
    """The batches of a resumed run: calls *restore* between the last skipped and the first new one.

    mmengine has no hook there, and the random state must be in place before the loader begins an
    epoch, for which it draws a random number.
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
