"""Step 2, the rest: how conversations are written for the model, and the system text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..texts import t
from ..ui import ask
from ..ui.console import ACCENT, say, talk
from ..ui.wrap import cut
from .questions import Question
from .session import Session

if TYPE_CHECKING:
    from ..data.messages import DataInfo
    from ..models.model_folder import ModelInfo
    from ..models.template_match import TemplateMatch


def questions() -> list[Question]:
    """Return the questions that follow from the model and the data."""
    return [
        Question("model.prompt_template", _ask_template, _needs_template),
        Question("train.SYSTEM", _ask_system, _may_have_system),
    ]


def _needs_template(session: Session) -> bool:
    """Return whether the model's chat template was not matched, so that the user must choose."""
    if session.model is None or session.is_answered("model.prompt_template"):
        return session.is_answered("model.prompt_template")
    if session.template is None:
        session.template = _match(session, session.model)
        if session.template.exact:
            say("wizard.template_exact", style="dim", name=session.template.name)
    return not session.template.exact


def _match(session: Session, model: ModelInfo) -> TemplateMatch:
    with talk().status(t("wizard.comparing_templates"), spinner_style=ACCENT):
        return session.sources.template(model)


def _ask_template(session: Session) -> str:
    from ..models.model_family import suggest_template
    from ..shared.custom_template import CUSTOM
    from ..shared.templates import all_templates

    match = session.template
    if match is not None and match.is_endless:
        say("model.note_endless", style="yellow")
    suggestion = None
    if match is None or match.name is None:
        suggestion = suggest_template(session.model) if session.model is not None else None
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
        if match.leaves_out_thoughts:
            say("model.note_thinking", style="yellow")
    elif suggestion is not None:
        say("wizard.template_suggested", style="yellow", like=suggestion.like)
    else:
        say("wizard.template_unknown", style="yellow")
    nearest = match.name if match is not None else None
    marked = suggestion.name if suggestion is not None else nearest
    word = "wizard.template_usual" if suggestion is not None else "wizard.template_nearest"
    answered = session.settings.model.prompt_template
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


def _may_have_system(session: Session) -> bool:
    """Return whether the data or the model's own chat template have a system text."""
    has_line = session.template is not None and session.template.system_line is not None
    return has_line or (session.data is not None and session.data.has_system)


def _ask_system(session: Session) -> str:
    """Ask for the system text of evaluation questions and chats.

    Training uses the system texts of the data, and xtuner adds none, so the data's text, or none,
    is what agrees with the training.
    """
    texts = {"data": _system_of(session.data)}
    line = session.template.system_line if session.template is not None else None
    if line != texts["data"]:
        texts["model"] = line
    choices = [
        (name, t(f"wizard.system_{name}", text=cut(text.replace("\n", " "), 60)))
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
    """Return the first system text of the data, None if they have none."""
    from ..data.messages import read_messages

    if data is None or not data.has_system:
        return None
    messages = (message for row in read_messages(data.path) for message in row)
    found = (m["content"] for m in messages if m["role"] == "system" and m["content"])
    return next(found, None)
