"""The commands about models and data, from where they come to how a model sees them."""

from __future__ import annotations

import typer

from ..shared.errors import Exit, XtguiError
from . import flags
from .command_line import XtguiCommand, XtguiGroup, given_root, optional_root

download = typer.Typer(cls=XtguiGroup, help="cli.download", no_args_is_help=True)
check = typer.Typer(cls=XtguiGroup, help="cli.check", no_args_is_help=True)
data = typer.Typer(cls=XtguiGroup, help="cli.data", no_args_is_help=True)


@download.command("model", cls=XtguiCommand, help="cli.download_model")
def download_model(
    context: typer.Context,
    id: flags.HubId,
    source: flags.Source = None,
    endpoint: flags.Endpoint = None,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import download as step

    return step.run(
        step.DownloadRequest(
            kind="model",
            id=id,
            root=optional_root(context),
            source=source,
            endpoint=endpoint,
            as_json=as_json,
        )
    )


@download.command("dataset", cls=XtguiCommand, help="cli.download_dataset")
def download_dataset(
    context: typer.Context,
    id: flags.HubId,
    source: flags.Source = None,
    endpoint: flags.Endpoint = None,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import download as step

    return step.run(
        step.DownloadRequest(
            kind="dataset",
            id=id,
            root=optional_root(context),
            source=source,
            endpoint=endpoint,
            as_json=as_json,
        )
    )


@check.command("model", cls=XtguiCommand, help="cli.check_model")
def check_model(path: flags.ModelPath, as_json: flags.Json = False) -> Exit:
    from ..commands import check_model as step

    return step.run(step.CheckModelRequest(path=path, as_json=as_json))


@check.command("data", cls=XtguiCommand, help="cli.check_data")
def check_data(
    path: flags.DataPath,
    as_json: flags.Json = False,
    fix: flags.Fix = None,
) -> Exit:
    from ..commands import check_data as step

    return step.run(step.CheckDataRequest(path=path, as_json=as_json, fix=fix))


@data.command("preview", cls=XtguiCommand, help="cli.data_preview")
def preview(
    context: typer.Context,
    path: flags.OptionalDataPath = None,
    model: flags.PreviewModel = None,
    template: flags.Template = None,
    max_length: flags.MaxLength = None,
    rows: flags.Rows = 3,
    row: flags.Row = None,
    cut: flags.Cut = False,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import data_preview as step

    return step.run(
        step.PreviewRequest(
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
    columns: flags.Columns = None,
    dataset: flags.KnownSet = None,
    as_json: flags.Json = False,
) -> Exit:
    if columns and dataset is not None:
        raise XtguiError("cli.contradiction", Exit.ANSWERS, flags="--column, --dataset")
    from ..commands import data_convert as step

    return step.run(
        step.DataConvertRequest(
            source=source,
            target=target,
            columns=columns or [],
            dataset=dataset,
            as_json=as_json,
        )
    )


def models(words: flags.Words = None, as_json: flags.Json = False) -> Exit:
    from ..commands import catalogue as step

    return step.run_models(step.CatalogueRequest(words=words or [], as_json=as_json))


def datasets(words: flags.Words = None, as_json: flags.Json = False) -> Exit:
    from ..commands import catalogue as step

    return step.run_datasets(step.CatalogueRequest(words=words or [], as_json=as_json))


def templates(name: flags.TemplateName = None, as_json: flags.Json = False) -> Exit:
    from ..commands import templates as step

    return step.run(step.TemplatesRequest(name=name, as_json=as_json))


def estimate(
    context: typer.Context,
    model: flags.EstimateModel = None,
    method: flags.EstimateMethod = None,
    sets: flags.Sets = None,
    gpu: flags.Gpu = None,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import estimate as step

    return step.run(
        step.EstimateRequest(
            root=given_root(context),
            model=model,
            method=method,
            sets=sets or [],
            gpu=gpu,
            as_json=as_json,
        )
    )


def add_to(app: typer.Typer, panel: str) -> None:
    """Put these commands among those of *app*, under one heading of its help."""
    app.add_typer(download, name="download", rich_help_panel=panel)
    app.add_typer(check, name="check", rich_help_panel=panel)
    app.add_typer(data, name="data", rich_help_panel=panel)
    app.command("models", cls=XtguiCommand, help="cli.models", rich_help_panel=panel)(models)
    app.command("datasets", cls=XtguiCommand, help="cli.datasets", rich_help_panel=panel)(datasets)
    app.command("templates", cls=XtguiCommand, help="cli.templates", rich_help_panel=panel)(
        templates
    )
    app.command("estimate", cls=XtguiCommand, help="cli.estimate", rich_help_panel=panel)(estimate)
