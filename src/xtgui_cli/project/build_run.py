"""From answers to everything that a run needs: checked sources, the plan, the config's text."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..data.measure import measure_rows
from ..data.messages import DataInfo, check_data, read_messages
from ..models.model_family import suggest_template
from ..models.model_folder import ModelInfo, check_model
from ..models.template_match import (
    TemplateMatch,
    UnknownTemplateError,
    bos_for,
    match_template,
)
from ..models.tokenization import load_tokenizer
from ..planning.machine import Machine
from ..planning.plan import Measured, Plan, make_plan
from ..shared.config_file import config_templates_dir, fill, read_file
from ..shared.custom_template import CUSTOM, from_answers, to_fields
from ..shared.errors import Exit, XtguiError
from ..shared.settings import BY_KEY, SETTINGS, check_all, default
from ..shared.templates import PromptTemplate, all_templates

_SEVERAL = 8


@dataclass(frozen=True)
class Prepared:
    """A run that is ready to be written."""

    model: ModelInfo
    data: DataInfo
    template: TemplateMatch
    plan: Plan
    values: Mapping[str, Any]
    """Config name to value: what the config will say."""
    config_text: str
    """The shipped config of the method, filled in."""
    method: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    """What the user has set, by key."""


def prepare(answers: Mapping[str, Any], machine: Machine) -> Prepared:
    """Check the sources, count the data and give the plan and config that follow from the answers.

    Args — answers: only what is set, by key ("train.lr"). Files that have not changed since the
    last call are not read again. Raises — XtguiError for every fault that stops a run.
    """
    given = check_all({key: value for key, value in answers.items() if value is not None})
    missing = [key for key in ("model.path", "data.path") if not given.get(key)]
    if missing:
        raise XtguiError("sources.missing_answers", Exit.ANSWERS, keys=", ".join(missing))
    method = given.get("train.method", default(BY_KEY["train.method"], ""))
    model = look_at_model(given["model.path"])
    if model.needs_remote_code and not given.get("model.trust_remote_code"):
        raise XtguiError("model.remote_code", Exit.ANSWERS, path=model.path)
    data = look_at_data(given["data.path"])
    template = template_of(model, given)
    measured = _measured(model, data, template)
    plan = make_plan(measured, {**given, "train.method": method}, model, machine)
    if not plan.samples:
        raise XtguiError(
            "plan.no_samples", Exit.ANSWERS, rows=data.rows, length=plan.max_length, path=data.path
        )
    values = config_values(given, method, plan, model, data, written(template), machine)
    text = fill_template(method, values)
    return Prepared(model, data, template, plan, values, text, method, given)


def config_values(
    given: Mapping[str, Any],
    method: str,
    plan: Plan,
    model: ModelInfo,
    data: DataInfo,
    template: str | Mapping[str, Any],
    machine: Machine,
) -> dict[str, Any]:
    """Give the value of every name that the config of a method assigns."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        if not setting.config_name or (method == "full" and setting.key.startswith("lora.")):
            continue
        usual = default(setting, method)
        if setting.planned:
            usual = getattr(plan, setting.name)
        value = given.get(setting.key)
        values[setting.config_name] = usual if value is None else value
    values |= {
        "pretrained_model_name_or_path": str(model.path),
        "data_path": str(data.path),
        "prompt_template": template,
        "warmup_iters": plan.warmup_iters,
    }
    return values | device_values(method, machine)


def device_values(method: str, machine: Machine) -> dict[str, Any]:
    """Give what a config says about the device: dtypes and the backend between processes.

    Full fine-tuning keeps its weights in float32 and computes in the shorter dtype.
    """
    if machine.device != "cuda":
        return {"torch_dtype": "float32", "amp_dtype": None, "dist_backend": "gloo"}
    short = "bfloat16" if machine.bf16 else "float16"
    return {
        "torch_dtype": "float32" if method == "full" else short,
        "amp_dtype": short,
        "dist_backend": "nccl",
    }


def fill_template(method: str, values: Mapping[str, Any]) -> str:
    """Give the shipped config of a method with its values filled in."""
    file = config_templates_dir() / f"{method}.py"
    if not file.is_file():
        raise XtguiError("config.no_template", Exit.ENVIRONMENT, file=file)
    return fill(read_file(file), values, str(file))


# --- looked at once, as long as the files stay the same ------------------------------------------


