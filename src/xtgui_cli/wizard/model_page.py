"""Step 2: method, model and data, each looked at as soon as it is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..shared.errors import Exit, XtguiError
from ..shared.methods import METHODS
from ..texts import t
from ..ui import ask
from ..ui.console import say, show_error
from ..ui.units import short_count
from . import data_page as choose_data
from . import template_page as choose_template
from .questions import Question
from .session import Sitting
from .source_page import DEMO, LIST, OWN, BackToSource, ask_source, back_to_source

if TYPE_CHECKING:
    from ..models.model_folder import ModelInfo


def questions() -> list[Question]:
    """Give the questions of step 2 in their order."""
    return [
        Question("train.method", _ask_method),
        Question("model.path", _ask_model),
        Question("model.trust_remote_code", _ask_remote_code, _brings_code),
        Question("data.path", choose_data.ask_data),
        *choose_template.questions(),
    ]


def look_again(sitting: Sitting) -> None:
    """Look at the model and data of an earlier sitting; what is gone or broken is asked again."""
    for key, look in (("model.path", _look_at_model), ("data.path", choose_data.look_at_data)):
        path = sitting.effective().get(key)
        if path is None:
            continue
        try:
            used = look(sitting, Path(path))
        except XtguiError as error:
            show_error(error)
            sitting.record(key, None)
        except ask.GoBack:
            sitting.record(key, None)
        else:
            if used != Path(path):
                sitting.record(key, str(used))


def _ask_method(sitting: Sitting) -> str:
    width = max(map(len, METHODS))
    order = ("lora", "qlora", "full")
    return ask.select(
        t("settings.train.method"),
        [(name, f"{name:<{width}}  {t(f'wizard.method_{name}')}") for name in order],
        sitting.method,
        name="train.method",
        explain=t("settings.train.method.help"),
        may_go_back=True,
        echo="value",
    )


def _ask_model(sitting: Sitting) -> str:
    """Ask for the model until one can be used; Esc in the list leads back to where it is from."""
    current = sitting.answers.get("model.path")
    while True:
        try:
            path = _ask_model_source(sitting, current)
        except BackToSource:
            continue
        _look_at_model(sitting, path)
        if current is not None and str(path) != current:
            # What was said about another model does not hold for this one, consent least of all.
            for key in ("model.prompt_template", "model.trust_remote_code", "train.SYSTEM"):
                sitting.record(key, None)
        return str(path)


def _ask_model_source(sitting: Sitting, current: str | None) -> Path:
    from ..project.demo_model import MODEL_NAME, demo_model_dir, ensure_demo_model

    choices = {
        LIST: t("from_hub.list_model"),
        OWN: t("wizard.own_model"),
        DEMO: t("wizard.demo_model", name=MODEL_NAME),
    }
    source, path = ask_source(
        "model.path", choices, current, str(demo_model_dir()), folders_only=True
    )
    if source == LIST:
        from .hub_page import choose_model

        with back_to_source():
            return choose_model(sitting)
    return ensure_demo_model() if path is None else path


def _look_at_model(sitting: Sitting, path: Path) -> Path:
    from ..project.build_run import look_at_model

    sitting.model, sitting.template = look_at_model(path), None
    _say_model(sitting.model)
    return path


def _brings_code(sitting: Sitting) -> bool:
    return sitting.model is not None and sitting.model.needs_remote_code


def _ask_remote_code(sitting: Sitting) -> bool:
    say("wizard.remote_code", style="yellow", name=sitting.model.name if sitting.model else "")
    if ask.confirm(
        t("settings.model.trust_remote_code"),
        default=False,
        name="model.trust_remote_code",
        explain=t("settings.model.trust_remote_code.help"),
    ):
        return True
    sitting.record("model.path", None)
    raise ask.GoBack


def _say_model(model: ModelInfo) -> None:
    size = short_count(model.parameters or None, "?")
    say("wizard.model_seen", style="dim", name=model.architecture, size=size, dtype=model.dtype)


def require_sources(answers: dict[str, object]) -> None:
    """Raises — XtguiError "wizard.missing_answers" naming every key that nobody can guess."""
    missing = [key for key in ("model.path", "data.path") if not answers.get(key)]
    if missing:
        raise XtguiError("wizard.missing_answers", Exit.ANSWERS, keys=", ".join(missing))
