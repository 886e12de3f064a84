"""The six steps on the command line: init, train, results, convert, chat.

Each function in the files of commands turns flags into a command's request; the command is imported
only then. Help texts are declared as keys of `texts/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import typer

from ..shared.errors import Exit, XtguiError
from ..shared.generation_options import GenerationOptions
from . import flags
from .command_line import (
    TrainCommand,
    XtguiCommand,
    given_root,
    project_root,
    root_for_config,
    trusted_root,
)

app = typer.Typer()
_command = partial(app.command, rich_help_panel="cli.panel.steps")


@_command(cls=XtguiCommand, help="cli.init")
def init(
    context: typer.Context,
    *,
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
            sets=sets or (),
            yes=yes,
            no_train=no_train,
            step=step,
            trust=trust,
        )
    )


@_command(cls=TrainCommand, help="cli.train")
def train(
    context: typer.Context,
    *,
    config: flags.Config = None,
    resume: flags.Resume = None,
    more: flags.More = None,
    fresh: flags.Fresh = False,
    detach: flags.Detach = False,
    sets: flags.Sets = None,
    plain: flags.Plain = False,
    yes: flags.Yes = False,
    accept_changes: flags.AcceptChanges = False,
    no_disk_check: flags.NoDiskCheck = False,
    trust: flags.Trust = False,
) -> Exit:
    _at_most_one({"--resume": resume is not None, "--more": more, "--fresh": fresh})
    from ..commands import train as command

    if config is not None:
        root = root_for_config(context, config, trust=trust)
    else:
        root = trusted_root(context, trust=trust)
    return command.run(
        command.TrainRequest(
            root=root,
            config=config,
            resume=resume,
            more=more,
            fresh=fresh,
            detach=detach,
            sets=sets or (),
            plain=plain,
            yes=yes,
            accepts_changes=accept_changes,
            checks_disk=not no_disk_check,
        )
    )


@_command(cls=XtguiCommand, help="cli.results")
def results(
    context: typer.Context,
    *,
    checkpoint: flags.Checkpoint = None,
    png: flags.Png = None,
    run: flags.Run = None,
    as_json: flags.Json = False,
) -> Exit:
    _at_most_one({"--checkpoint": checkpoint, "--png": png})
    _at_most_one({"--json": as_json, "--png": png})
    from ..commands import results as command

    root = project_root(context, run)
    return command.run(
        command.ResultsRequest(root=root, checkpoint=checkpoint, as_json=as_json, png=png)
    )


@_command(cls=XtguiCommand, help="cli.convert")
def convert(
    context: typer.Context,
    *,
    epoch: flags.Epoch = None,
    iteration: flags.Iteration = None,
    checkpoint: flags.ChosenCheckpoint = None,
    merge: flags.Merge = None,
    dtype: flags.Dtype = None,
    base_model: flags.BaseModel = None,
    run: flags.Run = None,
    trust: flags.Trust = False,
) -> Exit:
    _at_most_one({"--epoch": epoch, "--iter": iteration, "--checkpoint": checkpoint})
    from ..commands import convert as command

    return command.run(
        command.ConvertRequest(
            root=trusted_root(context, trust=trust, run=run),
            epoch=epoch,
            iteration=iteration,
            checkpoint=checkpoint,
            merge=merge,
            dtype=dtype,
            base_model=base_model,
        )
    )


@_command(cls=XtguiCommand, help="cli.chat")
@flags.with_generation_flags
def chat(
    context: typer.Context,
    *,
    base: flags.Base = False,
    compare: flags.Compare = False,
    checkpoint: flags.ChosenCheckpoint = None,
    run: flags.Run = None,
    prompt: flags.Prompt = None,
    prompts: flags.Prompts = None,
    as_json: flags.Json = False,
    generation: GenerationOptions,
    system: flags.System = None,
    trust: flags.Trust = False,
) -> Exit:
    _at_most_one({"--base": base, "--compare": compare})
    _at_most_one({"--base": base, "--checkpoint": checkpoint is not None})
    _at_most_one({"--prompt": prompt is not None, "--prompts": prompts})
    from ..commands import chat as command

    return command.run(
        command.ChatRequest(
            root=trusted_root(context, trust=trust, run=run),
            mode="base" if base else "compare" if compare else "tuned",
            checkpoint=checkpoint,
            prompt=prompt,
            prompts=prompts,
            as_json=as_json,
            generation=generation,
            system=system,
        )
    )


def _at_most_one(flags: Mapping[str, object]) -> None:
    given = [name for name, value in flags.items() if value]
    if len(given) > 1:
        raise XtguiError("cli.contradiction", Exit.ANSWERS, flags=", ".join(given))
