"""Completion of paths with Tab, of folders with the slash behind them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.completion import CompleteEvent, Completion, PathCompleter
from prompt_toolkit.document import Document


class Paths(PathCompleter):
    """Completes paths; a second Tab goes on within the folder that the first one has found."""

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Yield what can follow what is typed."""
        typed = document.text_before_cursor
        for found in super().get_completions(document, complete_event):
            whole = typed[: len(typed) + found.start_position] + found.text
            slash = "/" if Path(whole).expanduser().is_dir() else ""
            yield Completion(found.text + slash, found.start_position, display=found.display)
