"""The fine-tuning methods: one record each, which everything that depends on the method reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

MethodName = Literal["qlora", "lora", "full"]


@dataclass(frozen=True)
class Method:
    """A way to fine-tune. Its config is `configs/<name>.py`, its texts `wizard.method_<name>`."""

    name: MethodName
    trains_adapter: bool
    """Whether small adapters are trained beside a frozen base, instead of the base itself."""
    signs: frozenset[str]
    """Arguments of which a config of this method has at least one, and configs of the methods that
    follow it in `METHODS` have none; empty for the last, which is the method of every other
    config."""
    quantizes_base: bool
    """Whether the base is held in 4 bits (nf4)."""
    lr: float
    """XTuner's default learning rate."""
    save_total_limit: int
    """How many checkpoints XTuner's configs keep: those of `full` are large."""
    save_steps: int
    """Iterations between two checkpoints of a long run."""
    lighter: tuple[MethodName, ...]
    """Methods that need less memory, the closest first."""


METHODS: Mapping[MethodName, Method] = {
    method.name: method
    for method in (
        Method(
            name="qlora",
            trains_adapter=True,
            signs=frozenset({"quantization_config", "load_in_4bit", "load_in_8bit"}),
            quantizes_base=True,
            lr=2e-4,
            save_total_limit=5,
            save_steps=200,
            lighter=(),
        ),
        Method(
            name="lora",
            trains_adapter=True,
            signs=frozenset({"lora"}),
            quantizes_base=False,
            lr=2e-4,
            save_total_limit=5,
            save_steps=200,
            lighter=("qlora",),
        ),
        Method(
            name="full",
            trains_adapter=False,
            signs=frozenset(),
            quantizes_base=False,
            lr=2e-5,
            save_total_limit=2,
            save_steps=500,
            lighter=("lora", "qlora"),
        ),
    )
}
DEFAULT_METHOD: MethodName = "lora"
SIGNS = frozenset(sign for method in METHODS.values() for sign in method.signs)
"""All arguments by which a method is recognized."""


def method_with(arguments: Collection[str]) -> MethodName:
    """Return the method of a config that has these arguments."""
    return next(
        method.name
        for method in METHODS.values()
        if not method.signs or not method.signs.isdisjoint(arguments)
    )
