"""Asks questions: the only place that imports questionary.

In a terminal that can move its cursor: lists with arrow keys, where `?` explains and Esc goes back.
In any other terminal: numbered lines, where `?` and `<` do the same. Without a terminal nobody can
be asked, and the error says which flags answer instead. Ctrl-C is KeyboardInterrupt.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from ..shared.errors import Exit, XtguiError
from ..texts import t
from . import ask_plainly
from .ask_plainly import Check, GoBack, Prompt
from .below_prompt import BelowPrompt
from .console import ACCENT, is_interactive, talk

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.styles import Style
    from rich.text import Text

__all__ = [
    "GoBack",
    "NobodyToAskError",
    "answered",
    "confirm",
    "give_up",
    "path",
    "require_person",
    "select",
    "text",
]


class NobodyToAskError(XtguiError):
    """There is no terminal: asking again is of no use."""


_ESCAPE_WAIT_S = 0.1
"""How long to wait whether an Esc is the start of an arrow key; slow SSH lines need some time."""


def select(
    message: str,
    choices: Sequence[tuple[str, str]],
    default: str | None = None,
    *,
    name: str = "",
    explain: str = "",
    may_go_back: bool = False,
    echo: Literal["label", "value", "none"] = "label",
    filterable: bool = False,
    note: Text | None = None,
) -> str:
    """Let the user choose one of *choices* and return its value.

    Args:
        message: The question.
        choices: Value and label of each.
        default: The value that is chosen at first; None: the first one.
        name: The setting it is about, for tests that answer by name.
        explain: What `?` shows.
        may_go_back: Whether Esc goes back.
        echo: What stays on the screen after the answer.
        filterable: Whether typing narrows the list.
        note: Shown below the list, however long that is.

    Raises:
        GoBack: On Esc.
        NobodyToAskError: If there is no terminal.
    """
    prompt = Prompt(message, explain, may_go_back)
    if not _on_screen(message):
        if note is not None:
            talk().print(note, soft_wrap=True)
        chosen = ask_plainly.select(prompt, choices, default)
    else:
        keys = "wizard.keys_filter" if filterable else "wizard.keys_select"
        application = _list(prompt, choices, default, keys=keys, filterable=filterable)
        trouble = _no_match(application) if filterable else None
        chosen = _run(application, prompt, trouble=trouble, note=note)
    if echo != "none":
        answered(message, chosen if echo == "value" else dict(choices)[chosen])
    return chosen


def confirm(message: str, *, default: bool, name: str = "", explain: str = "") -> bool:
    """Ask a yes/no question; the letters y and n answer it at once."""
    prompt = Prompt(message, explain)
    choices = [("yes", t("wizard.yes")), ("no", t("wizard.no"))]
    preset = "yes" if default else "no"
    if not _on_screen(message):
        chosen = ask_plainly.select(prompt, choices, preset)
    else:
        application = _list(prompt, choices, preset, keys="wizard.keys_confirm")
        chosen = _run(application, prompt, letters={"y": "yes", "n": "no"})
    answered(message, dict(choices)[chosen])
    return chosen == "yes"


def _list(
    prompt: Prompt,
    choices: Sequence[tuple[str, str]],
    default: str | None,
    *,
    keys: str,
    filterable: bool = False,
) -> Application[Any]:
    import questionary

    from .clean_prompt import clean_output

    return questionary.select(
        prompt.message,
        [questionary.Choice(_Label(label), value) for value, label in choices],
        default=default,
        qmark="?",
        pointer="❯",
        instruction=_keys_line(keys, prompt),
        use_jk_keys=False,
        use_search_filter=filterable,
        style=_style(),
        erase_when_done=True,
        output=clean_output(),
    ).application


class _Label(str):
    """A line of a list, found by words in any order; questionary looks for one text."""

    __slots__ = ()

    def lower(self) -> str:
        return _Words(super().lower())


class _Words(str):
    __slots__ = ()

    def __contains__(self, typed: object) -> bool:
        return all(super(_Words, self).__contains__(word) for word in str(typed).split())


def _no_match(application: Application[Any]) -> Callable[[], str]:
    """Return a note if the text typed into a list matches nothing: questionary then shows all."""
    controls = application.layout.find_all_controls()
    shown: Any = next(control for control in controls if hasattr(control, "found_in_search"))

    def say() -> str:
        typed = shown.search_filter
        return t("wizard.no_match", typed=typed) if typed and not shown.found_in_search else ""

    return say


def text(
    message: str,
    default: str = "",
    check: Check | None = None,
    *,
    name: str = "",
    explain: str = "",
    may_go_back: bool = False,
) -> str:
    """Let the user type a line.

    `?` explains only while nothing has been typed, since a text may contain a question mark.

    Args:
        message: The question.
        default: The text that the line begins with.
        check: Returns a sentence that says what is wrong, or None.
        name: The setting it is about, for tests that answer by name.
        explain: What `?` shows.
        may_go_back: Whether Esc goes back.
    """
    prompt = Prompt(message, explain, may_go_back)
    if not _on_screen(message):
        return ask_plainly.text(prompt, default, check)
    return _type(prompt, default, check, keys="wizard.keys_text")


def path(
    message: str,
    default: str = "",
    check: Check | None = None,
    *,
    name: str = "",
    explain: str = "",
    may_go_back: bool = False,
    folders_only: bool = False,
) -> Path:
    """Let the user type a path, with Tab completion, and return it absolute; `~` is home."""
    prompt = Prompt(message, explain, may_go_back)
    if not _on_screen(message):
        return absolute_path(ask_plainly.text(prompt, default, check))
    from .path_completion import Paths

    # questionary's own path prompt opens its list while the user types, and then needs Enter twice.
    completer = Paths(only_directories=folders_only, expanduser=True)
    return absolute_path(
        _type(prompt, default, check, keys="wizard.keys_path", completer=completer)
    )


def _type(
    prompt: Prompt,
    default: str,
    check: Check | None,
    *,
    keys: str,
    completer: Completer | None = None,
) -> str:
    import questionary

    from .clean_prompt import clean_output

    application = questionary.text(
        prompt.message,
        default=default,
        validate=lambda typed: (check(typed) if check else None) or True,
        qmark="?",
        instruction=_keys_line(keys, prompt),
        style=_style(),
        erase_when_done=True,
        completer=completer,
        complete_while_typing=False,
        output=clean_output(),
    ).application
    answer = _run(application, prompt, untouched=default)
    answered(prompt.message, answer)
    return answer


def absolute_path(typed: str) -> Path:
    """Return a typed path as absolute, without surrounding blanks and quotes; `~` is home."""
    cleaned = typed.strip()
    if len(cleaned) > 1 and cleaned[0] == cleaned[-1] and cleaned[0] in "'\"":
        cleaned = cleaned[1:-1]
    with contextlib.suppress(RuntimeError):  # ~name of a user who does not exist
        return Path.cwd() / Path(cleaned).expanduser()
    return Path.cwd() / cleaned


def require_person(message: str) -> None:
    """Raise an error unless someone can be asked, before starting anything that leads to questions.

    Args:
        message: The question.

    Raises:
        NobodyToAskError: If there is no terminal.
    """
    if not sys.stdin.isatty():
        raise NobodyToAskError("wizard.no_terminal", Exit.ANSWERS, question=message)


def give_up() -> None:
    """End the question on the screen as Ctrl-C would; nothing if there is none.

    A signal handler may call it.
    """
    prompts = sys.modules.get("prompt_toolkit.application.current")
    application = prompts.get_app_or_none() if prompts else None
    if application is not None and application.loop is not None:
        application.loop.call_soon_threadsafe(_leave, application)


def _leave(application: Application[Any]) -> None:
    if application.is_running and not application.is_done:
        application.exit(exception=KeyboardInterrupt())


def _on_screen(message: str) -> bool:
    if is_interactive():
        return True
    require_person(message)
    return False


def _keys_line(key: str, prompt: Prompt) -> str:
    """Return the line that lists the keys that do something here."""
    parts = [t(key)]
    if prompt.explain:
        parts.append(t("wizard.key_explain"))
    if prompt.may_go_back:
        parts.append(t("wizard.key_back"))
    return f"({t('wizard.key_separator').join(parts)})"


def _style() -> Style:
    from prompt_toolkit.styles import Style

    accent = f"fg:ansi{ACCENT}"
    return Style(
        [
            ("qmark", accent),
            ("question", "bold"),
            ("pointer", accent),
            ("highlighted", accent),
            ("answer", "noinherit"),
            ("instruction", "fg:ansibrightblack"),
        ]
    )


def _run(
    application: Application[Any],
    prompt: Prompt,
    *,
    letters: Mapping[str, str] = MappingProxyType({}),
    untouched: str | None = None,
    trouble: Callable[[], str] | None = None,
    note: Text | None = None,
) -> str:
    """Run a prompt with our keys in addition to its own, and with our lines below it.

    Args:
        application: The prompt's.
        prompt: The question.
        letters: Keys that answer at once, to their answers.
        untouched: The text that a typed line begins with; None if nothing is typed.
        trouble: Returns what keeps Enter from answering; "" if nothing does.
        note: Shown if there is nothing else to say.
    """
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.key_binding import merge_key_bindings

    below = BelowPrompt(prompt.explain, trouble, note)
    ours = _our_keys(prompt, below, letters, untouched)
    if trouble is not None:
        ours.add("enter", filter=Condition(lambda: bool(trouble())), eager=True)(
            lambda _event: None
        )
    own = application.key_bindings
    application.key_bindings = merge_key_bindings([own, ours] if own else [ours])
    application.ttimeoutlen = _ESCAPE_WAIT_S
    below.put_under(application)
    return str(application.run())


def _our_keys(
    prompt: Prompt, below: BelowPrompt, letters: Mapping[str, str], untouched: str | None
) -> KeyBindings:
    """Return the keys that go back, explain, or answer at once."""
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("escape", eager=True)
    def _(event: KeyPressEvent) -> None:
        if prompt.may_go_back:
            event.app.exit(exception=GoBack())

    def nothing_typed() -> bool:
        from prompt_toolkit.application import get_app

        return untouched is None or get_app().current_buffer.text in ("", untouched)

    if prompt.explain:

        @keys.add("?", filter=Condition(nothing_typed), eager=True)
        def _(_event: KeyPressEvent) -> None:
            below.explains = not below.explains

    for letter, value in letters.items():

        @keys.add(letter, eager=True)
        def _(event: KeyPressEvent, value: str = value) -> None:
            event.app.exit(result=value)

    return keys


def answered(message: str, answer: str) -> None:
    """Replace a question by one calm line."""
    from rich.text import Text

    talk().print(Text.assemble(("✓ ", ACCENT), message, "  ", (answer, "bold")), soft_wrap=True)
