"""Asks questions where the cursor cannot be moved: numbered lines on stderr, answers from stdin."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..texts import t
from .console import talk
from .wrap import wrap

Check = Callable[[str], str | None]
"""Returns a sentence that says what is wrong with a typed text, or None."""


@dataclass(frozen=True)
class Prompt:
    """A question, and what the user may do besides answering it."""

    message: str
    explain: str = ""
    """What `?` shows; empty: nothing."""
    may_go_back: bool = False


class GoBack(Exception):  # noqa: N818 (a wish, not an error)
    """The user wants to go back to the previous question."""


def explain(words: str) -> None:
    """Print what a question means, set off from the question."""
    console = talk()
    for line in wrap(words, min(console.width, 100) - 4):
        console.print(f"    {line}", style="dim", soft_wrap=True)


def select(prompt: Prompt, choices: Sequence[tuple[str, str]], default: str | None) -> str:
    """Let the user type a number, or a value itself; an empty line is the default."""
    console = talk()
    values = [value for value, _ in choices]
    console.print(prompt.message, soft_wrap=True)
    for number, (_, label) in enumerate(choices, start=1):
        console.print(f"  {number}) {label}", soft_wrap=True)
    preset = str(values.index(default) + 1) if default in values else ""
    while True:
        typed = _line(replace(prompt, message=t("wizard.number")), preset)
        if typed in values:
            return typed
        if typed.isdecimal() and 1 <= int(typed) <= len(values):
            return values[int(typed) - 1]
        console.print(t("wizard.number_wrong", count=len(values)))


def text(prompt: Prompt, default: str, check: Check | None) -> str:
    """Let the user type a line; an empty one is the default."""
    while True:
        typed = _line(prompt, default)
        problem = check(typed) if check else None
        if problem is None:
            return typed
        talk().print(problem, soft_wrap=True)


def _line(prompt: Prompt, default: str) -> str:
    """Return the typed line, or the default.

    Raises:
        KeyboardInterrupt: If the input has ended.
    """
    console = talk()
    while True:
        keys = [t("wizard.key_explain")] if prompt.explain else []
        keys += [t("wizard.key_back_typed")] if prompt.may_go_back else []
        hints = [f"({t('wizard.key_separator').join(keys)})"] if keys else []
        hints += [f"[{default}]"] if default else []
        console.print(" ".join([prompt.message, *hints]) + ": ", end="", soft_wrap=True)
        typed = sys.stdin.readline()
        if not typed:
            raise KeyboardInterrupt
        typed = typed.strip()
        if typed == "?" and prompt.explain:
            explain(prompt.explain)
        elif typed == "<" and prompt.may_go_back:
            raise GoBack
        else:
            return typed or default
