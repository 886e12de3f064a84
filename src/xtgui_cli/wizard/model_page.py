"""Step 2: method, model and data, each checked as soon as it is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..shared.errors import XtguiError
from ..shared.methods import DEFAULT_METHOD, METHODS
from ..texts import t
from ..ui import ask
from ..ui.console import say, show_error
from ..ui.units import short_count
from . import data_page, template_page, tests_page
from .questions import Question
from .session import Session
from .source_page import (
    DEMO,
    LIST,
    OWN,
    BackToSource,
    KnownPaths,
    ask_source,
    back_to_source,
)

if TYPE_CHECKING:
    from ..models.model_folder import ModelInfo


def questions() -> list[Question]:
    """Return the questions of step 2 in order."""
    return [
        Question("train.method", _ask_method),
        Question("model.path", _ask_model),
        Question("model.trust_remote_code", _ask_remote_code, _brings_code),
        Question("data.path", data_page.ask_data),
        Question("data.tests", tests_page.ask_tests, tests_page.may_have_tests),
        *template_page.questions(),
    ]


def check_again(session: Session) -> None:
    """Check the files of an earlier session; ask again for those that are gone or broken."""
    for key, path, check in (
        ("model.path", session.settings.model.path, _check_model),
        ("data.path", session.settings.data.path, data_page.check_data),
        ("data.tests", session.settings.data.tests or None, tests_page.check_tests),
    ):
        if path is None:
            continue
        try:
            used = check(session, Path(path))
        except XtguiError as error:
            show_error(error)
            session.record(key, None)
        except ask.GoBack:
            session.record(key, None)
        else:
            if key == "model.path":
                _ask_again_about_code(session, used)
            if used != Path(path):
                session.record(key, str(used))


def _ask_again_about_code(session: Session, model: Path) -> None:
    """Forget the consent to a model's code if its files are not those that were agreed to."""
    from ..models.model_code import brings_code, read_code
    from ..project.code_consent import is_agreed

    is_allowed = session.settings.model.trust_remote_code and brings_code(model)
    if is_allowed and not is_agreed(read_code(model)):
        session.record("model.trust_remote_code", None)


def _ask_method(session: Session) -> str:
    width = max(map(len, METHODS))
    order = sorted(METHODS, key=lambda name: name != DEFAULT_METHOD)
    return ask.select(
        t("settings.train.method"),
        [(name, f"{name:<{width}}  {t(f'wizard.method_{name}')}") for name in order],
        session.settings.train.method,
        name="train.method",
        explain=t("settings.train.method.help"),
        may_go_back=True,
        echo="value",
    )


def _ask_model(session: Session) -> str:
    """Ask for the model until one can be used; Esc in the list leads back to its source."""
    offered = current = session.settings.model.path
    while True:
        try:
            path = _ask_model_source(session, offered)
        except BackToSource:
            continue
        try:
            _check_model(session, path)
        except XtguiError as error:
            show_error(error)
            offered = str(path)  # fixed rather than typed again
            continue
        if current is not None and str(path) != current:
            # Answers about another model do not apply to this one, least of all consent.
            for key in ("model.prompt_template", "model.trust_remote_code", "train.SYSTEM"):
                session.record(key, None)
        return str(path)


def _ask_model_source(session: Session, current: str | None) -> Path:
    from ..project.demo_model import MODEL_NAME, demo_model_dir, ensure_demo_model

    choices = {
        LIST: t("from_hub.list_model"),
        OWN: t("wizard.own_model"),
        DEMO: t("wizard.demo_model", name=MODEL_NAME),
    }
    paths = KnownPaths(current=current, demo=str(demo_model_dir()))
    source, path = ask_source("model.path", choices, paths, folders_only=True)
    if source == LIST:
        from .hub_page import choose_model

        with back_to_source():
            return choose_model(session)
    return ensure_demo_model() if path is None else path


def _check_model(session: Session, path: Path) -> Path:
    session.model, session.template = session.sources.model(path), None
    _say_model(session.model)
    return path


def _brings_code(session: Session) -> bool:
    return session.model is not None and session.model.needs_remote_code


def _ask_remote_code(session: Session) -> bool:
    """Ask for consent to exactly these files, unless it was given before."""
    from ..models.model_code import read_code
    from ..project.code_consent import agree, ask_for_agreement, is_agreed

    code = read_code(Path(session.settings.model.path or ""))
    if is_agreed(code):
        say("model_code.known", style="dim", count=len(code.files))
        return True
    if ask_for_agreement(code):
        agree(code)
        return True
    session.record("model.path", None)
    raise ask.GoBack


def _say_model(model: ModelInfo) -> None:
    size = short_count(model.parameters or None, "?")
    say("wizard.model_seen", style="dim", name=model.architecture, size=size, dtype=model.dtype)
