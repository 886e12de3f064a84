"""Turns settings into everything that a run needs: checked sources, the plan, the config's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..data.messages import DataInfo
from ..models.model_family import suggest_template
from ..models.model_folder import ModelInfo
from ..models.template_match import (
    TemplateMatch,
    UnknownTemplateError,
    bos_for,
    template_itself,
)
from ..planning.machine import Machine
from ..planning.plan import Plan, make_plan, with_plan
from ..settings.layers import Layer, replace_values
from ..settings.table import SETTINGS, Origin, Settings
from ..settings.written_template import as_settings, read_template
from ..shared.config_file import config_templates_dir, read_file
from ..shared.custom_template import CUSTOM, to_fields
from ..shared.errors import Exit, XtguiError
from ..shared.learning import TestQuestion
from ..shared.methods import Method
from ..shared.templates import all_templates
from .config_filler import fill
from .row_choice import ChosenRows, RowContext, choose_rows
from .sources import Sources
from .test_questions import require_tests


@dataclass(frozen=True, kw_only=True)
class BuiltRun:
    """A run that is ready to be written."""

    settings: Settings
    """As the config will say them: open ones are planned."""
    model: ModelInfo
    data: DataInfo
    template: TemplateMatch
    rows: ChosenRows
    """The rows of the data that are trained, and those trained with them."""
    plan: Plan
    values: Mapping[str, Any]
    """Config name to value. If the rows are not the user's file as it is, the name of the file that
    is trained is known once it is written (see `training_rows`)."""
    tests: tuple[TestQuestion, ...] = ()
    """The user's test questions."""
    awaits_engine: bool = False
    """Whether general questions were left out only because the engine is not installed yet."""

    @property
    def config_text(self) -> str:
        """The shipped config of the method, filled in."""
        return fill_template(self.settings.method, self.values)


def build_run(
    settings: Settings,
    machine: Machine,
    sources: Sources | None = None,
    *,
    expects_answers: bool = False,
) -> BuiltRun:
    """Check the sources, count the data, and return the plan and config that follow from settings.

    No engine is started: general questions count only if their answers are known.

    Args:
        settings: Values that are None are planned, if they can be.
        machine: The machine that trains.
        sources: What is already known about models and data.
        expects_answers: Whether general questions whose answers are still to be generated count
            too. Such a run can be shown, not written.

    Raises:
        XtguiError: If anything prevents the run.
    """
    sources = sources or Sources()
    model_path, data_path = require_paths(settings)
    model = sources.model(model_path)
    if model.needs_remote_code and not settings.model.trust_remote_code:
        raise XtguiError("model.remote_code", Exit.ANSWERS, path=model.path)
    data = sources.data(data_path)
    tests = require_tests(settings)
    template = template_of(model, settings, sources)
    rows = choose_rows(
        sources.measured(model, data, template),
        RowContext(
            settings=settings,
            machine=machine,
            model=model,
            template=template_itself(template),
            sources=sources,
            measure=lambda few: sources.measured_rows(model, template, few),
            expects_answers=expects_answers,
        ),
    )
    plan = make_plan(rows.measured, rows.settings, machine, model.base)
    if not plan.samples:
        raise XtguiError(
            "plan.no_samples", Exit.ANSWERS, rows=data.rows, length=plan.max_length, path=data.path
        )
    decided = replace_values(with_plan(rows.settings, plan), _as_settings(template), Origin.PLANNED)
    values = {
        **_setting_values(decided),
        "pretrained_model_name_or_path": str(model.path),
        **_row_values(data, rows),
        "prompt_template": as_written(template),
        "warmup_iters": plan.warmup_iters,
        **device_values(settings.method, machine),
    }
    return BuiltRun(
        settings=decided,
        model=model,
        data=data,
        template=template,
        rows=rows,
        plan=plan,
        values=values,
        tests=tests,
    )


