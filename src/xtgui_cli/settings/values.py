"""Values of settings: read from text, checked against the type and range of their key."""

from __future__ import annotations

import ast
import difflib
import math
import reprlib
from collections.abc import Mapping
from typing import Any

from ..shared.errors import Exit, Notice, XtguiError
from .table import BY_KEY, SETTINGS, Setting, Value

_ELSEWHERE = {
    "learning_rate": "lr",
    "rank": "lora_r",
    "r": "lora_r",
    "alpha": "lora_alpha",
    "dropout": "lora_dropout",
    "epochs": "max_epochs",
    "num_epochs": "max_epochs",
    "num_train_epochs": "max_epochs",
    "gradient_accumulation_steps": "accumulative_counts",
    "per_device_train_batch_size": "batch_size",
    "max_seq_length": "max_length",
    "cutoff_len": "max_length",
    "max_grad_norm": "max_norm",
    "optim": "optim_type",
    "optimizer": "optim_type",
    "warmup": "warmup_ratio",
    "gradient_checkpointing": "use_activation_checkpointing",
    "packing": "pack_to_max_length",
    "template": "prompt_template",
    "system": "SYSTEM",
    "system_prompt": "SYSTEM",
}
"""Names of settings in other programs, to their names here."""
MOST_PROBLEMS = 100
"""Maximum number reported for one file: a stranger's may have any number, and each is looked up."""


def find(key: str) -> Setting:
    """Return the setting with a key.

    Raises:
        XtguiError: "settings.unknown", or "settings.unknown_near" with the nearest key.
    """
    if key in BY_KEY:
        return BY_KEY[key]
    by_name = {setting.name: setting.key for setting in SETTINGS}
    name = key.rpartition(".")[2]
    name = _ELSEWHERE.get(name.lower().replace("-", "_"), name)
    near_names = difflib.get_close_matches(name, by_name, n=1, cutoff=0.6)
    near = by_name.get(name) or next((by_name[one] for one in near_names), None)
    if near:
        raise XtguiError("settings.unknown_near", Exit.ANSWERS, key=key, near=near)
    raise XtguiError("settings.unknown", Exit.ANSWERS, key=key)


def parse(key: str, raw: str) -> Value:
    """Return the value of *raw*, from `--set` or a question, for a key; None for "".

    Text keys use the raw text, so an empty SYSTEM is "unset"; everything else is written as in
    TOML.

    Raises:
        XtguiError: "settings.unknown", and those of `check`.
    """
    setting = find(key)
    if raw == "":
        return None
    if setting.kind == "text":
        return check(key, raw)
    if setting.kind == "flag":
        word = raw.strip().lower()
        if word not in ("true", "false"):
            raise _wrong(setting, raw)
        return word == "true"
    try:
        value = _literal(raw.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        raise _wrong(setting, raw) from None
    return check(key, value)


def _literal(raw: str) -> Any:
    """Return the value of a TOML literal.

    Raises:
        ValueError: If it is not one; or whatever `ast.literal_eval` raises.
    """
    try:
        import tomllib
    except ModuleNotFoundError:  # Python 3.10: its literals have the same numbers and lists
        return ast.literal_eval(raw)
    table = tomllib.loads(f"value = {raw}")
    if table.keys() != {"value"}:
        raise ValueError(raw)
    return table["value"]


def check(key: str, value: Any) -> Value:
    """Return *value* as the type of its key; lists become tuples.

    Raises:
        XtguiError: "settings.not_a_<kind>", "settings.not_a_choice", or one of "settings.below",
            "settings.not_above", "settings.above", "settings.count" and "settings.keep_none".
    """
    setting = find(key)
    checked = _as_kind(setting, value)
    if setting.choices and checked not in setting.choices:
        near = difflib.get_close_matches(str(checked), setting.choices, n=1)
        raise XtguiError(
            "settings.not_a_choice",
            Exit.ANSWERS,
            key=key,
            value=checked,
            choices=", ".join(setting.choices),
            near=near[0] if near else setting.choices[0],
        )
    if key == "train.save_total_limit" and checked == 0:
        raise XtguiError("settings.keep_none", Exit.ANSWERS, key=key)
    if setting.kind == "texts":
        count = len(checked) if isinstance(checked, tuple) else 0
        if not 1 <= count <= setting.high:
            raise _out_of_range("count", setting, count)
        return checked
    for size in checked if isinstance(checked, tuple) else (checked,):
        if isinstance(size, (int, float)) and not isinstance(size, bool):
            _check_size(setting, size)
    return checked


def _check_size(setting: Setting, size: float) -> None:
    if setting.above and size <= setting.low:
        raise _out_of_range("not_above", setting, size)
    if size < setting.low:
        raise _out_of_range("below", setting, size)
    if size > setting.high or (setting.under and size == setting.high):
        raise _out_of_range("above", setting, size)


def _as_kind(setting: Setting, value: Any) -> Value:
    if setting.kind == "text" and isinstance(value, str) and "\0" not in value:
        return str(value)
    if setting.kind == "flag" and isinstance(value, bool):
        return value
    if setting.kind == "integer" and _is_number(value) and value == int(value):
        return int(value)
    if setting.kind == "number" and _is_number(value):
        return float(value)
    if isinstance(value, (list, tuple)):
        if setting.kind == "texts" and all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        if setting.kind == "pair" and len(value) == 2 and all(map(_is_number, value)):
            return tuple(float(item) for item in value)
    raise _wrong(setting, value)


def _is_number(value: Any) -> bool:
    """Return whether it is a number that a float can hold; true and false are not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond any float
        return False


def _wrong(setting: Setting, value: Any) -> XtguiError:
    shown = value if isinstance(value, str) else reprlib.repr(value)  # may be deep or long
    return XtguiError(f"settings.not_a_{setting.kind}", Exit.ANSWERS, key=setting.key, value=shown)


def _out_of_range(code: str, setting: Setting, value: float) -> XtguiError:
    return XtguiError(
        f"settings.{code}",
        Exit.ANSWERS,
        key=setting.key,
        value=value,
        low=_whole(setting.low),
        high=_whole(setting.high),
    )


def _whole(bound: float) -> float | int:
    return int(bound) if math.isfinite(bound) and bound == int(bound) else bound


def require_valid(values: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values, by key, as the types of their keys.

    Raises:
        XtguiError: "settings.wrong" with everything that is wrong.
    """
    checked, problems = check_all(values)
    if problems:
        raise XtguiError("settings.wrong", Exit.ANSWERS, problems, count=len(problems))
    return checked


def check_all(values: Mapping[str, Any]) -> tuple[dict[str, Value], list[Notice]]:
    """Return the valid values, by key, and a notice for each invalid one.

    After `MOST_PROBLEMS` the rest is not checked.
    """
    checked: dict[str, Value] = {}
    problems: list[Notice] = []
    for key, value in values.items():
        try:
            checked[key] = check(key, value)
        except XtguiError as error:
            problems.append(error.notice)
        if len(problems) == MOST_PROBLEMS:
            break
    return checked, problems
