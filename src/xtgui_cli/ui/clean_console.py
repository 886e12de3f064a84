"""A rich console that lets its own control sequences through, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from .console import sanitize


class CleanConsole(Console):
    """Cleans every text on its way out; markup is off, so that text is never read as rich's tags.

    A string is cleaned before it is laid out, a `Text` piece by piece afterwards: if one contains
    control characters, lines may be shorter than they could be.
    """

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a string as rich's `Text`."""
        return super().render_str(sanitize(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the pieces of something that is printed."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else sanitize(segment.text)
            yield segment if text == segment.text else Segment(text, segment.style)
