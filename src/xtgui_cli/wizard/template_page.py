"""Step 2, the rest: how conversations are written for the model, and what is said before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..texts import t
from ..ui import ask
from ..ui.console import ACCENT, sanitize, say, talk
from ..ui.wrap import cut
from .questions import Question
from .session import Sitting

if TYPE_CHECKING:
    from ..data.messages import DataInfo
    from ..models.model_folder import ModelInfo
    from ..models.template_match import TemplateMatch


def questions() -> list[Question]:
    """Give the questions that follow from the model and the data."""
    return [
        Question("model.prompt_template", _ask_template, _needs_template),
        Question("train.SYSTEM", _ask_system, _may_have_system),
    ]


def _needs_template(sitting: Sitting) -> bool:
    """Whether the model's own chat template could not be matched, so that a person must choose."""
    if sitting.model is None or "model.prompt_template" in sitting.answers:
        return "model.prompt_template" in sitting.answers
    if sitting.template is None:
        sitting.template = _match(sitting.model)
        if sitting.template.exact:
            say("wizard.template_exact", style="dim", name=sitting.template.name)
    return not sitting.template.exact


def _match(model: ModelInfo) -> TemplateMatch:
    from ..project.build_run import look_at_template

    with talk().status(t("wizard.comparing_templates"), spinner_style=ACCENT):
        return look_at_template(model)


def _ask_template(sitting: Sitting) -> str:
    from ..models.model_family import suggest_template
    from ..shared.custom_template import CUSTOM
    from ..shared.templates import all_templates

    match = sitting.template
    suggestion = None
    if match is None or match.name is None:
        suggestion = suggest_template(sitting.model) if sitting.model is not None else None
    if match is not None and match.difference is not None:
        say(
            "wizard.template_differs",
            style="yellow",
            name=match.name,
            chat=repr(match.difference.chat),
            xtuner=repr(match.difference.xtuner),
        )
        if match.uses_history:
            say("model.note_history", style="yellow")
    elif suggestion is not None:
        say("wizard.template_suggested", style="yellow", like=suggestion.like)
    else:
        say("wizard.template_unknown", style="yellow")
    nearest = match.name if match is not None else None
    marked = suggestion.name if suggestion is not None else nearest
    word = "wizard.template_usual" if suggestion is not None else "wizard.template_nearest"
    answered = sitting.answers.get("model.prompt_template")
    is_known = CUSTOM in (answered, nearest)
    known = [*all_templates(), *([CUSTOM] if is_known else [])]
    names = sorted(known, key=lambda name: (name != marked, name))
    return ask.select(
        t("settings.model.prompt_template"),
        [(name, t(word, name=name) if name == marked else name) for name in names],
        answered or marked,
        name="model.prompt_template",
        explain=t("settings.model.prompt_template.help"),
        may_go_back=True,
    )


def _may_have_system(sitting: Sitting) -> bool:
    """Whether the data or the model's own chat template bring a system text."""
    has_line = sitting.template is not None and sitting.template.system_line is not None
    return has_line or (sitting.data is not None and sitting.data.has_system)


def _ask_system(sitting: Sitting) -> str:
    """Ask which system text goes before evaluation questions and chats.

    Training takes the system texts of the data, and xtuner gives none of its own, so the data's
    text, or none, is what agrees with the training.
    """
    texts = {"data": _system_of(sitting.data)}
    line = sitting.template.system_line if sitting.template is not None else None
    if line != texts["data"]:
        texts["model"] = line
    choices = [
        (name, t(f"wizard.system_{name}", text=cut(sanitize(text).replace("\n", " "), 60)))
        for name, text in texts.items()
        if text
    ]
    choices += [("none", t("wizard.system_none")), ("other", t("wizard.system_other"))]
    chosen = ask.select(
        t("settings.train.SYSTEM"),
        choices,
        "data" if texts["data"] else "none",
        name="train.SYSTEM.source",
        explain=t("settings.train.SYSTEM.help"),
        may_go_back=True,
    )
    if chosen == "other":
        return ask.text(t("settings.train.SYSTEM"), name="train.SYSTEM", may_go_back=True)
    return texts.get(chosen) or ""


def _system_of(data: DataInfo | None) -> str | None:
    """Give the first system text of the data, None where they have none."""
    from ..data.messages import read_messages

    if data is None or not data.has_system:
        return None
    messages = (message for row in read_messages(data.path) for message in row)
    found = (m["content"] for m in messages if m["role"] == "system" and m["content"])
    return next(found, None)
