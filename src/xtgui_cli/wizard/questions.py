"""Questions as data, and the one loop that asks them: in order, checked as given, Esc goes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..shared import settings
from ..shared.errors import XtguiError
from ..shared.settings import Setting
from ..texts import t
from ..ui import ask
from ..ui.ask import GoBack
from ..ui.console import show_error
from .session import Sitting


def _always(_sitting: Sitting) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """One question of the wizard."""

    key: str
    """The setting that it answers."""
    ask: Callable[[Sitting], Any]
    """Asks, checks, and gives the value; raises GoBack, or XtguiError with what is wrong."""
    applies: Callable[[Sitting], bool] = _always
    """Whether it is asked at all, given the answers before it."""


def ask_in_order(
    questions: Sequence[Question], sitting: Sitting, again: bool = False, from_last: bool = False
) -> None:
    """Ask what has no answer yet, and keep each answer as it is given.

    Args — again: ask what has been answered too; from_last: begin with the last question, since
    the user has come back from what follows it.
    A wrong answer is explained and asked again. Raises — GoBack from the first question.
    """
    revisited = set(range(len(questions))) if again else set()
    position = 0
    if from_last:
        position = _before(questions, sitting, len(questions))
        revisited.add(position)
    while position < len(questions):
        question = questions[position]
        is_answered = question.key in sitting.answers and position not in revisited
        if is_answered or not question.applies(sitting):
            position += 1
            continue
        try:
            value = question.ask(sitting)
        except GoBack:
            position = _before(questions, sitting, position)
            revisited.add(position)
            continue
        except XtguiError as error:
            show_error(error)
            continue
        sitting.record(question.key, value)
        revisited.discard(position)
        position += 1


def _before(questions: Sequence[Question], sitting: Sitting, position: int) -> int:
    for earlier in range(position - 1, -1, -1):
        if questions[earlier].applies(sitting):
            return earlier
    raise GoBack


def ask_setting(setting: Setting, current: Any, may_go_back: bool = True) -> Any:
    """Ask for one setting by the kind of its value; None where it is to be left unset.

    Args — current: the value in force, offered as the answer; None where nothing is set.
    """
    message = t(f"settings.{setting.key}")
    explain = t(f"settings.{setting.key}.help")
    if setting.choices:
        choices = [(choice, choice) for choice in setting.choices]
        return ask.select(
            message, choices, current, name=setting.key, explain=explain, may_go_back=may_go_back
        )
    if setting.kind == "flag":
        return _ask_flag(setting, current, message, explain, may_go_back)
    if setting.kind == "texts":
        return _ask_texts(setting, current or [], message, explain, may_go_back)
    raw = ask.text(
        message,
        write(current),
        lambda typed: _problem(setting, typed),
        name=setting.key,
        explain=explain,
        may_go_back=may_go_back,
    )
    return settings.parse(setting.key, raw.strip() if setting.kind != "text" else raw)


def write(value: Any) -> str:
    """Give a value as it is typed: lists as in TOML, numbers short, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(write(item) for item in value) + "]"
    return str(value)


def _problem(setting: Setting, typed: str) -> str | None:
    try:
        settings.parse(setting.key, typed.strip() if setting.kind != "text" else typed)
    except XtguiError as error:
        return t(error.code, **error.data)
    return None


def _ask_flag(
    setting: Setting, current: Any, message: str, explain: str, may_go_back: bool
) -> bool | None:
    choices = [("true", t("wizard.yes")), ("false", t("wizard.no"))]
    if setting.planned:
        choices.insert(0, ("", t("wizard.let_data_decide")))
    chosen = ask.select(
        message,
        choices,
        write(current),
        name=setting.key,
        explain=explain,
        may_go_back=may_go_back,
    )
    return None if chosen == "" else chosen == "true"


def _ask_texts(
    setting: Setting, current: Sequence[str], message: str, explain: str, may_go_back: bool
) -> list[str] | None:
    """Ask for texts one by one; an empty line ends the list. None where nothing is left."""
    texts: list[str] = []
    while len(texts) < setting.high:
        number = len(texts) + 1
        preset = current[number - 1] if number <= len(current) else ""
        typed = ask.text(
            t("wizard.one_of_texts", name=message, number=number),
            preset,
            name=f"{setting.key}.{number}",
            explain=f"{explain} {t('wizard.texts_end')}",
            may_go_back=may_go_back,
        ).strip()
        if not typed:
            break
        texts.append(typed)
    return texts or None
