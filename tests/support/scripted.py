"""Answers the wizard's questions from a dict, at the seam where a person would be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.ui import ask

BACK = "<Esc>"
LEAVE = "<Ctrl-C>"


class Script:
    """What is answered, by the question's name; a list is used up answer by answer.

    BACK goes back, LEAVE interrupts. A question that the script does not know fails the test.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._left = {
            name: list(value) if isinstance(value, list) else [value]
            for name, value in answers.items()
        }
        self.asked: list[str] = []
        """The names of all questions in the order in which they were asked."""
        self.offered: dict[str, Any] = {}
        """The default that each question offered when it was last asked."""
        self.choices: dict[str, list[str]] = {}

    def __call__(self, name: str, default: Any) -> Any:
        self.asked.append(name)
        self.offered[name] = default
        assert self._left.get(name), f"nobody expected the question {name!r} after {self.asked}"
        answer = self._left[name].pop(0)
        if answer == BACK:
            raise ask.GoBack
        if answer == LEAVE:
            raise KeyboardInterrupt
        return default if answer is None else answer


Wizard = Callable[..., Script]
"""Goes through the wizard with some answers and returns the script that gave them."""


def confirm_all(monkeypatch: pytest.MonkeyPatch, *, answer: bool) -> list[str]:
    """Answer every yes-or-no question alike; return the list that takes down their messages."""
    asked: list[str] = []

    def confirm(message: str, **_: Any) -> bool:
        asked.append(message)
        return answer

    monkeypatch.setattr(ask, "confirm", confirm)
    return asked


def follow(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let *script* answer everything that is asked."""

    def select(
        message: str,
        choices: Sequence[tuple[str, str]],
        default: str | None = None,
        *,
        name: str = "",
        **_: Any,
    ) -> str:
        script.choices[name] = [value for value, _ in choices]
        chosen = script(name, default)
        assert chosen in script.choices[name], f"{name} offers {script.choices[name]}"
        return str(chosen)

    def confirm(message: str, *, default: bool, name: str = "", **_: Any) -> bool:
        return bool(script(name, default))

    def text(
        message: str,
        default: str = "",
        check: Callable[[str], str | None] | None = None,
        *,
        name: str = "",
        **_: Any,
    ) -> str:
        while True:
            typed = str(script(name, default))
            if check is None or check(typed) is None:
                return typed

    def path(
        message: str,
        default: str = "",
        check: Callable[[str], str | None] | None = None,
        *,
        name: str = "",
        **rest: Any,
    ) -> Path:
        return ask.absolute_path(text(message, default, check, name=name))

    for function in (select, confirm, text, path):
        monkeypatch.setattr(ask, function.__name__, function)
    monkeypatch.setattr(ask, "require_person", lambda message: None)
