"""`xtgui data preview`: rows as the model sees them, then what the whole file becomes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ..data.errors import DataChangedError
from ..data.messages import Messages, read_messages
from ..data.row_faults import is_plain_text
from ..data.row_files import decode_row, open_row_file
from ..data.survey import Survey, survey_rows, with_place_for_system
from ..data.token_runs import TokenRow
from ..planning import machine
from ..planning.plan import Plan, make_plan
from ..project import build_run as prepare
from ..project import import_data as own_data
from ..project import settings_file as answers
from ..project.preview_context import PreviewContext, open_context
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, find_root
from ..shared.settings import BY_KEY, check_all, default
from .preview_advice import advise
from .preview_json import to_json


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for; None where the project decides."""

    path: Path | None
    model: Path | None
    template: str | None
    max_length: int | None
    rows: int
    """How many rows are shown."""
    row: int | None
    """Show this one alone."""
    cut: bool
    """Show only rows that are cut at max_length."""

    @property
    def only_cut(self) -> bool:
        """Whether rows that are cut are looked for; one row that is named is shown in any case."""
        return self.cut and self.row is None


def run(root: Path | None, wanted: Wanted, as_json: bool) -> Exit:
    """Show the rows at once, then count the file and show its figures."""
    root = _root(root)
    given = _answers(root, wanted)
    with (
        own_data.as_messages(Path(given["data.path"])) as data,
        open_context(root, _with_data(given, data)) as context,
    ):
        if as_json:
            _print_json(context, wanted)
        else:
            _show(context, wanted)
    return Exit.DONE


def _show(context: PreviewContext, wanted: Wanted) -> None:
    from ..ui import preview, preview_figures
    from ..ui.preview_progress import Counting

    encoder = context.encoder
    rows = _first_rows(context, wanted)
    first = next(rows, None)  # what is wrong with the file is said before anything is shown
    preview.show_head(
        data=context.data.name,
        model=context.model.name,
        template=encoder.template.name,
        max_length=encoder.max_length,
    )
    for row in chain([first] if first else [], rows):
        preview.show_row(row, in_full=wanted.row is not None)
    left = wanted.rows

    def show_cut(row: TokenRow) -> bool:
        nonlocal left
        left -= 1
        with counting.paused():
            preview.show_row(row, in_full=False)
        return left > 0

    with Counting() as counting:
        survey = _survey(context, show_cut if wanted.only_cut else None, counting.update)
    if wanted.only_cut:
        preview.show_cut_rows_end(survey.cut_rows, wanted.rows, encoder.max_length)
    plan = _plan(context, survey)
    figures = preview_figures.Figures(
        survey,
        plan,
        limit=encoder.max_length,
        batch_size=context.given.get("train.batch_size", BY_KEY["train.batch_size"].default),
    )
    preview_figures.show_figures(figures, advise(survey, plan, context.model))


# --- what is looked at ------------------------------------------------------------------------


def _root(given: Path | None) -> Path | None:
    if given is not None and not given.is_dir():
        raise XtguiError("cli.root_missing", Exit.ANSWERS, path=given)
    root = given or find_root(Path.cwd())
    return None if root is None else root.resolve()


def _answers(root: Path | None, wanted: Wanted) -> dict[str, Any]:
    """Give the project's answers with the flags over them.

    Raises — XtguiError "preview.missing", and for faults of xtgui.toml.
    """
    saved = {} if root is None else answers.load(RunFolder(root).settings_file)
    flags = {
        "data.path": wanted.path and str(wanted.path.expanduser().absolute()),
        "model.path": wanted.model and str(wanted.model.expanduser().absolute()),
        "model.prompt_template": wanted.template,
        "train.max_length": wanted.max_length,
    }
    if wanted.model is not None and flags["model.path"] != saved.get("model.path"):
        # what is said about the project's own model does not hold for another, consent least of all
        for key in ("model.prompt_template", "model.trust_remote_code"):
            saved.pop(key, None)
    given = check_all(saved | {key: value for key, value in flags.items() if value is not None})
    names = {"data.path": "FILE", "model.path": "--model DIR"}
    missing = [name for key, name in names.items() if not given.get(key)]
    if missing:
        raise XtguiError("preview.missing", Exit.ANSWERS, names=", ".join(missing))
    return given


def _with_data(given: dict[str, Any], data: Path) -> dict[str, Any]:
    """Give the answers for a file that is looked at: plain text has no turns, so no template."""
    first = next(open_row_file(data).rows(), None) if data.is_file() else None
    is_plain = first is not None and is_plain_text(decode_row(first.content))
    return given | {"data.path": str(data)} | own_data.template_answers(is_plain, given)


# --- the rows ---------------------------------------------------------------------------------


def _rows(context: PreviewContext) -> Iterator[Messages]:
    """Give the rows; where one has a fault, raise what `check_data` says of the whole file."""
    try:
        yield from with_place_for_system(
            read_messages(context.data), context.encoder.template, context.data
        )
    except DataChangedError:
        prepare.look_at_data(context.data)
        raise


def _first_rows(context: PreviewContext, wanted: Wanted) -> Iterator[TokenRow]:
    """Give the rows that can be shown before anything is counted."""
    if wanted.row is not None:
        rows_read = 0
        for rows_read, messages in enumerate(_rows(context), start=1):
            if rows_read == wanted.row:
                yield context.encoder.encode(rows_read, messages)
                return
        raise XtguiError(
            "preview.no_such_row", Exit.ANSWERS, path=context.data, rows=rows_read, row=wanted.row
        )
    if wanted.only_cut:
        next(_rows(context), None)  # a file that cannot be read
    else:
        for number, messages in enumerate(islice(_rows(context), wanted.rows), start=1):
            yield context.encoder.encode(number, messages)


def _survey(
    context: PreviewContext,
    on_cut_row: Callable[[TokenRow], bool] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Survey:
    survey = survey_rows(_rows(context), context.encoder, on_cut_row, on_progress)
    if not survey.measured.rows:
        prepare.look_at_data(context.data)  # says why
        raise XtguiError("data.empty", Exit.ANSWERS, path=context.data)
    return survey


# --- the plan ---------------------------------------------------------------------------------


def _plan(context: PreviewContext, survey: Survey) -> Plan:
    method = context.given.get("train.method", default(BY_KEY["train.method"], ""))
    settings = {**context.given, "train.method": method}
    return make_plan(survey.measured, settings, context.model, machine.look())


# --- as data ----------------------------------------------------------------------------------


def _print_json(context: PreviewContext, wanted: Wanted) -> None:
    rows = list(_first_rows(context, wanted))

    def keep(row: TokenRow) -> bool:
        rows.append(row)
        return len(rows) < wanted.rows

    survey = _survey(context, keep if wanted.only_cut else None)
    sys.stdout.write(json.dumps(to_json(context, rows, survey, _plan(context, survey))) + "\n")
