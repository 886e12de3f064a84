"""What a chat shows besides the answers: its header, its commands, its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ..texts import t
from .console import ACCENT
from .wrap import pad, wrap

_USAGE_WIDTH = 19
_KEYS = "/help  /reset  /exit"


def show_header(
    console: Console, mode: str, models: Sequence[str], temperature: float, seed: int
) -> None:
    """Print who is being asked, and how."""
    left = t(
        f"chat.header_{mode}",
        models=" · ".join(models),
        temperature=f"{temperature:g}",
        seed=seed,
    )
    room = console.width - len(_KEYS) - 2
    line = Text(" ").append(pad(left, room), style="bold")
    if cell_len(left) < room:
        line.append(_KEYS, style="dim")
    console.print(line, no_wrap=True, overflow="ellipsis")
    console.print()


def show_help(console: Console, commands: Sequence[str]) -> None:
    """List the commands and the keys."""
    for name in commands:
        key = name.removeprefix("/")
        usage = pad(t(f"chat.usage_{key}"), _USAGE_WIDTH)
        for text in wrap(t(f"chat.help_{key}"), console.width - _USAGE_WIDTH - 1):
            console.print(Text(" ").append(usage, style=ACCENT).append(text))
            usage = " " * _USAGE_WIDTH
    console.print()
    _show_dim(console, t("chat.help_keys"))


def show_settings(console: Console, settings: Mapping[str, object]) -> None:
    """Show how answers are generated."""
    _show_dim(console, " · ".join(f"{name} {value}" for name, value in settings.items()))


def _show_dim(console: Console, text: str) -> None:
    for line in wrap(text, console.width - 1):
        console.print(Text(f" {line}", style="dim"))
    console.print()
