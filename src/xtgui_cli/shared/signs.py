"""How a cause shows in an exception: its message, class, errno, and when it was raised."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cached_property

_WORD = r"[^\s'\"`]*[^\s'\"`,.:;]"
"""What a placeholder matches: a name, a number or a path without spaces, and without the
punctuation that ends its sentence."""


@dataclass(frozen=True)
class Sign:
    """One way in which a cause shows: all that is given here must hold."""

    says: str = ""
    """Part of the message; `{name}` in it matches one word, which the sentence may use."""
    raised: str = ""
    """A class of the exception."""
    errnos: tuple[int, ...] = ()
    """Error numbers of the operating system, any of them."""
    phases: tuple[str, ...] = ()
    """What the engine was doing, any of them; empty: anything."""

    def find(self, error: BaseException, phase: str) -> dict[str, str] | None:
        """Return the words of the message for the placeholders; None if it does not match."""
        if self.phases and phase not in self.phases:
            return None
        if self.errnos and getattr(error, "errno", None) not in self.errnos:
            return None
        if self.raised and self.raised not in {kind.__name__ for kind in type(error).__mro__}:
            return None
        match = self._pattern.search(str(error))
        return match.groupdict() if match else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(
            "".join(
                re.escape(text) + (f"(?P<{name}>{_WORD})" if name else "")
                for text, name, _, _ in string.Formatter().parse(self.says)
            )
        )
