"""The commands: each parses its flags and calls one step, which is imported only then.

Help texts are declared as keys of `texts/` and put into words when the command line is built.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import click
import typer

from ..shared.errors import Exit, XtguiError
from . import flags, source_commands
from .command_line import (
    XtguiCommand,
    XtguiGroup,
    explain_usage_error,
    given_root,
    optional_root,
    project_root,
    speak,
    translate,
)

STEPS, RUN, MACHINE = "cli.panel.steps", "cli.panel.run", "cli.panel.machine"
SOURCES = "cli.panel.sources"

_RESUME = "xtgui.resume"

app = typer.Typer(
    cls=XtguiGroup,
    help="cli.about",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    suggest_commands=False,
)


def _remember_resume(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    context.meta[_RESUME] = value


class TrainCommand(XtguiCommand):
    """`train`, whose `--resume` may stand alone: click knows that, Typer's own options do not."""

    def __init__(self, *arguments: Any, params: list[click.Parameter], **rest: Any) -> None:
        resume = click.Option(
            ["--resume"],
            is_flag=False,
            flag_value="",
            default=None,
            metavar="[CHECKPOINT]",
            expose_value=False,
            callback=_remember_resume,
            help="cli.resume",
        )
        config, *flags = params
        # click 8.5 has help texts for arguments and resets the one that Typer 0.25 has just set.
        setattr(config, "help", "cli.config")  # noqa: B010 (click 8.1 declares no such attribute)
        super().__init__(*arguments, params=[config, resume, *flags], **rest)


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit code.

    Raises — XtguiError "cli.usage" for a command line that click refuses.
    """
    speak()
    command = typer.main.get_command(app)
    translate(command)
    if not isinstance(command, click.Group):
        raise TypeError("a Typer app with several commands is a group")
    _prepare_completion()
    try:
        code = command.main(arguments, prog_name="xtgui", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError:
        return int(Exit.ANSWERS)  # making the error has drawn the help
    except click.ClickException as error:
        raise explain_usage_error(error) from None
    except click.Abort:
        raise KeyboardInterrupt from None
    if code == Exit.INTERRUPTED and code is not Exit.INTERRUPTED:
        raise KeyboardInterrupt  # click made a bare 130 of it; a step's own 130 has been explained
    return int(code or 0)


def _prepare_completion() -> None:
    if "_XTGUI_COMPLETE" in os.environ:
        from typer._completion_classes import completion_init

        completion_init()


def _trusted_root(context: typer.Context, *, trust: bool) -> Path:
    """Give the project's folder once the user has said that its files may be run."""
    from ..project import trust as step
    from ..ui.console import is_interactive

    root = project_root(context)
    if trust:
        step.trust(root)
    step.require_trust(root, may_ask=is_interactive())
    return root


@app.callback(help="cli.about")
def overview(
    context: typer.Context,
    as_json: flags.Json = False,
    install_completion: flags.InstallCompletion = None,
    show_completion: flags.ShowCompletion = None,
) -> Exit:
    from . import completion

    if show_completion:
        return completion.show(show_completion)
    if install_completion:
        return completion.install(install_completion)
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from ..commands import overview as step

    return step.run(step.OverviewRequest(root=optional_root(context), as_json=as_json))


@app.command(cls=XtguiCommand, help="cli.init", rich_help_panel=STEPS)
def init(
    context: typer.Context,
    answers: flags.Answers = None,
    sets: flags.Sets = None,
    yes: flags.Yes = False,
    no_train: flags.NoTrain = False,
    step: flags.Step = None,
    trust: flags.Trust = False,
) -> Exit:
    from ..wizard import init as command

    return command.run(
        command.InitRequest(
            root=given_root(context),
            answers_file=answers,
            sets=sets or [],
            yes=yes,
            no_train=no_train,
            step=step,
            trust=trust,
        )
    )


@app.command(cls=TrainCommand, help="cli.train", rich_help_panel=STEPS)
def train(
    context: typer.Context,
    config: flags.Config = None,
    fresh: flags.Fresh = False,
    detach: flags.Detach = False,
    sets: flags.Sets = None,
    plain: flags.Plain = False,
    yes: flags.Yes = False,
    no_disk_check: flags.NoDiskCheck = False,
    trust: flags.Trust = False,
) -> Exit:
    resume: str | None = context.meta.get(_RESUME)
    if resume is not None and fresh:
        raise XtguiError("cli.contradiction", Exit.ANSWERS, flags="--resume, --fresh")
    from ..commands import train as step

    if config is not None and optional_root(context) is None:
        root = Path.cwd()  # a config of one's own needs no project: the run goes where one stands
    else:
        root = _trusted_root(context, trust=trust)
    return step.run(
        step.TrainRequest(
            root=root,
            config=config,
            resume=resume,
            fresh=fresh,
            detach=detach,
            sets=sets or [],
            plain=plain,
            yes=yes,
            checks_disk=not no_disk_check,
        )
    )


