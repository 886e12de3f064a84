"""Asking: the only place that imports questionary.

In a terminal that can move its cursor: lists with arrow keys, where `?` explains and Esc goes
back. In any other terminal: numbered lines, where `?` and `<` do the same. Without a terminal
nobody can be asked, and the error says which flags answer instead. Ctrl-C is KeyboardInterrupt.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from ..shared.errors import Exit, XtguiError
from ..texts import t
from . import ask_plainly
from .ask_plainly import GoBack
from .console import ACCENT, is_interactive, sanitize, talk

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.styles import Style

__all__ = ["GoBack", "answered", "confirm", "path", "select", "text"]

_ESCAPE_WAIT_S = 0.1
"""How long a lone Esc is told from the start of an arrow key; slow SSH lines need some time."""


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
) -> str:
    """Let one of *choices* (value, label) be chosen and give its value.

    Args — name: the setting asked for, for whoever answers in a test; explain: what `?` says;
    echo: what stands on the screen afterwards; filterable: what is typed narrows a long list.
    Raises — GoBack on Esc, XtguiError "wizard.no_terminal".
    """
    choices = [(value, sanitize(label)) for value, label in choices]
    keys = "wizard.keys_filter" if filterable else "wizard.keys_select"
    chosen = _choose(message, choices, default, keys, explain, may_go_back, filterable=filterable)
    if echo != "none":
        answered(message, chosen if echo == "value" else dict(choices)[chosen])
    return chosen


def confirm(message: str, default: bool, *, name: str = "", explain: str = "") -> bool:
    """Ask a question of yes and no; the letters y and n answer it at once."""
    choices = [("yes", t("wizard.yes")), ("no", t("wizard.no"))]
    preset = "yes" if default else "no"
    letters = {"y": "yes", "n": "no"}
    chosen = _choose(message, choices, preset, "wizard.keys_confirm", explain, False, letters)
    answered(message, dict(choices)[chosen])
    return chosen == "yes"


def _choose(
    message: str,
    choices: Sequence[tuple[str, str]],
    default: str | None,
    keys: str,
    explain: str,
    may_go_back: bool,
    letters: Mapping[str, str] = MappingProxyType({}),
    filterable: bool = False,
) -> str:
    if not _on_screen(message):
        return ask_plainly.select(message, choices, default, explain, may_go_back)
    import questionary

    question = questionary.select(
        message,
        [questionary.Choice(label, value) for value, label in choices],
        default=default,
        qmark="?",
        pointer="❯",
        instruction=_keys(keys, explain, may_go_back),
        use_jk_keys=False,
        use_search_filter=filterable,
        style=_style(),
        erase_when_done=True,
    )
    has_match = _has_match(question.application) if filterable else None
    return str(_ask(question.application, explain, may_go_back, letters, has_match=has_match))


def _has_match(application: Application[Any]) -> Callable[[], bool]:
    """Give whether what was typed into a list has found anything: questionary shows all if not."""
    controls = application.layout.find_all_controls()
    shown: Any = next(control for control in controls if hasattr(control, "found_in_search"))
    return lambda: not shown.search_filter or shown.found_in_search


def text(
    message: str,
    default: str = "",
    check: Callable[[str], str | None] | None = None,
    *,
    name: str = "",
    explain: str = "",
    may_go_back: bool = False,
) -> str:
    """Let a line be typed. *check* gives a sentence that says what is wrong, or None.

    `?` explains only while nothing has been typed, since a text may hold a question mark.
    """
    if not _on_screen(message):
        return ask_plainly.text(message, default, check, explain, may_go_back)
    keys = _keys("wizard.keys_text", explain, may_go_back)
    return _type(message, default, check, keys, explain, may_go_back)


def path(
    message: str,
    default: str = "",
    check: Callable[[str], str | None] | None = None,
    *,
    name: str = "",
    explain: str = "",
    may_go_back: bool = False,
    folders_only: bool = False,
) -> Path:
    """Let a path be typed, with Tab completion; `~` is the home folder. Gives it absolute."""
    if not _on_screen(message):
        typed = ask_plainly.text(message, default, check, explain, may_go_back)
        return absolute_path(typed)
    from prompt_toolkit.completion import PathCompleter

    # questionary's own path prompt opens its list while one types and then wants Enter twice.
    typed = _type(
        message,
        default,
        check,
        _keys("wizard.keys_path", explain, may_go_back),
        explain,
        may_go_back,
        completer=PathCompleter(only_directories=folders_only, expanduser=True),
        complete_while_typing=False,
    )
    return absolute_path(typed)


def _type(
    message: str,
    default: str,
    check: Callable[[str], str | None] | None,
    keys: str,
    explain: str,
    may_go_back: bool,
    **prompt: Any,
) -> str:
    import questionary

    question = questionary.text(
        message,
        default=default,
        validate=_validator(check),
        qmark="?",
        instruction=keys,
        style=_style(),
        erase_when_done=True,
        **prompt,
    )
    answer = str(_ask(question.application, explain, may_go_back, untouched=default))
    answered(message, answer)
    return answer


def absolute_path(typed: str) -> Path:
    """Give what a person typed as an absolute path: blanks and quotes around it go, `~` is home."""
    cleaned = typed.strip()
    if len(cleaned) > 1 and cleaned[0] == cleaned[-1] and cleaned[0] in "'\"":
        cleaned = cleaned[1:-1]
    return Path.cwd() / Path(cleaned).expanduser()


def _on_screen(message: str) -> bool:
    if is_interactive():
        return True
    if not sys.stdin.isatty():
        raise XtguiError("wizard.no_terminal", Exit.ANSWERS, question=message)
    return False


def _keys(key: str, explain: str, may_go_back: bool) -> str:
    """Give the line that says which keys do what, of those that do something here."""
    parts = [t(key)]
    if explain:
        parts.append(t("wizard.key_explain"))
    if may_go_back:
        parts.append(t("wizard.key_back"))
    return f"({t('wizard.key_separator').join(parts)})"


def _validator(check: Callable[[str], str | None] | None) -> Callable[[str], bool | str]:
    return lambda typed: (check(typed) if check else None) or True


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


def _ask(
    application: Application[Any],
    explain: str,
    may_go_back: bool,
    letters: Mapping[str, str] = MappingProxyType({}),
    untouched: str | None = None,
    has_match: Callable[[], bool] | None = None,
) -> Any:
    """Run a prompt with our keys beside its own.

    Args — letters: keys that answer at once; untouched: the text that a typed line begins with,
    None where nothing is typed; has_match: whether there is anything to choose, in a filtered list.
    """
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.key_binding import merge_key_bindings

    ours = _our_keys(explain, may_go_back, letters, untouched)
    if has_match is not None:
        ours.add("enter", filter=~Condition(has_match), eager=True)(lambda _event: None)
    own = application.key_bindings
    application.key_bindings = merge_key_bindings([own, ours] if own else [ours])
    application.ttimeoutlen = _ESCAPE_WAIT_S
    return application.run()


def _our_keys(
    explain: str, may_go_back: bool, letters: Mapping[str, str], untouched: str | None
) -> KeyBindings:
    from prompt_toolkit.application import run_in_terminal
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("escape", eager=True)
    def _(event: KeyPressEvent) -> None:
        if may_go_back:
            event.app.exit(exception=GoBack())

    def nothing_typed() -> bool:
        from prompt_toolkit.application import get_app

        return untouched is None or get_app().current_buffer.text in ("", untouched)

    if explain:

        @keys.add("?", filter=Condition(nothing_typed), eager=True)
        def _(_event: KeyPressEvent) -> None:
            run_in_terminal(lambda: ask_plainly.explain(explain))

    for letter, value in letters.items():

        @keys.add(letter, eager=True)
        def _(event: KeyPressEvent, value: str = value) -> None:
            event.app.exit(result=value)

    return keys


def answered(message: str, answer: str) -> None:
    """Leave one calm line behind where a question stood."""
    from rich.text import Text

    talk().print(
        Text.assemble(("✓ ", ACCENT), message, "  ", (sanitize(answer), "bold")), soft_wrap=True
    )
