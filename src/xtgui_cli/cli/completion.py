"""Shell completion: shows the script for a shell, or installs it where that shell looks.

Typer's own options for it do not name the shell, and speak only English; their implementation is
used here, and nowhere else.
"""

from __future__ import annotations

import os
from typing import Any

import typer
import typer.completion

from ..shared.errors import Exit
from .entry import COMPLETION_VARIABLE

_typer: Any = typer.completion


def prepare() -> None:
    """Register Typer's shells if one of them asks for completions."""
    if COMPLETION_VARIABLE in os.environ:
        typer.main.get_install_completion_arguments()


def show(shell: str) -> Exit:
    """Print the completion script of bash, zsh or fish."""
    from ..ui.console import out

    script = _typer.get_completion_script(
        prog_name="xtgui", complete_var=COMPLETION_VARIABLE, shell=shell
    )
    out().print(script, soft_wrap=True)
    return Exit.DONE


def install(shell: str) -> Exit:
    """Write the completion script and, if necessary, a line into the shell's own start-up file."""
    from ..ui.console import say

    _, path = _typer.install(shell=shell, prog_name="xtgui", complete_var=COMPLETION_VARIABLE)
    say("cli.completion_installed", path=path)
    return Exit.DONE
