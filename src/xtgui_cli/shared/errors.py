"""The exception that is explained to the user, and the exit codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """The exit code of a command."""

    DONE = 0
    """The work is done."""
    FAILED = 1
    """The work failed: out of memory, disk full, a broken download."""
    ANSWERS = 2
    """Wrong flags or answers, a missing file, faulty data."""
    ENVIRONMENT = 3
    """Something is not installed, or not available for this system."""
    INTERRUPTED = 130
    """The user pressed Ctrl-C."""


@dataclass(frozen=True)
class Notice:
    """A message to the user: a text key and the values that its sentence needs.

    It is the only type for this: problems, warnings, reasons and faults carry a notice, and
    `ui.console` puts it into words, sanitized. A value may be a notice itself.
    """

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The code without its area, as JSON output has it."""
        return self.code.partition(".")[2]


class XtguiError(Exception):
    """A failure that is explained to the user.

    `code` is the key of its sentence in `texts/`; `code + ".hint"`, if that key exists, says what
    to do next. `data` fills both. `problems` lists everything that is wrong if there is more than
    one thing.
    """

    hint: Notice | None = None
    """What to do next, if that depends on more than the code."""

    def __init__(
        self,
        code: str,
        exit: Exit = Exit.FAILED,
        problems: Iterable[Notice] = (),
        **data: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.exit = exit
        self.data = data
        self.problems = tuple(problems)

    @property
    def notice(self) -> Notice:
        """What happened, without the exit code and the list of problems."""
        return Notice(self.code, self.data)

    def __str__(self) -> str:
        return f"{self.code} {self.data}" if self.data else self.code
