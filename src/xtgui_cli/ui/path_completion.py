"""Completion of paths with Tab; folders end with a slash."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.completion import CompleteEvent, Completion, PathCompleter
from prompt_toolkit.document import Document


class Paths(PathCompleter):
    """Completes paths; a second Tab continues inside the folder that the first one found."""

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Yield the possible completions of what is typed."""
        typed = document.text_before_cursor
        for found in super().get_completions(document, complete_event):
            whole = typed[: len(typed) + found.start_position] + found.text
            slash = "/" if Path(whole).expanduser().is_dir() else ""
            yield Completion(found.text + slash, found.start_position, display=found.display)
