"""The one table of settings: it drives questions, flags, `--set`, xtgui.toml and the config.

Names are xtuner's own. A default of None means: nothing is set, and where `planned` is true the
plan (see `plan.py`) decides from the data.
"""

from __future__ import annotations

import ast
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .errors import Exit, XtguiError
from .methods import DEFAULT_METHOD, METHODS

OPTIMIZERS = ("AdamW", "Adam", "SGD", "PagedAdamW32bit", "PagedAdamW8bit", "AdamW8bit")
DEEPSPEED = (
    "deepspeed_zero1",
    "deepspeed_zero2",
    "deepspeed_zero2_offload",
    "deepspeed_zero3",
    "deepspeed_zero3_offload",
)
TEMPLATE_TEXTS = ("system", "instruction", "suffix", "sep")
EVALUATION_QUESTIONS = ("请给我介绍五个上海的景点", "Please tell me five scenic spots in Shanghai")

Kind = Literal["text", "integer", "number", "flag", "texts", "pair"]


@dataclass(frozen=True)
class Setting:
    """One thing that may be set."""

    key: str
    """Section and name, as in xtgui.toml and `--set`."""
    kind: Kind
    """How a value is written: "texts" is a list of texts, "pair" two numbers."""
    default: Any = None
    """The value when nobody says anything; a mapping gives one for each method."""
    config_name: str | None = None
    """The top-level name in the xtuner config, where it has one."""
    choices: tuple[str, ...] = ()
    """A closed table of values; empty: any."""
    low: float = -math.inf
    """The smallest value allowed."""
    high: float = math.inf
    """The largest value allowed."""
    above: bool = False
    """Whether `low` itself is not allowed."""
    under: bool = False
    """Whether `high` itself is not allowed."""
    planned: bool = False
    """Whether the plan decides when it is not set."""
    step: int = 3
    """The step of the wizard that asks for it."""
    basic: bool = False
    """Whether the wizard asks for it without being asked to show the advanced ones."""

    @property
    def name(self) -> str:
        """The name without its section."""
        return self.key.partition(".")[2]


SETTINGS: tuple[Setting, ...] = (
    Setting("paths.root", "text", step=1),
    Setting("paths.cache", "text", step=1),
    Setting("train.method", "text", DEFAULT_METHOD, choices=tuple(METHODS), step=2, basic=True),
    Setting("model.path", "text", None, "pretrained_model_name_or_path", step=2, basic=True),
    Setting("model.prompt_template", "text", None, "prompt_template", step=2),
    *(Setting(f"model.template_{name}", "text", step=2) for name in TEMPLATE_TEXTS),
    Setting("model.template_suffix_as_eos", "flag", step=2),
    Setting("model.template_stop_words", "texts", None, high=10, step=2),
    Setting("model.trust_remote_code", "flag", False, "trust_remote_code", step=2),
    Setting("data.path", "text", None, "data_path", step=2, basic=True),
    Setting(
        "data.dataset_map_fn",
        "text",
        "openai_map_fn",
        "dataset_map_fn",
        choices=("openai_map_fn",),
        step=2,
    ),
    Setting("data.max_dataset_length", "integer", None, "max_dataset_length", low=1, step=2),
    Setting("train.max_length", "integer", 2048, "max_length", low=16, planned=True, basic=True),
    Setting("train.pack_to_max_length", "flag", None, "pack_to_max_length", planned=True),
    Setting("train.batch_size", "integer", 1, "batch_size", low=1, basic=True),
    Setting(
        "train.accumulative_counts", "integer", None, "accumulative_counts", low=1, planned=True
    ),
    Setting("train.dataloader_num_workers", "integer", 0, "dataloader_num_workers", low=0),
    Setting("train.max_epochs", "integer", None, "max_epochs", low=1, planned=True, basic=True),
    Setting("train.optim_type", "text", "AdamW", "optim_type", choices=OPTIMIZERS),
    Setting(
        "train.lr",
        "number",
        {name: method.lr for name, method in METHODS.items()},
        "lr",
        low=0,
        high=1,
        above=True,
        basic=True,
    ),
    Setting("train.betas", "pair", [0.9, 0.999], "betas", low=0, high=1, under=True),
    Setting("train.weight_decay", "number", 0.0, "weight_decay", low=0, high=1),
    Setting("train.max_norm", "number", 1.0, "max_norm", low=0, above=True),
    Setting("train.warmup_ratio", "number", 0.03, "warmup_ratio", low=0, high=0.5, planned=True),
    Setting("train.save_steps", "integer", None, "save_steps", low=1, planned=True, basic=True),
    Setting(
        "train.save_total_limit",
        "integer",
        {name: method.save_total_limit for name, method in METHODS.items()},
        "save_total_limit",
        low=-1,
    ),
    Setting("train.evaluation_freq", "integer", None, "evaluation_freq", low=1, planned=True),
    Setting("train.SYSTEM", "text", "", "SYSTEM", basic=True),
    Setting(
        "train.evaluation_inputs",
        "texts",
        list(EVALUATION_QUESTIONS),
        "evaluation_inputs",
        high=10,
        basic=True,
    ),
    Setting("train.max_new_tokens", "integer", 100, "max_new_tokens", low=1, high=4096),
    Setting("train.seed", "integer", 42, "seed", low=0, high=2**32 - 1),
    Setting(
        "train.use_activation_checkpointing",
        "flag",
        None,
        "use_activation_checkpointing",
        planned=True,
    ),
    Setting("lora.lora_r", "integer", 64, "lora_r", low=1, high=4096, basic=True),
    Setting("lora.lora_alpha", "integer", 16, "lora_alpha", low=1, basic=True),
    Setting("lora.lora_dropout", "number", 0.1, "lora_dropout", low=0, high=0.9),
    Setting("launch.num_gpus", "integer", 1, low=1),
    Setting("launch.deepspeed", "text", None, choices=DEEPSPEED),
)

BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


def default(setting: Setting, method: str) -> Any:
    """Give the default for a method; None where there is none."""
    if isinstance(setting.default, dict):
        return setting.default[method]
    return setting.default


def find(key: str) -> Setting:
    """Give the setting of a key. Raises — XtguiError "settings.unknown", with the nearest key."""
    if key in BY_KEY:
        return BY_KEY[key]
    by_name = {setting.name: setting.key for setting in SETTINGS}
    near = by_name.get(key.rpartition(".")[2]) or next(
        iter(difflib.get_close_matches(key, BY_KEY, n=1, cutoff=0.5)), None
    )
    if near:
        raise XtguiError("settings.unknown_near", Exit.ANSWERS, key=key, near=near)
    raise XtguiError("settings.unknown", Exit.ANSWERS, key=key)


def parse(key: str, raw: str) -> Any:
    """Give the value that *raw*, from `--set` or a question, means for a key; None for "".

    Text keys take the raw text, so an empty SYSTEM is "unset"; all else is written as in TOML.
    Raises — XtguiError "settings.unknown" or what `check` raises.
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
    """Give the value of a TOML literal. Raises — ValueError and what `ast.literal_eval` raises."""
    try:
        import tomllib
    except ModuleNotFoundError:  # Python 3.10: its own literals, where numbers and lists are alike
        return ast.literal_eval(raw)
    table = tomllib.loads(f"value = {raw}")
    if table.keys() != {"value"}:
        raise ValueError(raw)
    return table["value"]


def check(key: str, value: Any) -> Any:
    """Give *value* as the type of its key.

    Raises — XtguiError "settings.not_a_<kind>", "settings.not_a_choice", or one of
    "settings.below", "settings.not_above", "settings.above" and "settings.count".
    """
    setting = find(key)
    value = _as_kind(setting, value)
    if setting.choices and value not in setting.choices:
        near = difflib.get_close_matches(str(value), setting.choices, n=1)
        raise XtguiError(
            "settings.not_a_choice",
            Exit.ANSWERS,
            key=key,
            value=value,
            choices=", ".join(setting.choices),
            near=near[0] if near else setting.choices[0],
        )
    if setting.key == "train.save_total_limit" and value == 0:
        raise XtguiError("settings.keep_none", Exit.ANSWERS, key=key)
    if setting.kind == "texts":
        if not 1 <= len(value) <= setting.high:
            raise _out_of_range("count", setting, len(value))
        return value
    for size in value if setting.kind == "pair" else [value]:
        if isinstance(size, (int, float)) and not isinstance(size, bool):
            _check_size(setting, size)
    return value


def _check_size(setting: Setting, size: float) -> None:
    if setting.above and size <= setting.low:
        raise _out_of_range("not_above", setting, size)
    if size < setting.low:
        raise _out_of_range("below", setting, size)
    if size > setting.high or (setting.under and size == setting.high):
        raise _out_of_range("above", setting, size)


def _as_kind(setting: Setting, value: Any) -> Any:
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
            return [str(item) for item in value]
        if setting.kind == "pair" and len(value) == 2 and all(map(_is_number, value)):
            return [float(item) for item in value]
    raise _wrong(setting, value)


def _is_number(value: Any) -> bool:
    """Whether it is a number that a float can hold; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond any float
        return False


def _wrong(setting: Setting, value: Any) -> XtguiError:
    shown = value if isinstance(value, str) else repr(value)
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


def check_all(values: Mapping[str, Any]) -> dict[str, Any]:
    """Check every value and report all that is wrong at once, as problems of one error."""
    checked, problems = {}, []
    for key, value in values.items():
        try:
            checked[key] = check(key, value)
        except XtguiError as error:
            problems.append(error.notice)
    if problems:
        raise XtguiError("settings.wrong", Exit.ANSWERS, problems, count=len(problems))
    return checked
