"""A prompt template that is written out in the settings `model.template_*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..shared.custom_template import CUSTOM, from_fields
from ..shared.templates import PromptTemplate
from .table import BY_KEY, ModelSettings, Value

_PREFIX = "model.template_"


def read_template(model: ModelSettings) -> PromptTemplate | None:
    """Return the template that the settings write out; None if they have no instruction.

    Raises:
        XtguiError: "settings.template_wrong", with the field.
    """
    fields = {
        "SYSTEM": model.template_system,
        "INSTRUCTION": model.template_instruction,
        "SUFFIX": model.template_suffix,
        "SEP": model.template_sep,
        "SUFFIX_AS_EOS": model.template_suffix_as_eos,
        "STOP_WORDS": model.template_stop_words,
    }
    said = {name: value for name, value in fields.items() if value is not None}
    return from_fields(said) if said.get("INSTRUCTION") else None


def as_settings(fields: Mapping[str, Any]) -> dict[str, Value]:
    """Return the settings, by key, for a template that is written out in a config."""
    values = {f"{_PREFIX}{name.lower()}": value for name, value in fields.items()}
    said = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in values.items()
        if key in BY_KEY and value not in ("", [])
    }
    return {"model.prompt_template": CUSTOM, **said}
