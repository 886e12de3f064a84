"""A real pseudo-terminal with a program in it, and what its screen shows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

DOWN, UP, ESCAPE, ENTER, CTRL_C, CTRL_U = "\x1b[B", "\x1b[A", "\x1b", "\r", "\x03", "\x15"
BACKSPACE = "\x7f"


class _Screen(pyte.HistoryScreen):
    """A screen that answers what a program asks of its terminal, such as where the cursor is."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None]) -> None:
        super().__init__(columns, rows, history=5000)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        self._answer(data)


class Terminal:
    """Runs a Python command; keys go in, the screen is read as a person would see it."""

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str] | None = None,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self._screen = _Screen(columns, rows, self.send)
        self._stream = pyte.Stream(self._screen)
        self.raw = ""
        """All that the program has written, as it came."""
        # The tests' own size, which any program would believe before that of its terminal.
        given = {name: os.environ[name] for name in os.environ.keys() - {"COLUMNS", "LINES"}}
        self._process = pexpect.spawn(
            sys.executable,
            list(arguments),
            cwd=str(folder),
            env={**given, "TERM": "xterm-256color", **(environment or {})},
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=10,
        )

    def send(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self._process.send(key)
            if key == ESCAPE:
                self._read(0.3)  # a lone Esc must not become the start of another key

    def _read(self, seconds: float) -> bool:
        """Feed the screen for a moment; whether the program is still there."""
        try:
            written = self._process.read_nonblocking(65536, timeout=seconds)
            self.raw += written
            self._stream.feed(written)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True

    @property
    def shown(self) -> str:
        """What is on the screen now, without the blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def everything(self) -> str:
        """What has ever been on the screen and scrolled away, and what is on it now."""
        above = [
            "".join(line[column].data for column in range(self._screen.columns)).rstrip()
            for line in self._screen.history.top
        ]
        return "\n".join([*above, self.shown])

    def wait_for(self, text: str, patience_s: float = 20) -> str:
        """Wait until *text* is on the screen, in one line or broken into two; return the screen."""
        return self._wait(
            lambda: any(text in self.shown.replace("\n", between) for between in ("\n", " ", "")),
            f"{text!r} did not come",
            patience_s,
        )

    def wait_until_gone(self, text: str, patience_s: float = 20) -> str:
        """Wait until *text* is no longer on the screen, and give the screen."""
        return self._wait(lambda: text not in self.shown, f"{text!r} did not go", patience_s)

    def wait_until(self, is_so: Callable[[str], bool], what: str) -> None:
        """Wait until the screen is as it should be; *what* says how, should it never be so."""
        self._wait(lambda: is_so(self.shown), f"{what} did not come", 20)

    def _wait(self, is_so: object, complaint: str, patience_s: float) -> str:
        assert callable(is_so)
        deadline = time.monotonic() + patience_s
        while not is_so():
            is_alive = self._read(0.05)
            if is_so():
                break
            assert is_alive, f"{complaint} before the program ended:\n{self.everything}"
            assert time.monotonic() < deadline, f"{complaint}:\n{self.everything}"
        return self.shown

    def wait_for_end(self, patience_s: float = 20) -> int:
        """Wait until the program has ended, and give its exit code; -N where signal N ended it."""
        deadline = time.monotonic() + patience_s
        while self._read(0.05):
            assert time.monotonic() < deadline, f"it does not end:\n{self.everything}"
        self._process.close()
        status = self._process.exitstatus
        return -int(self._process.signalstatus) if status is None else int(status)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        self._process.kill(number)

    def kill(self) -> None:
        """End the program, whatever it does."""
        self._process.close(force=True)
