"""What a config text says of the model it trains, read as literals.

The text is a stranger's: that of a checkpoint's meta, or a file from elsewhere. It is parsed and
never run. A config as mmengine dumps it is made of literals and `dict(...)` calls throughout.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LONGEST_TEXT = 4 << 20
_UNKNOWN = object()


@dataclass(frozen=True)
class TrainedConfig:
    """The few facts that a conversion needs beside the tensors; None where the text is silent."""

    base: str | None = None
    """Path of the base model, as it was when training began."""
    lora_alpha: float | None = None
    lora_dropout: float | None = None
    use_rslora: bool = False
    """Whether the adapter is scaled by alpha / sqrt(rank) instead of alpha / rank."""
    is_quantised: bool = False


def read_trained_config(text: str) -> TrainedConfig:
    """Give the facts of a config text; those of an unreadable one are all None."""
    values = _top_level_values(text)
    model = _mapping(values.get("model"))
    llm, lora = _mapping(model.get("llm")), _mapping(model.get("lora"))
    return TrainedConfig(
        base=_text(llm.get("pretrained_model_name_or_path"))
        or _text(values.get("pretrained_model_name_or_path")),
        lora_alpha=_number(lora.get("lora_alpha")),
        lora_dropout=_number(lora.get("lora_dropout")),
        use_rslora=lora.get("use_rslora") is True,
        is_quantised=llm.get("quantization_config") is not None,
    )


def _top_level_values(text: str) -> dict[str, Any]:
    if len(text) > _LONGEST_TEXT:
        return {}
    values: dict[str, Any] = {}
    try:
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name):
                    values[target.id] = _value(node.value, values)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return values


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Give a literal, a `dict(...)` call or `{...}` as a dict, a name as what it was set to."""
    if isinstance(node, ast.Name):
        return names.get(node.id, _UNKNOWN)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return {item.arg: _value(item.value, names) for item in node.keywords if item.arg}
    if isinstance(node, ast.Dict):
        return {
            key.value: _value(value, names)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant)
        }
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return _UNKNOWN


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number else None
