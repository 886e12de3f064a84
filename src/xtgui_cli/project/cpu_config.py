"""Changes somebody's config that needs a GPU so that it trains without one.

It is written for mixed precision, which xtuner supports only on a GPU, and loads its weights in 16
bits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..shared.config_file import parse_config
from .config_filler import replace_spans

_AMP = "AmpOptimWrapper"
_PLAIN = "mmengine.optim.OptimWrapper"
_OF_AMP = ("dtype", "loss_scale")
_DTYPES = ("torch_dtype", "bnb_4bit_compute_dtype")
_SHORT = ("float16", "bfloat16")


def needs_gpu(text: str) -> bool:
    """Return whether a config trains in mixed precision, which requires a GPU.

    Raises:
        XtguiError: "config.syntax".
    """
    return any(_is_amp(call) for call in _calls(parse_config(text).tree))


def adapt_to_cpu(text: str) -> str:
    """Return a config that trains in float32, without mixed precision, otherwise unchanged.

    Raises:
        XtguiError: "config.syntax".
    """
    changes: list[tuple[ast.expr | ast.keyword, str]] = []
    for call in _calls(parse_config(text).tree):
        is_amp = _is_amp(call)
        for argument in call.keywords:
            if is_amp and argument.arg == "type":
                changes.append((argument.value, repr(_PLAIN)))
            elif is_amp and argument.arg in _OF_AMP:
                changes.append((argument, ""))
            elif argument.arg in _DTYPES and _last_name(argument.value) in _SHORT:
                changes.append((argument.value, repr("torch.float32")))
    return replace_spans(text, changes)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _is_amp(call: ast.Call) -> bool:
    return any(each.arg == "type" and _last_name(each.value) == _AMP for each in call.keywords)


def _last_name(node: ast.expr) -> str:
    """Return the last part of a name: alone, inside a module, or in a text."""
    if isinstance(node, ast.Constant):
        return str(node.value).rpartition(".")[2]
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
