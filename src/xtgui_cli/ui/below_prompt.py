"""The lines below a question, however much of the screen its list takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .console import talk
from .wrap import wrap

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from rich.text import Text


class BelowPrompt:
    """The lines below a prompt: what is wrong, else what the question means, else a note."""

    def __init__(
        self, explanation: str, trouble: Callable[[], str] | None, note: Text | None
    ) -> None:
        self._explanation = explanation
        self._trouble = trouble
        self._note = note
        self.explains = False

    def put_under(self, application: Application[Any]) -> None:
        """Add the lines to a prompt, whose list makes room so that they are always visible."""
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.layout import ConditionalContainer, FormattedTextControl, HSplit, Window
        from prompt_toolkit.layout.dimension import Dimension

        window = Window(
            FormattedTextControl(lambda: [(self._style(), "\n".join(self._lines()))]),
            height=lambda: Dimension.exact(len(self._lines())),
        )
        is_there = Condition(lambda: bool(self._lines()) and not application.is_done)
        layout = application.layout
        layout.container = HSplit([layout.container, ConditionalContainer(window, is_there)])

    def _lines(self) -> list[str]:
        trouble = self._trouble() if self._trouble else ""
        said = trouble or (self._explanation if self.explains else "")
        said = said or (self._note.plain if self._note else "")
        return [f"    {line}" for line in wrap(said, min(talk().width, 100) - 5)] if said else []

    def _style(self) -> str:
        is_note = self._note is not None and not self.explains
        return f"fg:ansi{self._note.style}" if is_note and self._note else "class:instruction"
