"""An adapter folder as peft writes it: what can be folded into weights, and what cannot."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...shared.errors import Exit, XtguiError
from ...shared.json_values import mapping
from ...shared.regular_file import read_json
from ..weights.weight_files import StoredTensor, open_weights

_PREFIX = "base_model.model."
_LORA = re.compile(r"(?P<module>.+)\.lora_(?P<embedding>embedding_)?(?P<side>[AB])(\.weight)?")
_STEM = "adapter_model"

_HARMLESS = frozenset(
    {
        "alpha_pattern",
        "auto_mapping",
        "base_model_name_or_path",
        "exclude_modules",
        "fan_in_fan_out",
        "inference_mode",
        "layers_pattern",
        "layers_to_transform",
        "lora_alpha",
        "lora_dropout",
        "megatron_core",
        "modules_to_save",
        "peft_type",
        "peft_version",
        "qalora_group_size",
        "r",
        "rank_pattern",
        "revision",
        "runtime_config",
        "target_modules",
        "task_type",
        "use_rslora",
    }
)
"""Settings that are read here, or that do not affect the weights. Any other setting, including
those of later peft versions, is refused: its effect on the weights is unknown."""
_KEEPS_BASE = ("gaussian", "eva", "orthogonal", "mica")
"""Initializations that leave the base model unchanged; PiSSA, OLoRA and LoftQ change it."""
_MOST_QUANTIFIERS = 4


@dataclass(frozen=True)
class LoraPair:
    """The two matrices beside one layer."""

    lora_a: StoredTensor
    """(rank, in), for an embedding (rank, tokens)."""
    lora_b: StoredTensor
    """(out, rank)."""
    scale: float
    """The factor of B·A: alpha / rank, or alpha / sqrt(rank) for rsLoRA."""
    is_embedding: bool = False


@dataclass(frozen=True)
class AdapterFolder:
    """An adapter, independent of any model."""

    pairs: Mapping[str, LoraPair]
    """By the layer's name in the base model."""
    replaced: Mapping[str, StoredTensor]
    """Weights that were trained completely, by their names in the base model."""
    fan_in_fan_out: bool
    """Whether some layers store their weights as (in, out)."""
    base: str
    """Folder of the base model at the time of training."""


@contextlib.contextmanager
def open_adapter(folder: Path) -> Iterator[AdapterFolder]:
    """Open an adapter; its tensors can be read within the block.

    Raises:
        XtguiError: "convert.adapter_missing", "convert.adapter_setting", "convert.adapter_strange",
            and as `open_weights`.
        CheckpointError: If an adapter_model.bin is damaged or unsafe.
    """
    try:
        config = mapping(read_json(folder / "adapter_config.json"))
    except (OSError, ValueError) as error:
        raise XtguiError("convert.adapter_missing", Exit.ANSWERS, folder=str(folder)) from error
    _require_plain(config)
    with open_weights(folder, (_STEM, _STEM)) as weights:
        weights.verify()
        yield _adapter(config, weights.tensors)


def _require_plain(config: Mapping[str, Any]) -> None:
    """Raise an error for the first setting whose effect on the weights is unknown."""
    begin = config.get("init_lora_weights", True)
    refused = [
        name
        for name, value in config.items()
        if name not in _HARMLESS and name not in ("bias", "init_lora_weights") and value
    ]
    if config.get("peft_type") != "LORA":
        refused.insert(0, "peft_type")
    if config.get("bias", "none") != "none":
        refused.append("bias")
    if not isinstance(begin, bool) and begin not in _KEEPS_BASE:
        refused.append("init_lora_weights")
    if refused:
        setting = f"{refused[0]} = {config.get(refused[0])}"[:100]
        raise XtguiError("convert.adapter_setting", Exit.ANSWERS, setting=setting)


def _adapter(config: Mapping[str, Any], tensors: Mapping[str, StoredTensor]) -> AdapterFolder:
    sides: dict[str, dict[str, StoredTensor]] = {}
    replaced: dict[str, StoredTensor] = {}
    embeddings = set()
    for name, tensor in tensors.items():
        own = name.removeprefix(_PREFIX)
        match = _LORA.fullmatch(own)
        if own == name or ("lora_" in own and match is None):
            raise _strange(name)
        if match is None:
            replaced[own.replace(".base_layer.", ".")] = tensor
            continue
        sides.setdefault(match["module"], {})[match["side"]] = tensor
        if match["embedding"]:
            embeddings.add(match["module"])
    pairs = {
        module: _pair(module, both, config, is_embedding=module in embeddings)
        for module, both in sides.items()
    }
    if not pairs and not replaced:
        raise _strange("0 × lora_A, lora_B")
    return AdapterFolder(
        pairs,
        replaced,
        fan_in_fan_out=config.get("fan_in_fan_out") is True,
        base=str(config.get("base_model_name_or_path") or ""),
    )


def _pair(
    module: str,
    both: Mapping[str, StoredTensor],
    config: Mapping[str, Any],
    *,
    is_embedding: bool,
) -> LoraPair:
    if set(both) != {"A", "B"}:
        raise _strange(module)
    shape_a, shape_b = both["A"].spec.shape, both["B"].spec.shape
    rank = _setting(module, config, "rank_pattern", "r")
    alpha = _setting(module, config, "alpha_pattern", "lora_alpha")
    if len(shape_a) != 2 or len(shape_b) != 2 or not rank == shape_a[0] == shape_b[1]:
        raise _strange(f"{module}: {shape_b}·{shape_a}, r = {rank}")
    if not all(tensor.spec.is_float for tensor in both.values()):
        raise _strange(f"{module}: {both['A'].spec.dtype}")
    root = math.sqrt(rank) if config.get("use_rslora") is True else rank
    return LoraPair(both["A"], both["B"], alpha / root, is_embedding)


def _setting(module: str, config: Mapping[str, Any], patterns: str, default: str) -> float:
    """Return the setting of one layer as peft resolves it: the first pattern that matches."""
    value: Any = config.get(default)
    for pattern, special in mapping(config.get(patterns)).items():
        if _fits(pattern, module):
            value = special
            break
    if (
        type(value) not in (int, float)
        or not math.isfinite(value)
        or (default == "r" and value < 1)
    ):
        raise XtguiError("convert.adapter_setting", Exit.ANSWERS, setting=f"{default} = {value}")
    return float(value)


def _fits(pattern: str, module: str) -> bool:
    """Return whether the end of a layer's name matches a pattern (peft, get_pattern_key).

    Patterns may come from strangers: those that could take forever to match are refused.
    """
    quantifiers = len(re.findall(r"[*+{?]", pattern))
    try:
        if quantifiers > _MOST_QUANTIFIERS or re.search(r"\)[*+{]", pattern):
            raise re.error(pattern)
        return re.match(rf"(.*\.)?({pattern})$", module) is not None
    except re.error:
        raise XtguiError(
            "convert.adapter_setting", Exit.ANSWERS, setting=f"pattern {pattern[:60]}"
        ) from None


def _strange(name: str) -> XtguiError:
    return XtguiError("convert.adapter_strange", Exit.ANSWERS, name=name[:200])
