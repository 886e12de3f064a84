"""Runs a command line in this process."""

from __future__ import annotations

import pytest

from xtgui_cli.cli import entry as cli


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command line in this process; give code, stdout and stderr."""
    code = cli.main(list(arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def commands_in(error: str) -> list[str]:
    """The lines of a message that are commands to copy."""
    return [line.strip() for line in error.splitlines() if line.strip().startswith("xtgui ")]
