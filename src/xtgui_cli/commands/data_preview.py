"""`xtgui data preview`: rows as the model sees them, then the figures of the whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from ..data.errors import DataChangedError
from ..data.measure import measure_rows
from ..data.messages import Messages, read_messages
from ..data.row_faults import is_plain_text
from ..data.row_files import decode_row, open_row_file
from ..data.survey import Survey, survey_rows, with_place_for_system
from ..data.token_runs import TokenRow
from ..planning import machine
from ..planning.plan import Plan, make_plan
from ..project.import_data import as_messages, template_for
from ..project.nearest_project import find_project
from ..project.preview_context import PreviewContext, open_preview
from ..project.row_choice import RowContext, choose_rows
from ..project.written_config import read_layers
from ..settings.layers import Layers
from ..settings.table import Settings
from ..settings.values import require_valid
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..ui.json_output import print_json
from .preview_report import advise, to_json


@dataclass(frozen=True, kw_only=True)
class PreviewRequest:
    """Which rows to show, and how; None if the project decides."""

    root: Path | None = None
    """The project's folder; None: the nearest one upwards, or none at all."""
    path: Path | None = None
    """The data file."""
    model: Path | None = None
    """The model folder."""
    template: str | None = None
    """The name of the prompt template."""
    max_length: int | None = None
    """Where rows are cut, in tokens."""
    rows: int = 3
    """How many rows are shown."""
    row: int | None = None
    """Show only this one."""
    cut: bool = False
    """Show only rows that are cut at max_length."""
    as_json: bool = False
    """Print one JSON object."""

    @property
    def only_cut(self) -> bool:
        """Whether to show only cut rows; a row that is named is always shown."""
        return self.cut and self.row is None


def run(request: PreviewRequest) -> Exit:
    """Show the rows at once, then count the file and show its figures."""
    root = _root(request.root)
    layers = _layers(root, request)
    settings = layers.to_plan()
    _require_sources(settings)
    with (
        as_messages(Path(str(settings.data.path))) as data,
        open_preview(root, _with_data(layers, data)) as context,
    ):
        if request.as_json:
            _print_json(context, request)
        else:
            _show(context, request)
    return Exit.DONE


def _show(context: PreviewContext, request: PreviewRequest) -> None:
    from ..ui import preview_figures, preview_rows
    from ..ui.preview_progress import Counting

    encoder = context.encoder
    rows = _first_rows(context, request)
    first = next(rows, None)  # faults of the file are reported before anything is shown
    preview_rows.show_head(
        data=context.data.name,
        model=context.model.name,
        template=encoder.template.name,
        max_length=encoder.max_length,
    )
    for row in chain([first] if first else [], rows):
        preview_rows.show_row(row, in_full=request.row is not None)
    left = request.rows

    def show_cut(row: TokenRow) -> bool:
        nonlocal left
        left -= 1
        with counting.paused():
            preview_rows.show_row(row, in_full=False)
        return left > 0

    with Counting() as counting:
        survey = _survey(context, show_cut if request.only_cut else None, counting.update)
    if request.only_cut:
        preview_rows.show_cut_rows_end(survey.cut_rows, request.rows, encoder.max_length)
    plan = _plan(context, survey)
    figures = preview_figures.Figures(
        survey,
        plan,
        limit=encoder.max_length,
    )
    preview_figures.show_figures(figures, advise(survey, plan, context.model))


# --- what is looked at ------------------------------------------------------------------------


def _root(given: Path | None) -> Path | None:
    if given is not None and not given.is_dir():
        raise XtguiError("cli.root_missing", Exit.ANSWERS, path=given)
    root = given or find_project(Path.cwd())
    return None if root is None else root.resolve()


