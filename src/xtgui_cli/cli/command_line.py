"""How commands are declared: their classes, their common options, their texts."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from .. import __version__
from ..project.nearest_project import find_project, require_project
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..texts import has, t

_ROOT = "xtgui.root"
_COMMON = "cli.panel.common"
_RESUME = "--resume"


def _convert_what_is_given(parameters: list[Any]) -> list[Any]:
    """Let Typer convert a value only where one is given that is not converted yet.

    Since 0.28, Typer imports pydantic, a third of a second on a cold disk, also to convert nothing.
    """
    for parameter in parameters:
        parameter.process_value = functools.partial(_process, type(parameter), parameter)
    return parameters


def _process(kind: Any, parameter: Any, context: Any, value: Any) -> Any:
    is_list = parameter.multiple or parameter.nargs != 1
    if value is None and not parameter.required:
        value = () if is_list else None
    else:
        annotation = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
        if annotation is Path and isinstance(value, str):
            value = Path(value)
        elif is_list or not _is_already(annotation, value):
            return kind.process_value(parameter, context, value)
    return parameter.callback(context, parameter, value) if parameter.callback else value


def _is_already(annotation: Any, value: Any) -> bool:
    if get_origin(annotation) is Literal:
        return value in get_args(annotation)
    return annotation in (str, bool) and type(value) is annotation


class XtguiCommand(TyperCommand):
    """A command with our own help page."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, `--help` among them."""
        return _convert_what_is_given(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show our own help page."""
        from . import help

        help.show(ctx)


class XtguiGroup(TyperGroup):
    """A group of commands, including `xtgui` itself; without a command it shows its help."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, `--help` among them."""
        return _convert_what_is_given(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show our own help page."""
        from . import help

        help.show(ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse; if a command is needed but missing, show the help and exit with 2."""
        if not (args or self.invoke_without_command or ctx.resilient_parsing):
            ctx.get_help()
            ctx.exit(Exit.ANSWERS)
        return super().parse_args(ctx, args)


class TrainCommand(XtguiCommand):
    """`train`, whose `--resume` needs no value, which Typer's options do not support."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, with "" for the checkpoint if `--resume` names none: the latest."""
        return super().parse_args(ctx, _with_value_for_resume(args))


def _with_value_for_resume(arguments: Sequence[str]) -> list[str]:
    ends_options = [*arguments, "--"].index("--")
    options = list(arguments[:ends_options])
    for at, argument in enumerate(options):
        is_alone = at + 1 == len(options) or options[at + 1].startswith("-")
        if argument == _RESUME and is_alone:
            options[at] = f"{_RESUME}="
    return [*options, *arguments[ends_options:]]


# --- the options of every command ------------------------------------------------------------


def _remember_root(context: typer.Context, value: Path | None) -> None:
    if value is not None:
        context.meta[_ROOT] = value


def _show_version(context: typer.Context, *, value: bool) -> None:
    if value and not context.resilient_parsing:
        typer.echo(f"xtgui {__version__}")
        context.exit()


def _common_options(
    *,
    root: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            expose_value=False,
            callback=_remember_root,
            help="cli.option.root",
            rich_help_panel=_COMMON,
        ),
    ] = None,
    lang: Annotated[
        Literal["en", "zh"] | None,
        typer.Option(
            metavar="en|zh", expose_value=False, help="cli.option.lang", rich_help_panel=_COMMON
        ),
    ] = None,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug", expose_value=False, help="cli.option.debug", rich_help_panel=_COMMON
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            expose_value=False,
            is_eager=True,
            callback=_show_version,
            help="cli.option.version",
            rich_help_panel=_COMMON,
        ),
    ] = False,
) -> None:
    """Declare the options that are valid before and after every command's name.

    `--lang` and `--debug` are read from the arguments before anything is parsed (see `entry.py`);
    here they are checked and explained.
    """


def finish(command: Any) -> None:
    """Add the common options to a command and its subcommands, and put texts for their keys."""
    carrier = typer.Typer(add_completion=False)
    carrier.command()(_common_options)
    _finish(command, typer.main.get_command(carrier).params)


def _finish(command: Any, common: Sequence[Any]) -> None:
    command.params = [*command.params, *common]
    for one in (command, *command.params):
        for name in ("help", "rich_help_panel"):
            key = getattr(one, name, None)
            if isinstance(key, str) and has(key):
                setattr(one, name, t(key))
    for child in getattr(command, "commands", {}).values():
        _finish(child, common)


# --- where a command works -------------------------------------------------------------------


def given_root(context: typer.Context) -> Path | None:
    """Return the folder that `--root` named, or None."""
    root: Path | None = context.meta.get(_ROOT)
    return None if root is None else root.expanduser()


def optional_root(context: typer.Context) -> Path | None:
    """Return the folder to work in, or None if neither `--root` nor a project names one."""
    return given_root(context) or find_project(Path.cwd())


def project_root(context: typer.Context, run: str | None = None) -> Path:
    """Return the folder to work in: `--root`, or the nearest one upwards that has a project.

    Args:
        context: The command's.
        run: The run of that project; None: the current one.

    Raises:
        XtguiError: "cli.root_missing", "cli.no_project", "runs.no_such_run", or "trust.foreign" if
            the project is somebody else's.
    """
    return _of_run(_root(context, of_anyone=False), run)


def trusted_root(context: typer.Context, *, trust: bool, run: str | None = None) -> Path:
    """Return the project's folder once the user has agreed that its files may be run."""
    root = _root(context, of_anyone=True)
    _require_trust(root, trust=trust)
    return _of_run(root, run)


def _of_run(root: Path, run: str | None) -> Path:
    if run is None:
        return root
    from ..project.known_runs import find_run

    return find_run(RunFolder(root), run).root


def root_for_config(context: typer.Context, config: Path, *, trust: bool) -> Path:
    """Return where a named config is trained, once the user has agreed that it may be run.

    The user's own config needs no project: then the run goes to the current folder.
    """
    from ..project import trust as consent
    from ..ui.console import is_interactive

    here = Path.cwd()
    is_outside = given_root(context) is None and find_project(here, of_anyone=True) is None
    root = here if is_outside else _root(context, of_anyone=True)
    is_new = not consent.holds_project(root)
    _require_trust(root, trust=trust)
    if config.is_file():
        if trust:
            consent.trust_config(config)
        consent.require_trusted_config(config, root, may_ask=is_interactive())
        if is_new:  # what is created there from now on is the user's own
            consent.trust(root)
    return root


def folder_to_trust(context: typer.Context, named: Path | None) -> Path:
    """Return the named folder, or the project's, whoever owns it.

    Raises:
        XtguiError: "cli.root_missing" if the folder does not exist.
    """
    if named is None:
        return _root(context, of_anyone=True)
    folder = named.expanduser()
    if not folder.is_dir():
        raise XtguiError("cli.root_missing", Exit.ANSWERS, path=folder)
    return folder.resolve()


def _require_trust(root: Path, *, trust: bool) -> None:
    from ..project import trust as consent
    from ..ui.console import is_interactive

    if trust:
        consent.trust(root)
    consent.require_trust(root, may_ask=is_interactive())


def _root(context: typer.Context, *, of_anyone: bool) -> Path:
    given = given_root(context)
    if given is not None:
        if not given.is_dir():
            raise XtguiError("cli.root_missing", Exit.ANSWERS, path=given)
        return given.resolve()
    return require_project(Path.cwd(), of_anyone=of_anyone)
