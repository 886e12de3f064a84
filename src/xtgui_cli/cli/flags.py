"""The flags of the commands: type, spelling, and the key of each one's text."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ..shared.generation_options import OPTIONS, GenerationOptions
from ..shared.methods import METHODS, MethodName

Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="cli.set")]
Yes = Annotated[bool, typer.Option("--yes", help="cli.yes")]
Json = Annotated[bool, typer.Option("--json", help="cli.json")]
Plain = Annotated[bool, typer.Option("--plain", help="cli.plain")]
Trust = Annotated[bool, typer.Option("--trust", help="cli.trust")]
Shell = Literal["bash", "zsh", "fish"]
InstallCompletion = Annotated[
    Shell | None,
    typer.Option("--install-completion", metavar="SHELL", help="cli.install_completion"),
]
ShowCompletion = Annotated[
    Shell | None, typer.Option("--show-completion", metavar="SHELL", help="cli.show_completion")
]
Answers = Annotated[Path | None, typer.Option("--answers", metavar="FILE.toml", help="cli.answers")]
NoTrain = Annotated[bool, typer.Option("--no-train", help="cli.no_train")]
Step = Annotated[int | None, typer.Option("--step", min=1, max=3, metavar="1|2|3", help="cli.step")]
Folder = Annotated[Path | None, typer.Argument(metavar="[DIR]")]
Config = Annotated[Path | None, typer.Argument(metavar="[CONFIG]")]
Resume = Annotated[str | None, typer.Option("--resume", metavar="[CHECKPOINT]", help="cli.resume")]
More = Annotated[int | None, typer.Option("--more", min=1, metavar="N", help="cli.more")]
Fresh = Annotated[bool, typer.Option("--fresh", help="cli.fresh")]
Now = Annotated[bool, typer.Option("--now", help="cli.now")]
Detach = Annotated[bool, typer.Option("--detach", help="cli.detach")]
NoDiskCheck = Annotated[bool, typer.Option("--no-disk-check", help="cli.no_disk_check")]
AcceptChanges = Annotated[bool, typer.Option("--accept-changes", help="cli.accept_changes")]
Checkpoint = Annotated[
    str | None,
    typer.Option("--checkpoint", metavar="iter_300", help="cli.results_checkpoint"),
]
Png = Annotated[Path | None, typer.Option("--png", metavar="FILE", help="cli.png")]
Epoch = Annotated[int | None, typer.Option("--epoch", min=1, metavar="N", help="cli.epoch")]
Iteration = Annotated[int | None, typer.Option("--iter", min=1, metavar="N", help="cli.iter")]
ChosenCheckpoint = Annotated[
    str | None,
    typer.Option("--checkpoint", metavar="recommended|latest|NAME", help="cli.checkpoint"),
]
Merge = Annotated[bool | None, typer.Option("--merge/--no-merge", help="cli.merge")]
Dtype = Annotated[
    Literal["float32", "float16", "bfloat16"] | None,
    typer.Option("--dtype", metavar="DTYPE", help="cli.dtype"),
]
BaseModel = Annotated[
    Path | None, typer.Option("--base-model", metavar="FOLDER", help="cli.base_model")
]
Base = Annotated[bool, typer.Option("--base", help="cli.base")]
Compare = Annotated[bool, typer.Option("--compare", help="cli.compare")]
Prompt = Annotated[str | None, typer.Option("--prompt", metavar="TEXT", help="cli.prompt")]
Prompts = Annotated[Path | None, typer.Option("--prompts", metavar="FILE", help="cli.prompts")]
System = Annotated[str | None, typer.Option("--system", metavar="TEXT", help="cli.system_text")]
Run = Annotated[str | None, typer.Option("--run", metavar="NAME", help="cli.run")]
RunNames = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")]
Lines = Annotated[int, typer.Option("--lines", "-n", min=1, metavar="N", help="cli.lines")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="cli.follow")]
Deep = Annotated[bool, typer.Option("--deep", help="cli.deep")]
Python = Annotated[Path | None, typer.Option("--python", metavar="PYTHON", help="cli.python")]
EngineStack = Annotated[
    Literal["modern", "classic"],
    typer.Option("--stack", metavar="modern|classic", help="cli.stack"),
]
Method = Annotated[
    MethodName,
    typer.Option("--method", metavar="|".join(METHODS), help="cli.method"),
]
EstimateModel = Annotated[
    str | None, typer.Option("--model", metavar="DIR|ID", help="cli.estimate_model")
]
EstimateMethod = Annotated[
    MethodName | None,
    typer.Option("--method", metavar="|".join(METHODS), help="cli.estimate_method"),
]
Gpu = Annotated[str | None, typer.Option("--gpu", metavar="NAME", help="cli.gpu")]
ModelPath = Annotated[Path, typer.Argument(metavar="MODEL")]
DataPath = Annotated[Path, typer.Argument(metavar="FILE")]
OptionalDataPath = Annotated[Path | None, typer.Argument(metavar="[FILE]")]
Target = Annotated[Path, typer.Argument(metavar="OUT.jsonl")]
TemplateName = Annotated[str | None, typer.Argument(metavar="[NAME]")]
KnownSet = Annotated[str | None, typer.Option("--dataset", metavar="NAME", help="cli.known_set")]
Words = Annotated[list[str] | None, typer.Argument(metavar="[WORDS]...")]
Fix = Annotated[Path | None, typer.Option("--fix", metavar="OUT.jsonl", help="cli.fix")]
PreviewModel = Annotated[Path | None, typer.Option("--model", metavar="DIR", help="cli.with_model")]
Template = Annotated[str | None, typer.Option("--template", metavar="NAME", help="cli.template")]
MaxLength = Annotated[int | None, typer.Option(min=1, metavar="N", help="cli.max_length")]
Rows = Annotated[int, typer.Option("--rows", min=1, metavar="N", help="cli.rows")]
Row = Annotated[int | None, typer.Option("--row", min=1, metavar="N", help="cli.row")]
Cut = Annotated[bool, typer.Option("--cut", help="cli.cut")]
Columns = Annotated[
    list[str] | None, typer.Option("--column", metavar="ROLE=COLUMN", help="cli.column")
]
HubId = Annotated[str, typer.Argument(metavar="ID")]
Source = Annotated[
    Literal["huggingface", "modelscope"] | None,
    typer.Option("--source", metavar="huggingface|modelscope", help="cli.source"),
]
Endpoint = Annotated[str | None, typer.Option("--endpoint", metavar="URL", help="cli.endpoint")]


def with_generation_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Replace a command's parameter `generation` by one flag for each generation option."""

    @functools.wraps(command)
    def run(**given: Any) -> Any:
        chosen = {name: option.checked(given.pop(name)) for name, option in OPTIONS.items()}
        return command(**given, generation=GenerationOptions(**chosen))

    signature = inspect.signature(command, eval_str=True)
    parameters = list(_with_generation_parameters(signature))
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def _with_generation_parameters(signature: inspect.Signature) -> Iterator[inspect.Parameter]:
    for parameter in signature.parameters.values():
        if parameter.name != "generation":
            yield parameter
            continue
        for name, option in OPTIONS.items():
            flag = typer.Option(
                min=option.low, max=option.high, metavar=option.metavar, help=f"cli.{name}"
            )
            yield parameter.replace(
                name=name, default=option.default, annotation=Annotated[option.kind, flag]
            )
