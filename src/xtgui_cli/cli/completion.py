"""Shell completion: shows the script that a shell needs, or puts it where that shell looks."""

from __future__ import annotations

from ..shared.errors import Exit

_VARIABLE = "_XTGUI_COMPLETE"


def show(shell: str) -> Exit:
    """Print the completion script of bash, zsh or fish."""
    from typer._completion_shared import get_completion_script

    from ..ui.console import out

    script = get_completion_script(prog_name="xtgui", complete_var=_VARIABLE, shell=shell)
    out().print(script, soft_wrap=True)
    return Exit.DONE


def install(shell: str) -> Exit:
    """Write the completion script and, where needed, a line into the shell's own start-up file."""
    from typer._completion_shared import install as typer_install

    from ..ui.console import say

    _, path = typer_install(shell=shell, prog_name="xtgui", complete_var=_VARIABLE)
    say("cli.completion_installed", path=path)
    return Exit.DONE