def look_at_model(path: Path | str) -> ModelInfo:
    """Check a model folder as `check_model` does; once, as long as its files stay the same."""
    folder = Path(path).expanduser().absolute()
    files = sorted(folder.glob("*.json")) + sorted(folder.glob("*.jinja"))
    return _check_model_once(str(folder), tuple(_stamp(file) for file in (folder, *files)))


def look_at_data(path: Path | str) -> DataInfo:
    """Check a data file as `check_data` does; once, as long as it stays the same."""
    file = Path(path).expanduser().absolute()
    return _check_data_once(str(file), _stamp(file))


def look_at_template(model: ModelInfo) -> TemplateMatch:
    """Match a model's template as `match_template` does; once, as long as it stays the same."""
    return _match_once(_Key(model), _stamp(model.path / "tokenizer.json"))


def _measured(model: ModelInfo, data: DataInfo, template: TemplateMatch) -> Measured:
    prompt_template = template.template
    if prompt_template is None:  # `_template` has refused that
        raise _unknown_template(model)
    if data.has_system and not prompt_template.system:
        raise XtguiError(
            "data.system_has_no_place", Exit.ANSWERS, path=data.path, template=template.name
        )
    stamps = (_stamp(data.path), _stamp(model.path / "tokenizer.json"))
    return _measure_once(
        model.path, data.path, stamps, prompt_template, template.bos_ids, _Key(model)
    )


def written(match: TemplateMatch) -> str | dict[str, Any]:
    """Give what the config says as `prompt_template`: a name of xtuner's, or the fields."""
    return to_fields(match.custom) if match.custom is not None else str(match.name)


def template_of(model: ModelInfo, given: Mapping[str, Any]) -> TemplateMatch:
    """Give the template that the user chose, else the model's own or the nearest to it.

    Raises — XtguiError "model.unknown_template" and "model.no_custom_template".
    """
    chosen = given.get("model.prompt_template")
    key = _Key(model)
    stamp = _stamp(model.path / "tokenizer.json")
    if chosen is not None:
        found = _match_once(key, stamp)
        own = from_answers(given) if chosen == CUSTOM else None
        if own is not None:
            line = found.system_line
            return TemplateMatch(CUSTOM, False, bos_for(model, own), None, line, own)
        if found.name == chosen:
            return found
        if chosen == CUSTOM:
            raise XtguiError("model.no_custom_template", Exit.ANSWERS, path=model.path)
        if chosen not in all_templates():
            raise XtguiError("model.no_such_template", Exit.ANSWERS, name=chosen)
        bos_ids = bos_for(model, all_templates()[chosen])
        return TemplateMatch(chosen, False, bos_ids, None, found.system_line)
    match = _match_once(key, stamp)
    if match.name is None:
        raise _unknown_template(model)
    return match


def _unknown_template(model: ModelInfo) -> UnknownTemplateError:
    """Give the error of a model that says no template, with the one its family usually takes."""
    suggestion = suggest_template(model)
    name = suggestion.name if suggestion is not None else "default"
    return UnknownTemplateError("model.unknown_template", Exit.ANSWERS, path=model.path, name=name)


@dataclass(frozen=True)
class _Key:
    """A model as a cache key: equal where path and chat template are."""

    model: ModelInfo = field(compare=False)
    path: Path = field(init=False)
    chat_template: str | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", self.model.path)
        object.__setattr__(self, "chat_template", self.model.chat_template)


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), status.st_mtime_ns, status.st_size


@functools.lru_cache(maxsize=_SEVERAL)
def _check_model_once(path: str, stamps: object) -> ModelInfo:
    return check_model(path)


@functools.lru_cache(maxsize=_SEVERAL)
def _check_data_once(path: str, stamp: object) -> DataInfo:
    return check_data(path)


@functools.lru_cache(maxsize=_SEVERAL)
def _match_once(key: _Key, stamp: object) -> TemplateMatch:
    return match_template(key.model)


@functools.lru_cache(maxsize=_SEVERAL)
def _measure_once(
    model_path: Path,
    data_path: Path,
    stamps: object,
    template: PromptTemplate,
    bos_ids: tuple[int, ...],
    key: _Key,
) -> Measured:
    return measure_rows(
        read_messages(data_path),
        template,
        load_tokenizer(key.model),
        bos_ids,
    )
