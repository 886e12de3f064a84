"""The help page of a command, drawn by ourselves and in the user's language."""

from __future__ import annotations

from typing import Any

from ..texts import has, t
from ..ui.help import Section, show_help


def show(context: Any) -> None:
    """Print the help of the command of *context* (Typer's)."""
    command = context.command
    usage = " ".join([context.command_path, t("cli.usage_options"), *_usage_pieces(command)])
    sections = [*_command_sections(command), *_option_sections(context)]
    show_help(usage, command.help or "", sections)


def _usage_pieces(command: Any) -> list[str]:
    if not hasattr(command, "commands"):
        return [param.metavar for param in command.params if param.param_type_name == "argument"]
    is_optional = command.invoke_without_command
    return [t("cli.usage_optional_command" if is_optional else "cli.usage_command")]


def _command_sections(command: Any) -> list[Section]:
    panels: dict[str, list[tuple[str, str]]] = {}
    for name, child in getattr(command, "commands", {}).items():
        panel = getattr(child, "rich_help_panel", None)
        title = panel if isinstance(panel, str) else t("cli.panel.commands")
        panels.setdefault(title, []).append((name, (child.help or "").partition("\n")[0]))
    return [Section(title, rows) for title, rows in panels.items()]


def _option_sections(context: Any) -> list[Section]:
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    for param in context.command.get_params(context):
        if param.param_type_name == "argument":
            key = f"cli.argument.{param.name}"
            if has(key):  # otherwise the usage line says everything
                own.append((param.metavar, t(key)))
        elif param.opts[0] == "--help":
            common.append(("--help", t("cli.option.help")))
        elif getattr(param, "rich_help_panel", None):
            common.append(_option_row(param))
        else:
            own.append(_option_row(param))
    sections = [Section(t("cli.panel.options"), own), Section(t("cli.panel.common"), common)]
    return [section for section in sections if section.rows]


def _option_row(option: Any) -> tuple[str, str]:
    names = ", ".join((*option.opts, *option.secondary_opts))
    if option.is_flag:
        return names, option.help
    has_default = isinstance(option.default, (int, float, str)) and option.default != ""
    text = option.help
    if has_default and not option.multiple:
        text = t("cli.with_default", text=text, default=option.default)
    return f"{names} {option.metavar}", text
