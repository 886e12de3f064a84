"""How commands are parsed and explained: options that every command has, help, click's words."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from typer.core import TyperCommand, TyperGroup

from .. import __version__
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import find_root
from ..texts import LANGUAGES, has, t

_ROOT = "xtgui.root"
_WORDS_OF = ("core", "decorators", "exceptions", "formatting", "parser", "types")


def word_of_click(message: str) -> str:
    """Give one of click's own sentences in our words; one that we do not know stays as it is."""
    return t(f"click.{message}") if has(f"click.{message}") else message


def speak(click_modules: Sequence[str] = _WORDS_OF) -> None:
    """Give click's own messages our words: each of its modules calls gettext by the name `_`."""

    def some(singular: str, plural: str, count: int) -> str:
        return word_of_click(singular if count == 1 else plural)

    for name in click_modules:
        module = importlib.import_module(f"click.{name}")
        for word, function in (("_", word_of_click), ("ngettext", some)):
            if hasattr(module, word):
                setattr(module, word, function)


def _remember_root(context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.meta[_ROOT] = value


def _show_version(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(f"xtgui {__version__}")
        context.exit()


def common_options() -> list[click.Parameter]:
    """Give the options that stand before and after every command's name.

    `--lang` and `--debug` are read from the arguments before anything is parsed (see `cli.py`);
    here they are checked and explained.
    """
    return [
        click.Option(
            ["--root"],
            type=click.Path(path_type=Path),
            metavar="DIR",
            expose_value=False,
            callback=_remember_root,
            help="cli.option.root",
        ),
        click.Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            metavar="|".join(LANGUAGES),
            expose_value=False,
            help="cli.option.lang",
        ),
        click.Option(["--debug"], is_flag=True, expose_value=False, help="cli.option.debug"),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="cli.option.version",
        ),
    ]


def given_root(context: click.Context) -> Path | None:
    """Give the folder that `--root` named, or None."""
    root: Path | None = context.meta.get(_ROOT)
    return None if root is None else root.expanduser()


def project_root(context: click.Context) -> Path:
    """Give the folder to work in: `--root`, or the nearest one upwards that has a project.

    Raises — XtguiError "cli.root_missing" or "cli.no_project".
    """
    given = given_root(context)
    if given is not None:
        if not given.is_dir():
            raise XtguiError("cli.root_missing", Exit.ANSWERS, path=given)
        return given.resolve()
    found = find_root(Path.cwd())
    if found is None:
        raise XtguiError("cli.no_project", Exit.ANSWERS, path=Path.cwd())
    return found


def optional_root(context: click.Context) -> Path | None:
    """Give the folder to work in, or None where neither `--root` nor a project names one."""
    return given_root(context) or find_root(Path.cwd())


class _Explained:
    """Draws a command's help in our own way, in the user's language."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from ..ui.help import Section, show_help

        command = ctx.command
        sections = [Section(*entry) for entry in (*_command_rows(ctx), *_option_rows(ctx))]
        pieces = (word_of_click(piece) for piece in command.collect_usage_pieces(ctx))
        usage = " ".join([ctx.command_path, *pieces])
        show_help(usage, command.help or "", sections)


class XtguiCommand(_Explained, TyperCommand):
    """A command that also takes the common options."""

    def __init__(self, *arguments: Any, params: list[click.Parameter], **rest: Any) -> None:
        super().__init__(*arguments, params=[*params, *common_options()], **rest)


class XtguiGroup(_Explained, TyperGroup):
    """`xtgui` itself, which takes the common options before a command's name."""

    def __init__(self, *arguments: Any, params: list[click.Parameter], **rest: Any) -> None:
        super().__init__(*arguments, params=[*params, *common_options()], **rest)


def _command_rows(ctx: click.Context) -> list[tuple[str, list[tuple[str, str]]]]:
    command = ctx.command
    if not isinstance(command, click.Group):
        return []
    panels: dict[str, list[tuple[str, str]]] = {}
    for name in command.list_commands(ctx):
        child = command.get_command(ctx, name)
        if child is not None and not child.hidden:
            panel = str(getattr(child, "rich_help_panel", None) or t("cli.panel.commands"))
            panels.setdefault(panel, []).append((name, (child.help or "").partition("\n")[0]))
    return list(panels.items())


def _option_rows(ctx: click.Context) -> list[tuple[str, list[tuple[str, str]]]]:
    common = {option.opts[0] for option in common_options()} | {"--help"}
    own: list[tuple[str, str]] = []
    shared: list[tuple[str, str]] = []
    for param in ctx.command.get_params(ctx):
        if getattr(param, "hidden", False):
            continue
        text = _with_default(str(getattr(param, "help", None) or ""), param)
        names = _names(param, ctx)
        if isinstance(param, click.Argument) and not text:
            continue  # the usage line says it all
        (shared if param.opts[0] in common else own).append((names, text))
    sections = [(t("cli.panel.options"), own), (t("cli.panel.common"), shared)]
    return [(title, rows) for title, rows in sections if rows]


def _with_default(text: str, param: click.Parameter) -> str:
    """Add the default to a help text, where the option takes a value and has one."""
    if not isinstance(param, click.Option) or param.is_flag or param.multiple:
        return text
    if not isinstance(param.default, (int, float, str)) or param.default == "":
        return text
    return t("cli.with_default", text=text, default=param.default)


def _names(param: click.Parameter, ctx: click.Context) -> str:
    if isinstance(param, click.Argument):
        return param.make_metavar(ctx)
    names = ", ".join((*param.opts, *param.secondary_opts))
    if not isinstance(param, click.Option) or param.is_flag or param.count:
        return names
    metavar = param.metavar or param.make_metavar(ctx)
    return f"{names} {metavar}"


def translate(command: click.Command, translator: Callable[[str], str] = t) -> None:
    """Put texts in place of the text keys that help, panels and options were declared with."""

    def word(key: str | None) -> str | None:
        return translator(key) if key and has(key) else key

    command.help = word(command.help)
    if hasattr(command, "rich_help_panel"):
        command.rich_help_panel = word(command.rich_help_panel)
    for param in command.params:
        if hasattr(param, "help"):
            param.help = word(param.help)
    for child in getattr(command, "commands", {}).values():
        translate(child, translator)


def explain_usage_error(error: click.ClickException) -> XtguiError:
    """Give what click found wrong with the command line as one of our own errors."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "xtgui"
    message = re.sub(r"'(--?[\w-]+)'", r"\1", error.format_message())
    return XtguiError("cli.usage", Exit.ANSWERS, message=message, command=f"{command} --help")
