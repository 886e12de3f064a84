"""How answers are shown: flowing, side by side, or as plain lines."""

from __future__ import annotations

import functools

from rich.console import Console
from rich.live import Live
from rich.text import Text

from ..runs.engine_session import ModelAnswer
from ..texts import t
from .columns import Column, draw_columns
from .console import ACCENT, write_plain
from .flow import FlowingText


def figures(answer: ModelAnswer) -> str:
    """Return how long an answer is, how fast it was generated and why it ended."""
    speed = answer.tokens / answer.seconds if answer.seconds > 0 else 0.0
    return t(
        "chat.figures",
        tokens=answer.tokens,
        seconds=f"{answer.seconds:.2f}" if answer.seconds < 1 else f"{answer.seconds:.1f}",
        speed=f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}",
        stop=t(f"chat.stop_{answer.stop}"),
    )


class FlowingView:
    """One model in a terminal: words appear as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, model: str) -> None:
        """Print the model's name."""
        self._console.print(Text(f" {model}", style=f"bold {ACCENT}"))
        write = functools.partial(self._console.out, end="", highlight=False)
        self._flow = FlowingText(write, self._console.width)

    def add(self, text: str) -> None:
        """Print the next words."""
        self._flow.add(text)

    def end(self, answer: ModelAnswer) -> None:
        """Print the answer's figures."""
        self._flow.finish()
        self._console.print(Text(f" {figures(answer)}", style="dim"))
        self._console.print()


class ColumnsView:
    """Several models in a terminal: all columns are redrawn as words come, then left standing.

    Meanwhile, only the end of columns that are taller than the screen is shown.
    """

    def __init__(self, console: Console, models: list[str]) -> None:
        self._console = console
        self._columns = [Column(model) for model in models]
        self._at = -1
        self._live = Live(console=console, transient=True, auto_refresh=False)

    def begin(self, model: str) -> None:
        """Start the next column; the first one starts the live display."""
        self._at += 1
        if self._at == 0:
            self._live.start()
        self._columns[self._at].footer = t("chat.waiting")
        self._draw()

    def add(self, text: str) -> None:
        """Add words to the current column."""
        self._columns[self._at].text += text
        self._columns[self._at].footer = ""
        self._draw()

    def end(self, answer: ModelAnswer) -> None:
        """Put the figures under the current column; after the last, leave all columns standing."""
        self._columns[self._at].text = answer.text
        self._columns[self._at].footer = figures(answer)
        self._draw()
        if self._at == len(self._columns) - 1:
            self.close()
            for line in self._lines():
                self._console.print(line, no_wrap=True, overflow="ignore", crop=False)
            self._console.print()

    def close(self) -> None:
        """Remove the live display, also if an answer failed."""
        self._live.stop()

    def _lines(self) -> list[Text]:
        lines = draw_columns(self._columns, self._console.width)
        while lines and not lines[-1].plain.strip():
            lines.pop()
        return lines

    def _draw(self) -> None:
        room = max(self._console.height - 1, 1)
        shown = self._lines()[-room:]
        self._live.update(Text("\n").join(shown), refresh=True)


class PlainView:
    """No terminal: only the answer, on stdout; several models are named."""

    def __init__(self, *, is_named: bool) -> None:
        self._is_named = is_named

    def begin(self, model: str) -> None:
        """Print the model's name if there are several."""
        if self._is_named:
            write_plain(f"[{model}]\n")

    def add(self, text: str) -> None:
        """Do nothing: a pipe gets complete answers."""

    def end(self, answer: ModelAnswer) -> None:
        """Print the whole answer."""
        write_plain(f"{answer.text.strip()}\n" + "\n" * self._is_named)


class SilentView:
    """Shows nothing, for `--json`."""

    def begin(self, model: str) -> None:
        """Do nothing."""

    def add(self, text: str) -> None:
        """Do nothing."""

    def end(self, answer: ModelAnswer) -> None:
        """Do nothing."""