def _row_values(data: DataInfo, rows: ChosenRows) -> dict[str, Any]:
    """Return the config's values about the rows, as if the user's file were trained as it is."""
    return {
        "data_path": str(data.path),
        "source_data_path": None,
        "taught_rows": rows.measured.taught,
        "val_data_path": None,
        "check_learning": True,
        "kept_language": rows.measured.facts.language,
    }


def require_paths(settings: Settings) -> tuple[str, str]:
    """Return the paths of model and data.

    Raises:
        XtguiError: "wizard.missing_answers", with those that are not set.
    """
    model, data = settings.model.path, settings.data.path
    if model and data:
        return model, data
    paths = {"model.path": model, "data.path": data}
    missing = ", ".join(key for key, path in paths.items() if not path)
    raise XtguiError("wizard.missing_answers", Exit.ANSWERS, keys=missing)


def _as_settings(match: TemplateMatch) -> Layer:
    """Return the settings, by key, that describe a template."""
    if match.custom is not None:
        return as_settings(to_fields(match.custom))
    return {"model.prompt_template": str(match.name)}


def _setting_values(settings: Settings) -> dict[str, Any]:
    """Return the value of every setting that the method's config assigns."""
    values = {
        setting.config_name: settings.value(setting)
        for setting in SETTINGS
        if setting.config_name and setting.applies_to(settings.method)
    }
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def device_values(method: Method, machine: Machine) -> dict[str, Any]:
    """Return the config's values about the device: dtypes and the backend between processes.

    Full fine-tuning keeps its weights in float32 and computes in 16 bits.
    """
    if machine.device != "cuda":
        return {"torch_dtype": "float32", "amp_dtype": None, "dist_backend": "gloo"}
    short = "bfloat16" if machine.bf16 else "float16"
    return {
        "torch_dtype": short if method.trains_adapter else "float32",
        "amp_dtype": short,
        "dist_backend": "nccl",
    }


def fill_template(method: Method, values: Mapping[str, Any]) -> str:
    """Return the shipped config of a method with its values filled in.

    Raises:
        XtguiError: "config.no_template" if the shipped config is missing.
    """
    file = config_templates_dir() / f"{method.name}.py"
    if not file.is_file():
        raise XtguiError("config.no_template", Exit.ENVIRONMENT, file=file)
    return fill(read_file(file), values, str(file))


def as_written(match: TemplateMatch) -> str | dict[str, Any]:
    """Return the config's `prompt_template`: one of xtuner's names, or the fields."""
    return to_fields(match.custom) if match.custom is not None else str(match.name)


def template_of(model: ModelInfo, settings: Settings, sources: Sources) -> TemplateMatch:
    """Return the template that the user chose, else the model's own or the nearest to it.

    Raises:
        XtguiError: "model.unknown_template", "model.endless_template", "model.no_such_template" or
            "model.no_custom_template".
    """
    chosen = settings.model.prompt_template
    found = sources.template(model)
    if chosen is None:
        if found.name is None:
            raise _unknown_template(model, found)
        return found
    own = read_template(settings.model) if chosen == CUSTOM else None
    if own is not None:
        return TemplateMatch(
            name=CUSTOM,
            exact=False,
            bos_ids=bos_for(model, own),
            system_line=found.system_line,
            custom=own,
        )
    if found.name == chosen:
        return found
    if chosen == CUSTOM:
        raise XtguiError("model.no_custom_template", Exit.ANSWERS)
    if chosen not in all_templates():
        raise XtguiError("model.no_such_template", Exit.ANSWERS, name=chosen)
    bos_ids = bos_for(model, all_templates()[chosen])
    return TemplateMatch(name=chosen, exact=False, bos_ids=bos_ids, system_line=found.system_line)


def _unknown_template(model: ModelInfo, match: TemplateMatch) -> UnknownTemplateError:
    """Return the error for a model without a known template, naming its family's usual one."""
    suggestion = suggest_template(model)
    name = suggestion.name if suggestion is not None else "default"
    code = "model.endless_template" if match.is_endless else "model.unknown_template"
    return UnknownTemplateError(code, Exit.ANSWERS, path=model.path, name=name)