@app.command(cls=XtguiCommand, help="cli.results", rich_help_panel=STEPS)
def results(
    context: typer.Context,
    checkpoint: flags.Checkpoint = None,
    png: flags.Png = None,
    as_json: flags.Json = False,
) -> Exit:
    for other in ({"--checkpoint": checkpoint}, {"--json": as_json}):
        _at_most_one({**other, "--png": png})
    from ..commands import results as step

    root = project_root(context)
    return step.run(step.ResultsRequest(root=root, checkpoint=checkpoint, as_json=as_json, png=png))


@app.command(cls=XtguiCommand, help="cli.convert", rich_help_panel=STEPS)
def convert(
    context: typer.Context,
    epoch: flags.Epoch = None,
    iteration: flags.Iteration = None,
    checkpoint: flags.ConvertCheckpoint = None,
    merge: flags.Merge = None,
    dtype: flags.Dtype = None,
    trust: flags.Trust = False,
) -> Exit:
    chosen = {"--epoch": epoch, "--iter": iteration, "--checkpoint": checkpoint}
    _at_most_one(chosen)
    from ..commands import convert as step

    return step.run(
        step.ConvertRequest(
            root=_trusted_root(context, trust=trust),
            epoch=epoch,
            iteration=iteration,
            checkpoint=checkpoint,
            merge=merge,
            dtype=dtype,
        )
    )


def _at_most_one(flags: Mapping[str, object]) -> None:
    given = [name for name, value in flags.items() if value]
    if len(given) > 1:
        raise XtguiError("cli.contradiction", Exit.ANSWERS, flags=", ".join(given))


@app.command(cls=XtguiCommand, help="cli.chat", rich_help_panel=STEPS)
def chat(
    context: typer.Context,
    base: flags.Base = False,
    compare: flags.Compare = False,
    prompt: flags.Prompt = None,
    prompts: flags.Prompts = None,
    as_json: flags.Json = False,
    max_new_tokens: flags.MaxNewTokens = 512,
    temperature: flags.Temperature = 0.1,
    top_k: flags.TopK = 40,
    top_p: flags.TopP = 0.75,
    num_beams: flags.NumBeams = 1,
    repetition_penalty: flags.RepetitionPenalty = 1.0,
    seed: flags.Seed = 0,
    system: flags.System = None,
    trust: flags.Trust = False,
) -> Exit:
    _at_most_one({"--base": base, "--compare": compare})
    _at_most_one({"--prompt": prompt is not None, "--prompts": prompts})
    from ..commands import chat as step

    options = step.ChatOptions(
        max_new_tokens=max_new_tokens,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        num_beams=num_beams,
        repetition_penalty=repetition_penalty,
        seed=seed,
        system=system,
    )
    mode: Literal["tuned", "base", "compare"] = (
        "base" if base else "compare" if compare else "tuned"
    )
    return step.run(
        step.ChatRequest(
            root=_trusted_root(context, trust=trust),
            mode=mode,
            prompt=prompt,
            prompts=prompts,
            as_json=as_json,
            options=options,
        )
    )


source_commands.add_to(app, SOURCES)


@app.command(cls=XtguiCommand, help="cli.attach", rich_help_panel=RUN)
def attach(context: typer.Context, plain: flags.Plain = False) -> Exit:
    from ..commands import attach as step

    return step.run(step.AttachRequest(root=project_root(context), plain=plain))


@app.command(cls=XtguiCommand, help="cli.status", rich_help_panel=RUN)
def status(context: typer.Context, as_json: flags.Json = False) -> Exit:
    from ..commands import status as step

    return step.run(step.StatusRequest(root=project_root(context), as_json=as_json))


@app.command(cls=XtguiCommand, help="cli.logs", rich_help_panel=RUN)
def logs(
    context: typer.Context,
    lines: flags.Lines = 20,
    follow: flags.Follow = False,
) -> Exit:
    from ..commands import logs as step

    return step.run(step.LogsRequest(root=project_root(context), lines=lines, follow=follow))


@app.command(cls=XtguiCommand, help="cli.stop", rich_help_panel=RUN)
def stop(context: typer.Context) -> Exit:
    from ..commands import stop as step

    return step.run(step.StopRequest(root=project_root(context)))


@app.command(cls=XtguiCommand, help="cli.setup", rich_help_panel=MACHINE)
def setup(
    python: flags.Python = None,
) -> Exit:
    from ..commands import setup as step

    return step.run(step.SetupRequest(python=python))


@app.command(cls=XtguiCommand, help="cli.demo", rich_help_panel=MACHINE)
def demo(
    context: typer.Context,
    method: flags.Method = "lora",
    yes: flags.Yes = False,
    as_json: flags.Json = False,
) -> Exit:
    from ..wizard import demo as step

    root = given_root(context) or Path(step.DEFAULT_FOLDER)
    return step.run(step.DemoRequest(root=root, method=method, yes=yes, as_json=as_json))
