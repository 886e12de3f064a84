"""What is typed while a screen is drawn: hidden, never lost, and the terminal is as before."""

from __future__ import annotations

import signal
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


LEFT = """
import signal, sys, termios
from xtgui_cli.ui.keys import Keys, without_echo
try:
    with {context}:
        print("drawing", flush=True)
        signal.pause()
finally:
    print("echo", bool(termios.tcgetattr(0)[3] & termios.ECHO), flush=True)
"""


@pytest.mark.parametrize("context", ["without_echo()", "Keys()"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_a_signal_that_ends_the_program_leaves_the_terminal_as_it_was(
    tmp_path: Path, context: str, number: int
) -> None:
    terminal = Terminal(["-c", LEFT.format(context=context)], tmp_path)
    terminal.wait_for("drawing")

    terminal.signal(number)

    terminal.wait_for("echo True")
    assert terminal.wait_for_end() == 128 + number


TWICE = """
import os, signal, termios
from xtgui_cli.ui.keys import without_echo
set_mode = termios.tcsetattr
def interrupted(*given):
    os.kill(os.getpid(), signal.SIGINT)
    set_mode(*given)
try:
    with without_echo():
        termios.tcsetattr = interrupted
        os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("echo", bool(termios.tcgetattr(0)[3] & termios.ECHO), flush=True)
"""


def test_ctrl_c_while_the_terminal_gets_its_mode_back_waits_for_that(tmp_path: Path) -> None:
    terminal = Terminal(["-c", TWICE], tmp_path)

    terminal.wait_for("echo True")
    assert terminal.wait_for_end() == 0
