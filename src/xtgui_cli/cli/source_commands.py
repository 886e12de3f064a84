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

    return step.run("model", id, optional_root(context), source, endpoint, as_json)


@download.command("dataset", cls=XtguiCommand, help="cli.download_dataset")
def download_dataset(
    context: typer.Context,
    id: flags.HubId,
    source: flags.Source = None,
    endpoint: flags.Endpoint = None,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import download as step

    return step.run("dataset", id, optional_root(context), source, endpoint, as_json)


@check.command("model", cls=XtguiCommand, help="cli.check_model")
def check_model(path: flags.ModelPath, as_json: flags.Json = False) -> Exit:
    from ..commands import check_model as step

    return step.run(path, as_json)


@check.command("data", cls=XtguiCommand, help="cli.check_data")
def check_data(
    path: flags.DataPath,
    as_json: flags.Json = False,
    fix: flags.Fix = None,
) -> Exit:
    from ..commands import check_data as step

    return step.run(path, as_json, fix)


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

    wanted = step.Wanted(path, model, template, max_length, rows, row, cut)
    return step.run(given_root(context), wanted, as_json)


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

    return step.run(source, target, columns or [], as_json, dataset)


def models(words: flags.Words = None, as_json: flags.Json = False) -> Exit:
    from ..commands import catalogue as step

    return step.run_models(words or [], as_json)


def datasets(words: flags.Words = None, as_json: flags.Json = False) -> Exit:
    from ..commands import catalogue as step

    return step.run_datasets(words or [], as_json)


def templates(name: flags.TemplateName = None, as_json: flags.Json = False) -> Exit:
    from ..commands import templates as step

    return step.run(name, as_json)


def estimate(
    context: typer.Context,
    model: flags.EstimateModel = None,
    method: flags.EstimateMethod = None,
    sets: flags.Sets = None,
    gpu: flags.Gpu = None,
    as_json: flags.Json = False,
) -> Exit:
    from ..commands import estimate as step

    return step.run(given_root(context), model, method, sets or [], gpu, as_json)


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
