"""What is known about a model by its family: the engine it needs, the template it likely uses."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..shared.json_values import mapping, text
from ..shared.regular_file import read_json
from .model_code import brings_code
from .model_folder import ModelInfo

Stack = Literal["modern", "classic"]

_CLASSIC = frozenset(
    {"internlm", "internlm2", "baichuan", "chatglm", "qwen", "minicpm", "deepseek", "aquila"}
    | {"xverse", "orion", "stablelm_epoch", "RefinedWeb", "RefinedWebModel", "Yi", "phi-msft"}
    | {"internlm3", "minicpm3"}
)
"""Types of models with their own modeling code, written for transformers up to 4.48. transformers
5.23 does not know them (its models/auto/auto_mappings.py), with two exceptions. InternLM3 is
published with a tokenizer.model and code that reads it, and no tokenizer.json: nothing shows that
5.23 makes the same tokens without that code. MiniCPM3 needs no code since its repository dropped
that of the tokenizer in October 2024 (`model_code`); earlier downloads still do."""

_CHAT = re.compile(r"(?<![a-z])(chat|instruct|it|sft|assistant)(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Suggestion:
    """A template to offer, but never to use without asking."""

    name: str
    like: str
    """The model of xtuner's configs that uses it, or the family."""
    is_same_model: bool
    """Whether `like` is this very model, according to the folder's name."""


def stack_of(model: ModelInfo) -> Stack:
    """Return the engine stack that a model trains on."""
    return stack_of_type(model.model_type, needs_remote_code=model.needs_remote_code)


def stack_of_type(model_type: str, *, needs_remote_code: bool) -> Stack:
    """Return the engine stack for a transformers type, as in `config.json`."""
    return "classic" if needs_remote_code and model_type in _CLASSIC else "modern"


def stack_of_folder(folder: Path) -> Stack:
    """Return the engine stack of the model in a folder by its configs; else the modern one."""
    try:
        config = mapping(read_json(folder / "config.json"))
    except (OSError, ValueError):
        return "modern"
    model_type = text(config.get("model_type")) or ""
    return stack_of_type(model_type, needs_remote_code=brings_code(folder))


def suggest_template(model: ModelInfo) -> Suggestion | None:
    """Return the usual template for such a model; None if the table has none.

    It is a guess from the names of folder and family, for models without a usable chat template.
    """
    return suggest_by_name(model.name, model.model_type)


def suggest_by_name(name: str, model_type: str) -> Suggestion | None:
    """Return the usual template for a model of that type and name (without its owner)."""
    table = _table()
    own = name.lower()
    for full_name, template in table["models"].items():
        if full_name.rpartition("/")[2].lower() == own:
            return Suggestion(template, full_name, is_same_model=True)
    family = table["families"].get(model_type)
    if family is None:
        return None
    return Suggestion(family[1 if is_chat_name(own) else 0], model_type, is_same_model=False)


def is_chat_name(name: str) -> bool:
    """Return whether a model's name says that it was trained to converse."""
    return _CHAT.search(name) is not None


@functools.cache
def _table() -> Mapping[str, Any]:
    table: dict[str, Any] = json.loads(Path(__file__).with_name("families.json").read_text("utf-8"))
    return table
