"""The only way to the screen: two consoles and plain text, all cleaned on their way out.

Content of files, events, models, hubs and flags may contain control sequences. Nobody has to
remember that: everything that is printed here is cleaned, and the only other output is JSON
(`json_output`), which escapes them, and prompts (`clean_prompt`), which are cleaned too.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from ..runs.copied_command import quote
from ..shared.errors import Notice, XtguiError
from ..texts import has, t

if TYPE_CHECKING:
    from rich.console import Console

ACCENT = "cyan"

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
)
"""CSI and OSC sequences in both spellings, and the short ones. Of an unterminated OSC sequence only
the beginning matches: it must not swallow what is printed after it."""
_BIDIRECTIONAL = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = r"\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
MISLEADING = _BIDIRECTIONAL + _INVISIBLE
"""Characters that change the reading order of text, or are invisible; for use in a regular
expression's [ ]. Joiners stay: emoji and some scripts need them."""
_UNWANTED = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{MISLEADING}]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SUSPICIOUS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{MISLEADING}\ud800-\udfff]")


def sanitize(text: str) -> str:
    """Return *text* without anything that controls a terminal.

    Escape sequences, control characters, bidirectional marks and invisible characters are removed;
    newlines and tabs stay. Half a surrogate pair, which no stream can encode, becomes a question
    mark.
    """
    if _SUSPICIOUS.search(text) is None:
        return text
    return _SURROGATES.sub("\ufffd", _UNWANTED.sub("", _ESCAPES.sub("", text)))


@cache
def out() -> Console:
    """Return the console for data (stdout)."""
    from .clean_console import CleanConsole

    return CleanConsole()


@cache
def talk() -> Console:
    """Return the console for messages (stderr)."""
    from .clean_console import CleanConsole

    return CleanConsole(stderr=True)


def write_plain(text: str) -> None:
    """Write text to stdout at once, neither wrapped nor colored."""
    sys.stdout.write(sanitize(text))
    sys.stdout.flush()


def show_paged(text: str) -> None:
    """Show a long text in the user's pager, or print it if nobody is there."""
    if not is_interactive():
        write_plain(text if text.endswith("\n") else f"{text}\n")
        return
    import pydoc

    pydoc.pager(sanitize(text))


def show_traceback() -> None:
    """Print the traceback of the exception that is being handled."""
    import traceback

    sys.stderr.write(sanitize(traceback.format_exc()))


def is_interactive() -> bool:
    """Return whether the user can be asked: both ends are a terminal that moves its cursor."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def say(key: str, /, style: str = "", **data: object) -> None:
    """Print one sentence of `texts/` on stderr; its lines keep the indentation of the first."""
    text = _sentence(key, data)
    _tell(text, " " * (len(text) - len(text.lstrip())), style)


def in_words(problem: Notice) -> str:
    """Return the sentence of a problem; problems in its data are put into words as well."""
    return _sentence(problem.code, problem.data)


def show_error(error: XtguiError, *, with_hint: bool = True) -> None:
    """Print what happened, where, and what to do next."""
    _tell(f"✗ {_sentence(error.code, error.data)}", indent="  ", style="bold red")
    for problem in error.problems:
        _tell(f"  - {in_words(problem)}", indent="    ")
        if has(f"{problem.code}.hint"):
            _tell(f"    {_sentence(f'{problem.code}.hint', problem.data)}", "    ", style="dim")
    if not with_hint:
        return
    if has(f"{error.code}.why"):
        _tell(f"  {_sentence(f'{error.code}.why', error.data)}", indent="  ")
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
    if "path" in data:
        clean.setdefault("quoted", quote(data["path"]))
    return t(key, **clean)


def _reason_in_words(reason: object) -> object:
    """Return the operating system's message in the user's language; any other reason unchanged."""
    for number, name in errno.errorcode.items():
        if reason == os.strerror(number) and has(f"system.{name}"):
            return t(f"system.{name}")
    return reason


def _plain(value: object) -> object:
    """Return numbers unchanged, for sentences that format them, and all else as clean text."""
    if isinstance(value, Notice):
        return in_words(value)
    return value if isinstance(value, (int, float)) else sanitize(str(value))


def _tell(text: str, indent: str, style: str = "") -> None:
    from .wrap import wrap

    console = talk()
    lead = text[: len(text) - len(text.lstrip())]
    first, *rest = wrap(text.lstrip(), console.width - len(indent))
    for line in (lead + first, *(indent + line for line in rest)):
        console.print(line, style=style or None, soft_wrap=True)
