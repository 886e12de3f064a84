"""The commands about a folder's run, and about this machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import typer

from ..shared.errors import Exit
from ..shared.methods import DEFAULT_METHOD
from . import flags
from .command_line import (
    XtguiCommand,
    folder_to_trust,
    given_root,
    optional_root,
    project_root,
)

app = typer.Typer()
_run_command = partial(app.command, cls=XtguiCommand, rich_help_panel="cli.panel.run")
_machine_command = partial(app.command, cls=XtguiCommand, rich_help_panel="cli.panel.machine")


@_run_command(help="cli.attach")
def attach(context: typer.Context, *, plain: flags.Plain = False) -> Exit:
    from ..commands import attach as command

    return command.run(command.AttachRequest(root=project_root(context), plain=plain))


@_run_command(help="cli.status")
def status(context: typer.Context, *, run: flags.Run = None, as_json: flags.Json = False) -> Exit:
    from ..commands import status as command

    return command.run(command.StatusRequest(root=project_root(context, run), as_json=as_json))


@_run_command(help="cli.logs")
def logs(
    context: typer.Context,
    *,
    lines: flags.Lines = 20,
    follow: flags.Follow = False,
    run: flags.Run = None,
) -> Exit:
    from ..commands import logs as command

    root = project_root(context, run)
    return command.run(command.LogsRequest(root=root, lines=lines, follow=follow))


@_run_command(help="cli.runs")
def runs(
    context: typer.Context, names: flags.RunNames = None, *, as_json: flags.Json = False
) -> Exit:
    from ..commands import runs as command

    root = project_root(context)
    return command.run(command.RunsRequest(root=root, names=names or (), as_json=as_json))


@_run_command(help="cli.stop")
def stop(context: typer.Context, *, now: flags.Now = False) -> Exit:
    from ..commands import stop as command

    return command.run(command.StopRequest(root=project_root(context), at_once=now))


@_machine_command(help="cli.trust_command")
def trust(context: typer.Context, folder: flags.Folder = None) -> Exit:
    from ..commands import trust as command

    return command.run(command.TrustRequest(folder=folder_to_trust(context, folder)))


@_machine_command(help="cli.setup")
def setup(
    *, python: flags.Python = None, stack: flags.EngineStack = "modern", yes: flags.Yes = False
) -> Exit:
    from ..commands import setup as command

    return command.run(command.SetupRequest(python=python, stack=stack, yes=yes))


@_machine_command(help="cli.doctor")
def doctor(
    context: typer.Context, *, deep: flags.Deep = False, as_json: flags.Json = False
) -> Exit:
    from ..commands import doctor as command

    root = optional_root(context)
    return command.run(command.DoctorRequest(root=root, deep=deep, as_json=as_json))


@_machine_command(help="cli.demo")
def demo(
    context: typer.Context,
    *,
    method: flags.Method = DEFAULT_METHOD,
    yes: flags.Yes = False,
    as_json: flags.Json = False,
) -> Exit:
    from ..wizard import demo as command

    root = given_root(context) or Path(command.DEFAULT_FOLDER)
    return command.run(command.DemoRequest(root=root, method=method, yes=yes, as_json=as_json))
