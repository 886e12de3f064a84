"""How an answer is generated: one record per option, which flags, `/set` and engine read.

To add an option, add its field below and its text `cli.<name>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any, Generic, TypeVar

from .errors import Exit, XtguiError

Number = TypeVar("Number", int, float)


class Use(Enum):
    """What the engine does with an option."""

    GENERATE = "generate"
    """Pass it to transformers' GenerationConfig, where it has the same name."""
    SAMPLE = "sample"
    """The same, but only if the next token is sampled: above temperature 0."""
    SEED = "seed"
    """Seed the random numbers with it."""


@dataclass(frozen=True, kw_only=True)
class GenerationOption(Generic[Number]):
    """One option; its name is that of the flag and of transformers."""

    name: str
    default: Number
    low: Number
    high: Number
    """The largest accepted value, as `low` is the smallest."""
    metavar: str
    """The placeholder for its value in the help."""
    use: Use

    @property
    def kind(self) -> type[Number]:
        """The type of its values."""
        return type(self.default)

    def parse(self, text: str) -> Number:
        """Return the value that *text* represents.

        Raises:
            XtguiError: "chat.set_wrong", if it is not such a number, or out of range.
        """
        try:
            return self.checked(self.kind(text))
        except ValueError:
            raise self._refusal(text) from None

    def checked(self, value: Number) -> Number:
        """Return *value* if it is in range; NaN is not.

        Raises:
            XtguiError: "chat.set_wrong", if it is not.
        """
        if not self.low <= value <= self.high:
            raise self._refusal(value)
        return value

    def _refusal(self, value: object) -> XtguiError:
        return XtguiError(
            "chat.set_wrong",
            Exit.ANSWERS,
            name=self.name,
            value=value,
            low=self.low,
            high=self.high,
        )


def _option(
    default: Number, low: Number, high: Number, *, metavar: str = "N", use: Use = Use.GENERATE
) -> Any:
    record = {"default": default, "low": low, "high": high, "metavar": metavar, "use": use}
    return field(default=default, metadata=record)


@dataclass(frozen=True)
class GenerationOptions:
    """How the next token is chosen, and how many there may be."""

    max_new_tokens: int = _option(512, 1, 1 << 20)
    temperature: float = _option(0.1, 0, 10, metavar="X", use=Use.SAMPLE)
    """0 always takes the likeliest token."""
    top_k: int = _option(40, 0, 1 << 20, use=Use.SAMPLE)
    top_p: float = _option(0.75, 0, 1, metavar="X", use=Use.SAMPLE)
    num_beams: int = _option(1, 1, 64)
    repetition_penalty: float = _option(1.0, 0.01, 100, metavar="X")
    seed: int = _option(0, 0, 2**32 - 1, use=Use.SEED)
    """With it, the same question gets the same answer."""

    def for_transformers(self) -> dict[str, Any]:
        """Return the fields of transformers' GenerationConfig that these options set."""
        uses = {Use.GENERATE, Use.SAMPLE} if self.temperature > 0 else {Use.GENERATE}
        chosen = {name: getattr(self, name) for name, one in OPTIONS.items() if one.use in uses}
        return {"do_sample": Use.SAMPLE in uses, **chosen}


OPTIONS: dict[str, GenerationOption[Any]] = {
    one.name: GenerationOption(name=one.name, **one.metadata) for one in fields(GenerationOptions)
}
"""Every option by name."""