def _layers(root: Path | None, request: PreviewRequest) -> Layers:
    """Return the project's settings with the flags over them.

    Raises:
        XtguiError: For faults of xtgui.toml, of the config and of the flags.
    """
    layers = Layers() if root is None else read_layers(RunFolder(root))
    said = {
        "data.path": request.path and str(request.path.expanduser().absolute()),
        "model.path": request.model and str(request.model.expanduser().absolute()),
        "model.prompt_template": request.template,
        "train.max_length": request.max_length,
    }
    flags = require_valid({key: value for key, value in said.items() if value is not None})
    if "model.path" in flags and flags["model.path"] != layers.to_plan().model.path:
        # settings of the project's own model do not apply to another, least of all consent
        flags = {"model.prompt_template": None, "model.trust_remote_code": None, **flags}
    return replace(layers, flags=flags)


def _require_sources(settings: Settings) -> None:
    """Raise XtguiError "preview.missing" if nothing names the model or the data."""
    names = {"FILE": settings.data.path, "--model DIR": settings.model.path}
    missing = [name for name, path in names.items() if not path]
    if missing:
        raise XtguiError("preview.missing", Exit.ANSWERS, names=", ".join(missing))


def _with_data(layers: Layers, data: Path) -> Settings:
    """Return the settings for previewing a file: plain text has no turns, so no template."""
    first = next(open_row_file(data).rows(), None) if data.is_file() else None
    is_plain = first is not None and is_plain_text(decode_row(first.content))
    template = template_for(layers.to_plan(), is_plain_text=is_plain)
    return replace(layers, flags={**layers.flags, "data.path": str(data), **template}).to_plan()


# --- the rows ---------------------------------------------------------------------------------


def _rows(context: PreviewContext) -> Iterator[Messages]:
    """Yield the rows; at a faulty one, raise what `check_data` says about the whole file."""
    try:
        yield from with_place_for_system(
            read_messages(context.data), context.encoder.template, context.data
        )
    except DataChangedError:
        context.sources.data(context.data)
        raise


def _first_rows(context: PreviewContext, request: PreviewRequest) -> Iterator[TokenRow]:
    """Yield the rows that can be shown before anything is counted."""
    if request.row is not None:
        rows_read = 0
        for rows_read, messages in enumerate(_rows(context), start=1):
            if rows_read == request.row:
                yield context.encoder.encode(rows_read, messages)
                return
        raise XtguiError(
            "preview.no_such_row", Exit.ANSWERS, path=context.data, rows=rows_read, row=request.row
        )
    if request.only_cut:
        next(_rows(context), None)  # a file that cannot be read
    else:
        for number, messages in enumerate(islice(_rows(context), request.rows), start=1):
            yield context.encoder.encode(number, messages)


def _survey(
    context: PreviewContext,
    on_cut_row: Callable[[TokenRow], bool] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Survey:
    survey = survey_rows(_rows(context), context.encoder, on_cut_row, on_progress)
    if not survey.measured.rows:
        context.sources.data(context.data)  # says why
        raise XtguiError("data.empty", Exit.ANSWERS, path=context.data)
    return survey


# --- the plan ---------------------------------------------------------------------------------


def _plan(context: PreviewContext, survey: Survey) -> Plan:
    encoder, here = context.encoder, machine.detect()
    chosen = choose_rows(
        survey.measured,
        RowContext(
            settings=context.settings,
            machine=here,
            model=context.model,
            template=encoder.template,
            sources=context.sources,
            measure=lambda few: measure_rows(
                few, encoder.template, encoder.tokenizer, encoder.bos_ids
            ),
            expects_answers=not context.is_written,
        ),
    )
    return make_plan(chosen.measured, chosen.settings, here, context.model.base)


# --- as data ----------------------------------------------------------------------------------


def _print_json(context: PreviewContext, request: PreviewRequest) -> None:
    rows = list(_first_rows(context, request))

    def keep(row: TokenRow) -> bool:
        rows.append(row)
        return len(rows) < request.rows

    survey = _survey(context, keep if request.only_cut else None)
    print_json(to_json(context, rows, survey, _plan(context, survey)))
