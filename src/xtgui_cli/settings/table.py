"""The only table of settings, as typed sections; questions, flags, files and the config follow it.

A field of a section is a setting: its name is xtuner's own, its annotation says how a value is
written, its declaration gives default, range and place in the config. A planned setting is None
until somebody sets it or the plan decides it from the data (`planning.plan`).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

from ..shared.config_file import DATASET_MAP_FUNCTIONS, OPTIMIZERS
from ..shared.methods import DEFAULT_METHOD, METHODS, Method, MethodName

Kind = Literal["text", "integer", "number", "flag", "texts", "pair"]
Value = str | int | float | bool | tuple[str, ...] | tuple[float, ...] | None

DEEPSPEED = (
    "deepspeed_zero1",
    "deepspeed_zero2",
    "deepspeed_zero2_offload",
    "deepspeed_zero3",
    "deepspeed_zero3_offload",
)
RECIPES = ("planned", "xtuner")

_KINDS: Mapping[str, Kind] = {
    "str": "text",
    "MethodName": "text",
    "int": "integer",
    "float": "number",
    "bool": "flag",
    "tuple[str, ...]": "texts",
    "tuple[float, float]": "pair",
}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting."""

    section: str
    name: str
    """xtuner's own name."""
    kind: Kind
    """The type of its values: "texts" is a list of texts, "pair" two numbers."""
    default: Value | Callable[[Method], Value] = None
    """The default value; a function if it depends on the method."""
    config_name: str | None = None
    """The top-level name in the xtuner config, if it has one."""
    choices: tuple[str, ...] = ()
    """A closed table of values; empty: any."""
    low: float = -math.inf
    """The smallest value allowed."""
    high: float = math.inf
    """The largest value allowed; for texts, their maximum number."""
    above: bool = False
    """Whether `low` itself is excluded."""
    under: bool = False
    """Whether `high` itself is excluded."""
    planned: bool = False
    """Whether the plan decides it if nobody sets it."""
    step: int = 3
    """The step of the wizard that asks for it."""
    basic: bool = False
    """Whether the wizard shows it without "advanced"."""
    adapter_only: bool = False
    """Whether it applies only to methods that train an adapter."""
    is_path: bool = False
    """Whether it is a file or folder: a relative one starts where it was written down, "" is
    none."""

    @property
    def key(self) -> str:
        """Section and name, as in xtgui.toml and `--set`."""
        return f"{self.section}.{self.name}"

    def default_for(self, method: Method) -> Value:
        """Return the default for a method; None if there is none."""
        return self.default(method) if callable(self.default) else self.default

    def applies_to(self, method: Method) -> bool:
        """Return whether the setting applies to a method."""
        return method.trains_adapter or not self.adapter_only


def _setting(default: Value | Callable[[Method], Value] = None, **declared: Any) -> Any:
    return dataclasses.field(metadata={"default": default, **declared})


@dataclass(frozen=True, kw_only=True)
class PathSettings:
    """`[paths]`: where everything is."""

    root: str | None = _setting(step=1, is_path=True)
    cache: str | None = _setting(step=1, is_path=True)


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """`[model]`: the base model and how conversations are written for it."""

    path: str | None = _setting(
        config_name="pretrained_model_name_or_path", step=2, basic=True, is_path=True
    )
    prompt_template: str | None = _setting(config_name="prompt_template", step=2)
    template_system: str | None = _setting(step=2)
    template_instruction: str | None = _setting(step=2)
    template_suffix: str | None = _setting(step=2)
    template_sep: str | None = _setting(step=2)
    template_suffix_as_eos: bool | None = _setting(step=2)
    template_stop_words: tuple[str, ...] | None = _setting(high=10, step=2)
    trust_remote_code: bool = _setting(default=False, config_name="trust_remote_code", step=2)


