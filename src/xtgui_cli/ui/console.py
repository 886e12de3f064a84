"""The two consoles, and the one way that text from elsewhere reaches the screen."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from ..shared.errors import Notice, XtguiError
from ..texts import has, t

if TYPE_CHECKING:
    from rich.console import Console

ACCENT = "cyan"

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
_CONTROLS |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), None)


def sanitize(text: str) -> str:
    """Give *text*, from a model, a data file, a log or a hub, without what steers a terminal.

    Escape sequences, control characters and bidirectional overrides go; newlines and tabs stay.
    """
    return _ESCAPES.sub("", text).translate(_CONTROLS)


@cache
def out() -> Console:
    """Give the console for data (stdout). Markup is off: text is never read as rich's tags."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False, soft_wrap=False)


@cache
def talk() -> Console:
    """Give the console for talk (stderr)."""
    from rich.console import Console

    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=False)


def is_interactive() -> bool:
    """Whether a person can be asked: both ends are a terminal that can move its cursor."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def say(key: str, /, style: str = "", **data: object) -> None:
    """Say one sentence of `texts/` on stderr; its lines keep the indentation of the first."""
    text = _sentence(key, data)
    _tell(text, " " * (len(text) - len(text.lstrip())), style)


def in_words(problem: Notice) -> str:
    """Give the sentence of a problem; one that stands in its data is put into words as well."""
    return _sentence(problem.code, problem.data)


def show_error(error: XtguiError, *, with_hint: bool = True) -> None:
    """Say what happened, where, and what to do next."""
    _tell(f"✗ {_sentence(error.code, error.data)}", indent="  ", style="bold red")
    for problem in error.problems:
        _tell(f"  - {in_words(problem)}", indent="    ")
        if has(f"{problem.code}.hint"):
            _tell(f"    {_sentence(f'{problem.code}.hint', problem.data)}", "    ", style="dim")
    if not with_hint:
        return
    if error.hint is not None:
        _tell(f"  {in_words(error.hint)}", indent="  ")
    elif has(f"{error.code}.hint"):
        _tell(f"  {_sentence(f'{error.code}.hint', error.data)}", indent="  ")


def _sentence(key: str, data: Mapping[str, object]) -> str:
    clean = {
        name: sanitize(value) if isinstance(value, str) else _plain(value)
        for name, value in data.items()
    }
    if "reason" in clean:
        clean["reason"] = _reason_in_words(clean["reason"])
    return t(key, **clean)


def _reason_in_words(reason: object) -> object:
    """Give what the operating system says in the user's language; any other reason as it is."""
    for number, name in errno.errorcode.items():
        if reason == os.strerror(number) and has(f"system.{name}"):
            return t(f"system.{name}")
    return reason


def _plain(value: object) -> object:
    """Give numbers as they are, for sentences that format them, and all else as clean text."""
    if isinstance(value, Notice):
        return in_words(value)
    return value if isinstance(value, (int, float)) else sanitize(str(value))


def _tell(text: str, indent: str, style: str = "") -> None:
    from .wrap import wrap

    console = talk()
    lead = text[: len(text) - len(text.lstrip())]
    first, *rest = (
        line
        for part in text.lstrip().split("\n")
        for line in ([part] if _is_command(part) else wrap(part, console.width - len(indent)))
    )
    for line in (lead + first, *(indent + line for line in rest)):
        console.print(line, style=style or None, soft_wrap=True)


def _is_command(line: str) -> bool:
    """Whether a line is a command to copy, which a line break of ours would cut in two."""
    return line.startswith("xtgui ") and not any(mark in line for mark in (". ", ", ", "。", "，"))
