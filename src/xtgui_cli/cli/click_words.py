"""Turns Typer's errors about a command line into our own words.

Typer has its own copy of click since 0.26, and both word their errors a little differently from
version to version. This is the only file that reads their sentences. One that it does not know is
shown as it is; tests/cli/test_click_words.py provokes each of them.
"""

from __future__ import annotations

import difflib
import re
from typing import Any

import typer

from ..shared.errors import Exit, XtguiError
from ..texts import t

UsageError: type[Exception] = typer.BadParameter.__bases__[0]
"""The base class of all errors in a command line; Typer has no public name for it."""

_BAD_VALUE = r"Invalid value for '(?P<name>[^']+)'(?: / '[^']+')*: (?:Value error, )?"
_SENTENCES = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        (r"No such option:? '?(?P<name>[^ ']+).*", "click.no_option"),
        (r"No such command '(?P<name>.+?)'\..*", "click.no_command"),
        (r"Missing command\.", "click.command_missing"),
        (r"Missing (?:argument|option) '(?P<name>.+?)'\..*", "click.missing"),
        (r"Got unexpected extra arguments?(?:\(s\))? \((?P<arguments>.*)\)", "click.extra"),
        (r"Option '(?P<name>.+?)' requires .*", "click.value_missing"),
        (r"Option '(?P<name>.+?)' does not take a value\.", "click.takes_no_value"),
        (_BAD_VALUE + r"(?P<value>.+) is not one of (?P<choices>.+)\.", "click.no_choice"),
        (_BAD_VALUE + r"(?P<value>.+) is not in the range .*", "click.out_of_range"),
        (_BAD_VALUE + r"Input should be (?:greater|less) than .*", "click.out_of_range"),
        (_BAD_VALUE + r"(?P<value>.+) is not a valid int.*", "click.no_integer"),
        (_BAD_VALUE + r"Input should be a valid integer.*", "click.no_integer"),
        (_BAD_VALUE + r"(?P<value>.+) is not a valid float.*", "click.no_number"),
        (_BAD_VALUE + r"Input should be a valid number.*", "click.no_number"),
    )
)


def explain(error: Any) -> XtguiError:
    """Return one of our own errors for a `UsageError`."""
    command = error.ctx.command_path if error.ctx else "xtgui"
    return XtguiError("cli.usage", Exit.ANSWERS, message=_words(error), command=f"{command} --help")


def _words(error: Any) -> str:
    message = str(error.format_message())
    for sentence, key in _SENTENCES:
        found = sentence.fullmatch(message)
        if found is not None:
            return _told(error, key, found.groupdict())
    return message


def _told(error: Any, key: str, found: dict[str, str]) -> str:
    data = {"value": _refused_value(error)}
    data |= {name: value.replace("'", "") for name, value in found.items()}
    if key == "click.out_of_range":
        return _range_words(error.param, data)
    words = t(key, **data)
    near = _nearest(error, data["name"]) if key in ("click.no_option", "click.no_command") else None
    return words + t("click.did_you_mean", name=near) if near else words


def _refused_value(error: Any) -> str:
    """Return the value as the user wrote it: since 0.29, only pydantic's error has it."""
    errors = getattr(error.__cause__, "errors", None)
    return str(errors()[0]["input"]) if errors else ""


def _range_words(option: Any, data: dict[str, str]) -> str:
    """Return what is allowed: since 0.29 the option has its limits, before that its type.

    No option has a maximum alone.
    """
    limits = option if hasattr(option, "min") else option.type
    if limits.max is None:
        return t("click.too_low", low=limits.min, **data)
    return t("click.out_of_range", low=limits.min, high=limits.max, **data)


def _nearest(error: Any, name: str) -> str | None:
    """Return the name that resembles that of a missing command or option most."""
    if error.ctx is None:
        return None
    command = error.ctx.command
    options = [spelling for param in command.params for spelling in param.opts]
    known = options if name.startswith("-") else list(getattr(command, "commands", ()))
    return next(iter(difflib.get_close_matches(name, known, n=1)), None)
