"""The one exception that reaches the user, and the exit codes of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    """The work is done."""
    FAILED = 1
    """The work failed: out of memory, disk full, a broken download."""
    ANSWERS = 2
    """Wrong flags or answers, a missing file, faulty data."""
    ENVIRONMENT = 3
    """Something is not installed, or not for this system."""
    INTERRUPTED = 130
    """The user pressed Ctrl-C."""


@dataclass(frozen=True)
class Notice:
    """One thing to tell the user: a text key and the values that its sentence needs.

    The one type for it: problems, warnings, reasons and faults carry a notice, and `ui.console`
    puts it into words, sanitised. A value may be a notice itself.
    """

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The code without its area, as JSON output has it."""
        return self.code.partition(".")[2]


class XtguiError(Exception):
    """A failure that is explained to the user.

    `code` is the key of its sentence in `texts/`; `code + ".hint"`, where that key exists, says
    what to do next. `data` fills both. `problems` lists all that is wrong where there is more
    than one thing.
    """

    hint: Notice | None = None
    """What to do next, where that depends on more than the code."""

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
