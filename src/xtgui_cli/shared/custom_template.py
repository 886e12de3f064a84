"""Prompt templates that are not xtuner's: checked, and in the form of xtuner's fields.

Wherever a config names one of xtuner's templates it may have a dict of the same fields instead;
xtuner 0.2.0 accepts both (template_map_fn.py and evaluate_chat_hook.py read only these fields).
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from .errors import Exit, XtguiError
from .templates import PromptTemplate, all_templates

CUSTOM = "custom"
"""The value of `model.prompt_template` if the template is written out."""
_TEXTS = ("SYSTEM", "INSTRUCTION", "SUFFIX", "SEP")


def as_template(said: object) -> PromptTemplate | None:
    """Return the template of a config's `prompt_template`: a name, or a mapping of fields.

    None if it is none: an unknown name, a wrong field.
    """
    if isinstance(said, str):
        return all_templates().get(said)
    if not isinstance(said, Mapping):
        return None
    try:
        return from_fields(said)
    except XtguiError:
        return None


def from_fields(fields: Mapping[str, Any]) -> PromptTemplate:
    """Return the template of xtuner's fields (SYSTEM, INSTRUCTION...), checked.

    Raises:
        XtguiError: "settings.template_wrong" with the field: not a text, a placeholder that xtuner
            does not fill, an INSTRUCTION without {input}, no end of an answer.
    """
    texts = {name: fields.get(name, "") for name in _TEXTS}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise _wrong(name)
    stop_words = fields.get("STOP_WORDS", [])
    if not isinstance(stop_words, (list, tuple)) or not all(isinstance(w, str) for w in stop_words):
        raise _wrong("STOP_WORDS")
    _require_places(texts["INSTRUCTION"], "INSTRUCTION", "input", {"input", "round"})
    if texts["SYSTEM"]:
        _require_places(texts["SYSTEM"], "SYSTEM", "system", {"system"})
    ends_itself = fields.get("SUFFIX_AS_EOS", False) is True
    if ends_itself and not texts["SUFFIX"]:
        raise _wrong("SUFFIX")
    return PromptTemplate(
        name=CUSTOM,
        system=texts["SYSTEM"],
        instruction=texts["INSTRUCTION"],
        suffix=texts["SUFFIX"],
        suffix_as_eos=ends_itself,
        sep=texts["SEP"],
        stop_words=tuple(stop_words),
    )


def to_fields(template: PromptTemplate) -> dict[str, Any]:
    """Return xtuner's fields of a template, without empty ones except SYSTEM.

    xtuner crashes if SYSTEM is missing and there is a system text; an empty one drops the text.
    """
    fields: dict[str, Any] = {"SYSTEM": template.system, "INSTRUCTION": template.instruction}
    if template.suffix:
        fields["SUFFIX"] = template.suffix
        fields["SUFFIX_AS_EOS"] = template.suffix_as_eos
    if template.sep:
        fields["SEP"] = template.sep
    if template.stop_words:
        fields["STOP_WORDS"] = list(template.stop_words)
    return fields


def _require_places(text: str, field: str, needed: str, allowed: set[str]) -> None:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:  # a single brace
        raise _wrong(field) from None
    places = {name for _, name, _, _ in parsed if name is not None}
    is_plain = all(not form and not change for _, _, form, change in parsed)
    if needed not in places or not places <= allowed or not is_plain:
        raise _wrong(field)


def _wrong(field: str) -> XtguiError:
    return XtguiError("settings.template_wrong", Exit.ANSWERS, field=field)
