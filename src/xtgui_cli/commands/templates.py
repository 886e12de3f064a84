"""`xtgui templates`: xtuner's prompt templates, listed, or one of them in a sample conversation."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from ..shared.custom_template import to_fields
from ..shared.errors import Exit, XtguiError
from ..shared.templates import PromptTemplate, Turn, all_templates, pieces_of
from ..texts import t
from ..ui.json_output import print_json
from ..ui.template_view import show_conversation, show_templates


@dataclass(frozen=True, kw_only=True)
class TemplatesRequest:
    """Which prompt template to show."""

    name: str | None = None
    """None: list them all."""
    as_json: bool = False
    """Print JSON."""


def run(request: TemplatesRequest) -> Exit:
    """List the templates, or show one.

    Raises:
        XtguiError: "model.no_such_template".
    """
    name, as_json = request.name, request.as_json
    if name is None:
        purposes = {known: t(f"templates.{known}") for known in all_templates()}
        if as_json:
            print_json([{"name": one, "for": text} for one, text in purposes.items()])
        else:
            show_templates(purposes)
        return Exit.DONE
    template = _find(name)
    pieces = list(pieces_of(_conversation(template), template))
    if as_json:
        shown = [{"text": p.text, "special": p.special, "trained": p.trained} for p in pieces]
        purpose = t(f"templates.{name}")
        fields = to_fields(template)
        print_json({"name": name, "for": purpose, "fields": fields, "conversation": shown})
    else:
        show_conversation(template, t(f"templates.{name}"), pieces)
    return Exit.DONE


def _find(name: str) -> PromptTemplate:
    known = all_templates()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    code = "model.no_such_template_near" if near else "model.no_such_template"
    raise XtguiError(code, Exit.ANSWERS, name=name, near=near[0] if near else "")


def _conversation(template: PromptTemplate) -> list[Turn]:
    system = t("templates.system") if template.system else ""
    return [
        Turn(t("templates.question_1"), t("templates.answer_1"), system),
        Turn(t("templates.question_2"), t("templates.answer_2")),
    ]
