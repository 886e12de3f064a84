"""xtuner's names of LoRA matrices, and those of a Hugging Face adapter folder.

xtuner: `llm.base_model.model.<module>.lora_A.default.weight`. peft leaves out the adapter's own
name: `base_model.model.<module>.lora_A.weight`. Nothing else differs, for lora as for qlora.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..shared.errors import Exit, XtguiError
from .base_model import Shapes, require_shape
from .config_facts import ConfigFacts

_NAME = re.compile(r"base_model\.model\.(?P<module>.+)\.lora_(?P<side>[AB])\.(default\.)?weight")


class Matrix(Protocol):
    """A tensor, torch's own or one in a checkpoint."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""


_LAYER = re.compile(r".*?\.\d+\.")
"""What precedes the modules of a layer: "model.layers.29."."""


@dataclass(frozen=True)
class Pair:
    """The two LoRA matrices of one linear layer."""

    lora_a: Matrix
    """(rank, in)."""
    lora_b: Matrix
    """(out, rank)."""


@dataclass(frozen=True)
class Adapter:
    """A LoRA adapter without its model."""

    pairs: dict[str, Pair]
    """By the linear layer's name in the base model."""
    rank: int
    alpha: float
    dropout: float
    use_rslora: bool

    @property
    def scale(self) -> float:
        """What B·A is multiplied by before it is added to the weight."""
        root = self.rank**0.5 if self.use_rslora else self.rank
        return float(self.alpha / root)


def adapter_from(
    tensors: Mapping[str, Matrix], config: ConfigFacts, written: ConfigFacts
) -> Adapter:
    """Return the adapter that a checkpoint's tensors make.

    Args:
        tensors: By their names in the checkpoint.
        config: What the checkpoint itself says.
        written: What the run's config file says, used if the checkpoint is silent: the file may
            have been edited since.

    Raises:
        XtguiError: "convert.adapter_strange" if the tensors are not plain LoRA,
            "convert.alpha_unknown" if nothing says how the adapter is scaled.
    """
    sides: dict[str, dict[str, Matrix]] = {}
    for name, tensor in tensors.items():
        match = _NAME.fullmatch(name)
        if match is None:
            raise XtguiError("convert.adapter_strange", Exit.ANSWERS, name=name)
        sides.setdefault(match["module"], {})[match["side"]] = tensor
    for module, both in sides.items():
        if set(both) != {"A", "B"} or not _fit(both["A"].shape, both["B"].shape):
            raise XtguiError("convert.adapter_strange", Exit.ANSWERS, name=module)
    ranks = {both["A"].shape[0] for both in sides.values()}
    if len(ranks) != 1:
        raise XtguiError("convert.adapter_strange", Exit.ANSWERS, name=f"rank {sorted(ranks)}")
    source = config if config.lora_alpha is not None else written
    if source.lora_alpha is None:
        raise XtguiError("convert.alpha_unknown", Exit.ANSWERS)
    return Adapter(
        pairs={module: Pair(both["A"], both["B"]) for module, both in sides.items()},
        rank=ranks.pop(),
        alpha=source.lora_alpha,
        dropout=source.lora_dropout or 0.0,
        use_rslora=source.use_rslora,
    )


def require_base(adapter: Adapter, base: Path, shapes: Shapes) -> None:
    """Raise an error if an adapter was certainly trained on another model than the base.

    A name that the base's files lack proves nothing: transformers may use another name for a weight
    than its file does. A layer with a number that none of them has is proof.

    Raises:
        XtguiError: "convert.other_base", "convert.other_base_lacks".
    """
    layers = {match[0] for match in map(_LAYER.match, shapes) if match}
    stems = {layer.rstrip("0123456789.") for layer in layers}
    for module, pair in adapter.pairs.items():
        found, needed = shapes.get(f"{module}.weight"), (pair.lora_b.shape[0], pair.lora_a.shape[1])
        layer = _LAYER.match(module)
        if found is not None and len(found) == 2 and found[::-1] != needed:
            require_shape(base, module, found, needed)
        elif layer and layer[0] not in layers and layer[0].rstrip("0123456789.") in stems:
            raise XtguiError("convert.other_base_lacks", Exit.ANSWERS, base=str(base), name=module)


def _fit(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return len(a) == len(b) == 2 and a[0] == b[1]


def peft_name(name: str) -> str:
    """Return the name under which peft keeps a matrix that xtuner has trained."""
    return name.replace(".default.weight", ".weight")


def write_adapter_config(adapter: Adapter, base: Path, folder: Path) -> None:
    """Write adapter_config.json."""
    config = json.dumps(adapter_config(adapter, base), ensure_ascii=False, indent=2)
    (folder / "adapter_config.json").write_text(config, "utf-8")


def adapter_config(adapter: Adapter, base: Path) -> dict[str, Any]:
    """Return what peft needs to know about the adapter."""
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": str(base),
        "r": adapter.rank,
        "lora_alpha": adapter.alpha,
        "lora_dropout": adapter.dropout,
        "use_rslora": adapter.use_rslora,
        "target_modules": sorted({module.rpartition(".")[2] for module in adapter.pairs}),
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
    }
