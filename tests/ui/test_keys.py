"""What is typed while a screen is drawn: hidden, never lost, and the terminal is as before."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import ENTER, Terminal

pytestmark = pytest.mark.process

PROGRAM = """
import select, sys
from xtgui_cli.ui.keys import without_echo
with without_echo():
    print("drawing", flush=True)
    select.select([sys.stdin], [], [])  # until Enter
print("drawn", flush=True)
print("took", repr(input()), flush=True)
print("again", repr(input("> ")), flush=True)
"""


def test_keys_typed_meanwhile_are_hidden_and_read_afterwards(tmp_path: Path) -> None:
    terminal = Terminal(["-c", PROGRAM], tmp_path)
    terminal.wait_for("drawing")

    terminal.send("early", ENTER)
    terminal.wait_for("took 'early'")
    terminal.send("late", ENTER)
    shown = terminal.wait_for("again 'late'")

    assert shown.count("early") == 1  # as it was taken, never as it was typed
    assert "> late" in shown
    terminal.kill()