@dataclass(frozen=True, kw_only=True)
class DataSettings:
    """`[data]`: what is trained on."""

    path: str | None = _setting(config_name="data_path", step=2, basic=True, is_path=True)
    dataset_map_fn: str = _setting(
        DATASET_MAP_FUNCTIONS[0],
        config_name="dataset_map_fn",
        choices=DATASET_MAP_FUNCTIONS,
        step=2,
    )
    max_dataset_length: int | None = _setting(config_name="max_dataset_length", low=1, step=2)
    mix_general: int | None = _setting(config_name="mix_general", low=0, planned=True, basic=True)
    repeat_rows: int | None = _setting(config_name="repeat_rows", low=1, high=100, planned=True)
    tests: str | None = _setting(config_name="tests_path", step=2, is_path=True)


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """`[train]`: how it is trained."""

    method: MethodName = _setting(  # noqa: RUF009 (a field)
        DEFAULT_METHOD, choices=tuple(METHODS), step=2, basic=True
    )
    recipe: str = _setting(RECIPES[0], choices=RECIPES, basic=True)
    max_length: int | None = _setting(config_name="max_length", low=16, planned=True, basic=True)
    pack_to_max_length: bool | None = _setting(config_name="pack_to_max_length", planned=True)
    batch_size: int | None = _setting(config_name="batch_size", low=1, planned=True, basic=True)
    accumulative_counts: int | None = _setting(
        config_name="accumulative_counts", low=1, planned=True
    )
    val_ratio: float | None = _setting(config_name="val_ratio", low=0, high=0.5, planned=True)
    loss_per: str = _setting("token", config_name="loss_per", choices=("token", "sample"))
    dataloader_num_workers: int = _setting(0, config_name="dataloader_num_workers", low=0)
    max_epochs: int | None = _setting(config_name="max_epochs", low=1, planned=True, basic=True)
    until_learned: bool = _setting(default=False, config_name="until_learned")
    stop_on_nan: bool = _setting(default=True, config_name="stop_on_nan")
    optim_type: str = _setting("AdamW", config_name="optim_type", choices=OPTIMIZERS)
    lr: float | None = _setting(
        config_name="lr", low=0, high=1, above=True, planned=True, basic=True
    )
    betas: tuple[float, float] = _setting(
        (0.9, 0.999), config_name="betas", low=0, high=1, under=True
    )
    weight_decay: float = _setting(0.0, config_name="weight_decay", low=0, high=1)
    max_norm: float = _setting(1.0, config_name="max_norm", low=0, above=True)
    warmup_ratio: float | None = _setting(config_name="warmup_ratio", low=0, high=0.5, planned=True)
    save_steps: int | None = _setting(config_name="save_steps", low=1, planned=True, basic=True)
    save_total_limit: int = _setting(
        lambda method: method.save_total_limit, config_name="save_total_limit", low=-1
    )
    evaluation_freq: int | None = _setting(config_name="evaluation_freq", low=1, planned=True)
    SYSTEM: str | None = _setting(config_name="SYSTEM", planned=True, basic=True)
    evaluation_inputs: tuple[str, ...] | None = _setting(
        config_name="evaluation_inputs", high=10, planned=True, basic=True
    )
    max_new_tokens: int = _setting(100, config_name="max_new_tokens", low=1, high=4096)
    seed: int = _setting(42, config_name="seed", low=0, high=2**32 - 1)
    use_activation_checkpointing: bool | None = _setting(
        config_name="use_activation_checkpointing", planned=True
    )


@dataclass(frozen=True, kw_only=True)
class LoraSettings:
    """`[lora]`: the adapter."""

    lora_r: int | None = _setting(
        config_name="lora_r", low=1, high=4096, planned=True, basic=True, adapter_only=True
    )
    lora_alpha: int | None = _setting(
        config_name="lora_alpha", low=1, planned=True, basic=True, adapter_only=True
    )
    lora_dropout: float | None = _setting(
        config_name="lora_dropout", low=0, high=0.9, planned=True, adapter_only=True
    )


@dataclass(frozen=True, kw_only=True)
class LaunchSettings:
    """`[launch]`: what it is trained on."""

    num_gpus: int = _setting(1, low=1)
    deepspeed: str | None = _setting(choices=DEEPSPEED)


class Origin(IntEnum):
    """Who decided a value; a greater one wins."""

    DEFAULT = 0
    PLANNED = 1
    """The plan, when the config was written."""
    SAVED = 2
    """xtgui.toml."""
    EDITED = 3
    """The user, in the config itself."""
    ANSWERS = 4
    """A file given with `--answers`."""
    FLAG = 5
    """`--set`, or a flag of the command."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings in force, and who decided each."""

    paths: PathSettings
    model: ModelSettings
    data: DataSettings
    train: TrainSettings
    lora: LoraSettings
    launch: LaunchSettings
    origins: Mapping[str, Origin]
    """By key; a key that is missing has its default, or is still to be planned."""

    @property
    def method(self) -> Method:
        """The fine-tuning method."""
        return METHODS[self.train.method]

    def value(self, setting: Setting) -> Value:
        """Return the value of one setting of the table."""
        value: Value = getattr(getattr(self, setting.section), setting.name)
        return value

    def origin(self, setting: Setting) -> Origin:
        """Return who decided a setting."""
        return self.origins.get(setting.key, Origin.DEFAULT)

    def is_given(self, setting: Setting) -> bool:
        """Return whether a person decided a setting, in whatever place."""
        return self.origin(setting) >= Origin.SAVED


SECTIONS: Mapping[str, type] = {
    "paths": PathSettings,
    "model": ModelSettings,
    "data": DataSettings,
    "train": TrainSettings,
    "lora": LoraSettings,
    "launch": LaunchSettings,
}


def _read_table() -> tuple[Setting, ...]:
    return tuple(
        Setting(
            section=section,
            name=field.name,
            kind=_KINDS[str(field.type).removesuffix(" | None")],
            **field.metadata,
        )
        for section, fields in SECTIONS.items()
        for field in dataclasses.fields(fields)
    )


SETTINGS: tuple[Setting, ...] = _read_table()
BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}
BY_CONFIG_NAME: Mapping[str, Setting] = {
    setting.config_name: setting for setting in SETTINGS if setting.config_name
}
