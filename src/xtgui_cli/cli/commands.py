"""The complete command line: all commands in the order of the help, run and explained."""

from __future__ import annotations

from typing import Any

import typer

from ..shared.errors import Exit
from . import click_words, completion, flags, run_commands, source_commands, step_commands
from .command_line import XtguiGroup, finish, optional_root

app = typer.Typer(
    cls=XtguiGroup,
    help="cli.about",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    suggest_commands=False,
)
for part in (step_commands, source_commands, run_commands):
    app.add_typer(part.app)


@app.callback(help="cli.about")
def overview(
    context: typer.Context,
    *,
    as_json: flags.Json = False,
    install_completion: flags.InstallCompletion = None,
    show_completion: flags.ShowCompletion = None,
) -> Exit:
    """Show the overview, or set up shell completion, if no command is given."""
    if show_completion:
        return completion.show(show_completion)
    if install_completion:
        return completion.install(install_completion)
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from ..commands import overview as command

    return command.run(command.OverviewRequest(root=optional_root(context), as_json=as_json))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code.

    Raises:
        XtguiError: "cli.usage" if there is something wrong with the command line.
        KeyboardInterrupt: If the user pressed Ctrl-C.
    """
    command: Any = typer.main.get_command(app)
    finish(command)
    completion.prepare()
    try:
        code = command.main(arguments, prog_name="xtgui", standalone_mode=False)
    except click_words.UsageError as error:
        raise click_words.explain(error) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    if code == Exit.INTERRUPTED and code is not Exit.INTERRUPTED:
        raise KeyboardInterrupt  # click made a bare 130 of it; a command's own 130 was explained
    return int(code or 0)
