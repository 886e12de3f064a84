"""Questions as data, and the only loop that asks them: in order, checked, Esc goes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..settings.table import Setting, Value
from ..settings.values import parse
from ..shared.errors import Notice, XtguiError
from ..texts import t
from ..ui import ask
from ..ui.ask import GoBack
from ..ui.console import in_words, show_error
from .session import Session


def _always(_session: Session) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """One question of the wizard."""

    key: str
    """The setting that it answers."""
    ask: Callable[[Session], Value]
    """Asks, checks, and returns the value; raises GoBack, or XtguiError with what is wrong."""
    applies: Callable[[Session], bool] = _always
    """Whether it is asked at all, given the previous answers."""


def ask_in_order(
    questions: Sequence[Question],
    session: Session,
    *,
    again: bool = False,
    from_last: bool = False,
) -> None:
    """Ask what has no answer yet, and keep each answer as it is given.

    A wrong answer is explained and asked again.

    Args:
        questions: In the order in which they are asked.
        session: Keeps the answers.
        again: Also ask what has been answered.
        from_last: Begin with the last question: the user has come back from what follows it.

    Raises:
        GoBack: From the first question.
        NobodyToAskError: If there is no terminal.
    """
    revisited = set(range(len(questions))) if again else set()
    position = 0
    if from_last:
        position = _before(questions, session, len(questions))
        revisited.add(position)
    while position < len(questions):
        question = questions[position]
        is_answered = session.is_answered(question.key) and position not in revisited
        if is_answered or not question.applies(session):
            position += 1
            continue
        try:
            session.record(question.key, question.ask(session))
        except GoBack:
            position = _before(questions, session, position)
            revisited.add(position)
            continue
        except ask.NobodyToAskError:
            raise
        except XtguiError as error:
            show_error(error)
            continue
        revisited.discard(position)
        position += 1


def _before(questions: Sequence[Question], session: Session, position: int) -> int:
    for earlier in range(position - 1, -1, -1):
        if questions[earlier].applies(session):
            return earlier
    raise GoBack


def ask_setting(setting: Setting, current: Value) -> Value:
    """Ask for one setting by the kind of its value; None if it stays unset.

    Args:
        setting: The setting.
        current: The value in force, offered as the answer; None if nothing is set.

    Raises:
        GoBack: On Esc.
    """
    message = t(f"settings.{setting.key}")
    explain = t(f"settings.{setting.key}.help")
    if setting.choices:
        choices = [(choice, choice) for choice in setting.choices]
        chosen = None if current is None else str(current)
        return ask.select(
            message, choices, chosen, name=setting.key, explain=explain, may_go_back=True
        )
    if setting.kind == "flag":
        return _ask_flag(setting, current)
    if setting.kind == "texts":
        return _ask_texts(setting, current if isinstance(current, tuple) else ())
    raw = ask.text(
        message,
        write(current),
        lambda typed: _problem(setting, typed),
        name=setting.key,
        explain=explain,
        may_go_back=True,
    )
    return parse(setting.key, raw.strip() if setting.kind != "text" else raw)


def write(value: Value) -> str:
    """Write a value as it is typed: lists as in TOML, numbers short, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return "[" + ", ".join(write(item) for item in value) + "]"
    return str(value)


def _problem(setting: Setting, typed: str) -> str | None:
    try:
        parse(setting.key, typed.strip() if setting.kind != "text" else typed)
    except XtguiError as error:
        named = {**error.data, "key": t(f"settings.{setting.key}")}
        return in_words(Notice(error.code, named))
    return None


def _ask_flag(setting: Setting, current: Value) -> bool | None:
    choices = [("true", t("wizard.yes")), ("false", t("wizard.no"))]
    if setting.planned:
        choices.insert(0, ("", t("wizard.let_data_decide")))
    chosen = ask.select(
        t(f"settings.{setting.key}"),
        choices,
        write(current),
        name=setting.key,
        explain=t(f"settings.{setting.key}.help"),
        may_go_back=True,
    )
    return None if chosen == "" else chosen == "true"


def _ask_texts(setting: Setting, current: Sequence[object]) -> tuple[str, ...] | None:
    """Ask for texts one by one; an empty line ends the list. None if there are none."""
    texts: list[str] = []
    while len(texts) < setting.high:
        number = len(texts) + 1
        preset = str(current[number - 1]) if number <= len(current) else ""
        typed = ask.text(
            t("wizard.one_of_texts", name=t(f"settings.{setting.key}"), number=number),
            preset,
            name=f"{setting.key}.{number}",
            explain=f"{t(f'settings.{setting.key}.help')} {t('wizard.texts_end')}",
            may_go_back=True,
        ).strip()
        if not typed:
            break
        texts.append(typed)
    return tuple(texts) or None
