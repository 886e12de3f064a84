"""Draw a captured terminal screen as an SVG picture, for the documentation.

tmux capture-pane -e -p | python scripts/draw_screen.py "xtgui train" docs/images/train.svg
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

WIDTH = 100
_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Rich refers to a font on the web, which no viewer of a repository loads."""


def draw(screen: str, title: str) -> str:
    """Return the picture of a screen with ANSI codes."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for line in screen.rstrip().splitlines():
        console.print(Text.from_ansi(line), overflow="crop", no_wrap=True)
    return _WEB_FONT.sub("", console.export_svg(title=title, theme=MONOKAI))


if __name__ == "__main__":
    _title, _path = sys.argv[1:]
    Path(_path).write_text(draw(sys.stdin.read(), _title), "utf-8")
