"""Why a row does not become messages."""

from __future__ import annotations


class LeftOutError(Exception):
    """A row cannot become messages; `reason` is the key of the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
