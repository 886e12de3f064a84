"""`xtgui data preview`: rows as the model sees them, then what the whole file becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ..data.messages import Messages, read_messages
from ..data.row_faults import is_plain_text
from ..data.row_files import read_values
from ..data.survey import Survey, see_row, survey_rows, with_place_for_system
from ..data.token_runs import TokenRow
from ..planning import machine
from ..planning.length_stats import QUANTILES, histogram, quantile
from ..planning.plan import Plan, make_plan
from ..project import build_run as prepare
from ..project import import_data as own_data
from ..project import preview_context as preview_sight
from ..project import settings_file as answers
from ..project.preview_context import Look
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, find_root
from ..shared.settings import BY_KEY, check_all, default
from ..ui.json_output import print_json
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
        preview_sight.look(root, _with_data(given, data)) as look,
    ):
        if as_json:
            _print_json(look, wanted)
        else:
            _show(look, wanted)
    return Exit.DONE


def _show(look: Look, wanted: Wanted) -> None:
    from ..ui import preview, preview_figures
    from ..ui.preview_progress import Counting

    sight = look.sight
    rows = _first_rows(look, wanted)
    first = next(rows, None)  # what is wrong with the file is said before anything is shown
    preview.show_head(
        preview.Settings(look.data.name, look.model.name, sight.template.name, sight.max_length)
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
        survey = _survey(look, show_cut if wanted.only_cut else None, counting.update)
    if wanted.only_cut:
        preview.show_cut_rows_end(survey.cut_rows, wanted.rows, sight.max_length)
    plan = _plan(look, survey)
    preview_figures.show_figures(_figures(look, survey, plan), advise(survey, plan, look.model))


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
    first = next(read_values(data), None) if data.is_file() else None
    is_plain = first is not None and is_plain_text(first.value)
    return given | {"data.path": str(data)} | own_data.template_answers(is_plain, given)


# --- the rows ---------------------------------------------------------------------------------


def _rows(look: Look) -> Iterator[Messages]:
    """Give the rows; where one has a fault, raise what `check_data` says of the whole file."""
    try:
        yield from with_place_for_system(read_messages(look.data), look.sight.template, look.data)
    except XtguiError as error:
        if error.code == "data.changed":
            prepare.look_at_data(look.data)
        raise


def _first_rows(look: Look, wanted: Wanted) -> Iterator[TokenRow]:
    """Give the rows that can be shown before anything is counted."""
    if wanted.row is not None:
        rows_read = 0
        for rows_read, messages in enumerate(_rows(look), start=1):
            if rows_read == wanted.row:
                yield see_row(rows_read, messages, look.sight)
                return
        raise XtguiError(
            "preview.no_such_row", Exit.ANSWERS, path=look.data, rows=rows_read, row=wanted.row
        )
    if wanted.only_cut:
        next(_rows(look), None)  # a file that cannot be read
    else:
        for number, messages in enumerate(islice(_rows(look), wanted.rows), start=1):
            yield see_row(number, messages, look.sight)


def _survey(
    look: Look,
    on_cut_row: Callable[[TokenRow], bool] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Survey:
    survey = survey_rows(_rows(look), look.sight, on_cut_row, on_progress)
    if not survey.measured.rows:
        prepare.look_at_data(look.data)  # says why
        raise XtguiError("data.empty", Exit.ANSWERS, path=look.data)
    return survey


# --- the figures ------------------------------------------------------------------------------


def _plan(look: Look, survey: Survey) -> Plan:
    method = look.given.get("train.method", default(BY_KEY["train.method"], ""))
    settings = {**look.given, "train.method": method}
    return make_plan(survey.measured, settings, look.model, machine.look())


def _figures(look: Look, survey: Survey, plan: Plan) -> Any:
    from ..ui.preview_figures import Figures

    ordered = sorted(survey.measured.lengths)
    return Figures(
        rows=survey.measured.rows,
        tokens=survey.tokens,
        trained=survey.trained,
        trained_cut=survey.trained_cut,
        cut_rows=survey.cut_rows,
        vanishing=survey.vanishing,
        quantiles=[quantile(ordered, share) for share in QUANTILES],
        bars=histogram(ordered, plan.max_length),
        limit=look.sight.max_length,
        plan=replace(plan, reasons=()),
        batch_size=look.given.get("train.batch_size", BY_KEY["train.batch_size"].default),
    )


# --- as data ----------------------------------------------------------------------------------


def _print_json(look: Look, wanted: Wanted) -> None:
    rows = list(_first_rows(look, wanted))

    def keep(row: TokenRow) -> bool:
        rows.append(row)
        return len(rows) < wanted.rows

    survey = _survey(look, keep if wanted.only_cut else None)
    print_json(to_json(look, rows, survey, _plan(look, survey)))
