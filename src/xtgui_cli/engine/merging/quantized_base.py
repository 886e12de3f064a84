"""The 4-bit weights that an adapter was trained beside, as bitsandbytes makes them."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor

from ...shared.config_file import parse_config, read_file
from ...shared.errors import XtguiError
from ...shared.json_values import mapping

MOST_WEIGHTS = 500_000_000
"""Of a base that is quantized once more to compare: on a CPU it takes some 60 s for a billion."""


@dataclass(frozen=True)
class QuantizedBase:
    """Quantizes weights as training did, each of them once."""

    functional: Any
    """bitsandbytes.functional."""
    quant_type: str
    """ "nf4" or "fp4"."""
    is_double: bool
    """Whether the scales are quantized, too."""
    _kept: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def as_trained(self, name: str, weight: Tensor) -> Tensor:
        """Return what a layer's weight was while the adapter was trained.

        Args:
            name: The weight's own.
            weight: (out, in), float32.
        """
        if name not in self._kept:
            self._kept[name] = self.functional.quantize_4bit(
                weight, quant_type=self.quant_type, compress_statistics=self.is_double
            )
        dequantized: Tensor = self.functional.dequantize_4bit(*self._kept[name])
        return dequantized.float()

    def has(self, name: str) -> bool:
        """Return whether a weight is one of those that were asked for so far."""
        return name in self._kept


def find_quantized_base(config: Path | None) -> QuantizedBase | None:
    """Return what quantizes as a run did; None where that is not known, or cannot be done here.

    Args:
        config: Of the run.
    """
    settings = _settings(config) if config else {}
    if settings.get("load_in_4bit") is not True:
        return None
    if sys.modules.get("bitsandbytes", sys) is None:  # hidden from those who do not need it
        del sys.modules["bitsandbytes"]
    try:
        functional = importlib.import_module("bitsandbytes.functional")
    except ImportError:
        return None
    quant_type = settings.get("bnb_4bit_quant_type")
    return QuantizedBase(
        functional,
        quant_type if isinstance(quant_type, str) else "fp4",
        settings.get("bnb_4bit_use_double_quant") is True,
    )


def _settings(config: Path) -> dict[str, Any]:
    try:
        model = mapping(parse_config(read_file(config)).nested.get("model"))
    except (OSError, XtguiError):
        return {}
    return dict(mapping(mapping(model.get("llm")).get("quantization_config")))
