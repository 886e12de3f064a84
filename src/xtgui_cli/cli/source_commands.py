"""The commands about models and data, from their source to their tokens."""

from __future__ import annotations

from functools import partial

import typer

from ..shared.errors import Exit, XtguiError
from . import flags
from .command_line import XtguiCommand, XtguiGroup, given_root, optional_root

app = typer.Typer()
download = typer.Typer(cls=XtguiGroup, help="cli.download")
check = typer.Typer(cls=XtguiGroup, help="cli.check")
data = typer.Typer(cls=XtguiGroup, help="cli.data")
_PANEL = "cli.panel.sources"
for group, name in ((download, "download"), (check, "check"), (data, "data")):
    app.add_typer(group, name=name, rich_help_panel=_PANEL)
_command = partial(app.command, cls=XtguiCommand, rich_help_panel=_PANEL)


@_command(help="cli.models")
def models(words: flags.Words = None, *, as_json: flags.Json = False) -> Exit:
    from ..commands import catalogue as command

    return command.run_models(command.CatalogueRequest(words=words or (), as_json=as_json))


@_command(help="cli.datasets")
def datasets(words: flags.Words = None, *, as_json: flags.Json = False) -> Exit:
    from ..commands import catalogue as command

    return command.run_datasets(command.CatalogueRequest(words=words or (), as_json=as_json))


@_command(help="cli.templates")
def templates(name: flags.TemplateName = None, *, as_json: flags.Json = False) -> Exit:
    from ..commands import templates as command

    return command.run(command.TemplatesRequest(name=name, as_json=as_json))


@_command(help="cli.estimate")
def estimate(
    context: typer.Context,
    *,
    model: flags.EstimateModel = None,
    method: flags.EstimateMethod = None,
    sets: flags.Sets = None,
    gpu: flags.Gpu = None,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import estimate as command

    return command.run(
        command.EstimateRequest(
            root=given_root(context),
            model=model,
            method=method,
            sets=sets or (),
            gpu=gpu,
            as_json=as_json,
        )
    )


@download.command("model", cls=XtguiCommand, help="cli.download_model")
def download_model(
    context: typer.Context,
    *,
    id: flags.HubId,
    source: flags.Source = None,
    endpoint: flags.Endpoint = None,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import download as command

    root = optional_root(context)
    return command.run(
        command.DownloadRequest(
            kind="model", id=id, root=root, source=source, endpoint=endpoint, as_json=as_json
        )
    )


@download.command("dataset", cls=XtguiCommand, help="cli.download_dataset")
def download_dataset(
    context: typer.Context,
    *,
    id: flags.HubId,
    source: flags.Source = None,
    endpoint: flags.Endpoint = None,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import download as command

    root = optional_root(context)
    return command.run(
        command.DownloadRequest(
            kind="dataset", id=id, root=root, source=source, endpoint=endpoint, as_json=as_json
        )
    )


@check.command("model", cls=XtguiCommand, help="cli.check_model")
def check_model(path: flags.ModelPath, *, as_json: flags.Json = False) -> Exit:
    from ..commands import check_model as command

    return command.run(command.CheckModelRequest(path=path, as_json=as_json))


@check.command("data", cls=XtguiCommand, help="cli.check_data")
def check_data(path: flags.DataPath, *, as_json: flags.Json = False, fix: flags.Fix = None) -> Exit:
    from ..commands import check_data as command

    return command.run(command.CheckDataRequest(path=path, as_json=as_json, fix=fix))


@data.command("preview", cls=XtguiCommand, help="cli.data_preview")
def preview(
    context: typer.Context,
    *,
    path: flags.OptionalDataPath = None,
    model: flags.PreviewModel = None,
    template: flags.Template = None,
    max_length: flags.MaxLength = None,
    rows: flags.Rows = 3,
    row: flags.Row = None,
    cut: flags.Cut = False,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import data_preview as command

    return command.run(
        command.PreviewRequest(
            root=given_root(context),
            path=path,
            model=model,
            template=template,
            max_length=max_length,
            rows=rows,
            row=row,
            cut=cut,
            as_json=as_json,
        )
    )


@data.command("convert", cls=XtguiCommand, help="cli.data_convert")
def convert(
    source: flags.DataPath,
    target: flags.Target,
    *,
    columns: flags.Columns = None,
    dataset: flags.KnownSet = None,
    as_json: flags.Json = False,
) -> Exit:
    if columns and dataset is not None:
        raise XtguiError("cli.contradiction", Exit.ANSWERS, flags="--column, --dataset")
    from ..commands import data_convert as command

    return command.run(
        command.DataConvertRequest(
            source=source,
            target=target,
            columns=columns or (),
            dataset=dataset,
            as_json=as_json,
        )
    )
