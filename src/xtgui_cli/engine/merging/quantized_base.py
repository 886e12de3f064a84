"""The 4-bit weights that an adapter was trained with, as bitsandbytes produces them."""

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
"""Maximum weights of a base that is quantized again to compare: a CPU takes 60 s per billion."""


@dataclass(frozen=True)
class QuantizedBase:
    """Quantizes weights as training did, each one once."""

    functional: Any
    """The module bitsandbytes.functional."""
    quant_type: str
    """ "nf4" or "fp4"."""
    is_double: bool
    """Whether the scales are quantized, too."""
    _kept: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def as_trained(self, name: str, weight: Tensor) -> Tensor:
        """Return a layer's weight as it was while the adapter was trained.

        Args:
            name: Name of the weight.
            weight: (out, in), float32.
        """
        if name not in self._kept:
            self._kept[name] = self.functional.quantize_4bit(
                weight, quant_type=self.quant_type, compress_statistics=self.is_double
            )
        dequantized: Tensor = self.functional.dequantize_4bit(*self._kept[name])
        return dequantized.float()

    def has(self, name: str) -> bool:
        """Return whether a weight has been requested before."""
        return name in self._kept


def find_quantized_base(config: Path | None) -> QuantizedBase | None:
    """Return a quantizer with the settings of a run; None if unknown or impossible here.

    Args:
        config: Config of the run.
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
