"""The review page before anything is written: settings, plan with its reasons, differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..settings.table import BY_KEY, SETTINGS, Origin
from ..shared.disk import free_bytes
from ..shared.errors import XtguiError
from ..texts import t
from ..ui import ask
from ..ui.console import in_words, show_error, talk
from ..ui.panels import Row, show_notes, show_rows, show_title
from ..ui.units import file_size
from . import model_page, parameters_page, paths_page
from .questions import Question, ask_in_order, ask_setting
from .session import Session

if TYPE_CHECKING:
    from ..planning.plan import Plan
    from ..project.build_run import BuiltRun

Choice = Literal["train", "write", "change", "show"]


def show_review(session: Session, built: BuiltRun) -> None:
    """Print on stderr what will be written and why."""
    console = talk()
    differing = parameters_page.differing(built)
    show_title(console, t("wizard.ready"), t("wizard.differing", count=len(differing)))
    console.print()
    show_rows(
        console,
        [*_rows(session, built), *_needs_rows(session, built), *_differing_row(built)],
    )
    notes = [in_words(note) for note in built.data.notes]
    notes += [*_system_note(built), *_thoughts_note(built), *_edit_notes(session)]
    show_notes(console, notes, style="yellow")
    console.print()


def _rows(session: Session, built: BuiltRun) -> list[Row]:
    plan = built.plan
    template = built.template.name
    exact = t("wizard.exactly") if built.template.exact else ""
    counts = t("wizard.plan", **counts_of(plan))
    reasons = [in_words(reason.notice) for reason in plan.reasons]
    rate = parameters_page.show_value(built.settings.train.lr)
    training = t(
        "wizard.training", method=built.settings.train.method, lr=rate, epochs=plan.max_epochs
    )
    return [
        Row(t("wizard.row_model"), [f"{built.model.name} · {template}{exact}"]),
        Row(
            t("wizard.row_data"),
            [t("wizard.data_row", name=built.data.path.name, rows=built.data.rows)],
        ),
        *_general_row(built),
        *_held_out_row(built),
        *_tests_row(built),
        Row(t("wizard.row_training"), [training, counts, *_early_end(built), *reasons]),
        Row(
            t("wizard.row_folder"),
            [
                t(
                    "wizard.folder_row",
                    path=session.folder.root,
                    free=file_size(free_bytes(session.folder.root)),
                )
            ],
        ),
    ]


def counts_of(plan: Plan) -> dict[str, object]:
    """Return the values in `wizard.plan` for a plan."""
    return {
        "samples": f"{plan.samples:,}",
        "epochs": plan.max_epochs,
        "iterations": f"{plan.total_iters:,}",
        "updates": f"{plan.optimizer_steps:,}",
    }


def _general_row(built: BuiltRun) -> list[Row]:
    """Return how many general questions are mixed in; nothing if there are none by default."""
    wanted, count = built.settings.data.mix_general, built.plan.general_rows
    is_off = not wanted and built.settings.is_given(BY_KEY["data.mix_general"])
    if not wanted and not is_off:
        return []
    line = t("wizard.general_row" if count else "wizard.general_none", count=count)
    short = [t("wizard.general_short", wanted=wanted)] if built.rows.is_short_of_time else []
    return [Row(t("wizard.row_general"), [line, *short])]


def _held_out_row(built: BuiltRun) -> list[Row]:
    count = len(built.rows.held_out)
    return [Row(t("wizard.row_held_out"), [t("wizard.held_out", count=count)])] if count else []


def _tests_row(built: BuiltRun) -> list[Row]:
    count = len(built.tests)
    return [Row(t("tests.row"), [t("tests.review", count=count)])] if count else []


def _early_end(built: BuiltRun) -> list[str]:
    return [t("wizard.until_learned")] if built.settings.train.until_learned else []


def _needs_rows(session: Session, built: BuiltRun) -> list[Row]:
    """Return the memory and disk that the run needs; nothing if the model's shape is not known."""
    from ..planning import machine
    from ..planning.memory.training_setup import device_of
    from ..project.requirements import needs_of
    from ..ui.estimate_view import STYLES, disk_lines, memory_line, rough_time

    needs = needs_of(built, session.folder.root, device_of(machine.detect()))
    if needs is None:
        return []
    memory = [memory_line(needs)]
    if needs.verdict != "fits":
        memory.append(t("estimate.memory_warning.hint"))
    return [
        Row(t(f"wizard.row_memory_{needs.device.kind}"), memory, STYLES[needs.verdict]),
        Row(t("wizard.row_disk"), disk_lines(needs), "" if needs.has_disk else "red"),
        Row(t("estimate.row_time"), [rough_time(_seconds(built))]),
    ]


def _seconds(built: BuiltRun) -> float | None:
    from ..planning import machine
    from ..planning.pace import rough_seconds

    if built.model.shape is None:
        return None
    is_full = not built.settings.method.trains_adapter
    return rough_seconds(built.plan, built.model.shape, machine.detect(), is_full=is_full)


def _differing_row(built: BuiltRun) -> list[Row]:
    settings = built.settings
    lines = [
        t(
            "wizard.differs",
            name=setting.key,
            value=parameters_page.show_value(settings.value(setting)),
            default=t("wizard.from_data")
            if setting.planned
            else parameters_page.show_value(setting.default_for(settings.method)),
        )
        for setting in parameters_page.differing(built)
    ]
    return [Row(t("wizard.row_yours"), lines)] if lines else []


def _system_note(built: BuiltRun) -> list[str]:
    """Return a note if the system text differs from the one that the rows are trained with."""
    wanted, trained = built.settings.train.SYSTEM, built.rows.measured.facts.system
    if not wanted or wanted == trained:
        return []
    return [t("wizard.rows_have_other_system" if trained else "wizard.system_untrained")]


def _thoughts_note(built: BuiltRun) -> list[str]:
    """Return a note if thoughts in answers would be trained after an empty thinking block."""
    count = built.rows.measured.facts.thoughts
    if not count or not built.template.leaves_out_thoughts:
        return []
    return [t("wizard.thoughts_behind_block", count=count)]


def _edit_notes(session: Session) -> list[str]:
    """Return notes about manual edits of the config; they are kept."""
    settings, saved = session.settings, session.layers.saved
    return [
        t(
            "wizard.edited",
            name=setting.key,
            value=parameters_page.show_value(settings.value(setting)),
            answered=parameters_page.show_value(saved[setting.key])
            if setting.key in saved
            else t("wizard.nothing_set"),
        )
        for setting in SETTINGS
        if settings.origin(setting) == Origin.EDITED
    ]


def ask_what_now() -> Choice:
    """Ask what to do now that everything is ready.

    Raises:
        GoBack: On Esc.
    """
    choices = [(name, t(f"wizard.ready_{name}")) for name in ("train", "write", "change", "show")]
    chosen = ask.select(
        t("wizard.ready_question"),
        choices,
        "train",
        name="ready",
        explain=t("wizard.ready_explained"),
        may_go_back=True,
        echo="none",
    )
    return chosen  # type: ignore[return-value]  # one of the choices above


def change_one(session: Session, built: BuiltRun) -> BuiltRun:
    """Let the user change one answer and plan again; keep the old plan if it was not changed."""
    asked: dict[str, Question] = {
        question.key: question
        for question in (*model_page.questions(), *paths_page.questions())
        if question.applies(session)
    }
    rows = [(key, t(f"settings.{key}")) for key in asked]
    try:
        chosen = ask.select(
            t("wizard.change_question"),
            [("parameters", t("wizard.parameters")), *rows],
            "parameters",
            name="change",
            may_go_back=True,
            echo="none",
        )
        if chosen == "parameters":
            return parameters_page.ask_parameters(session, built)
        ask_in_order([asked[chosen]], session, again=True)
        # A new model may raise its own questions: its template, its code.
        ask_in_order(model_page.questions(), session)
    except ask.GoBack:
        return built
    return count_or_change(session)


def count_or_change(session: Session) -> BuiltRun:
    """Count until it works: explain what prevents a plan, then let the user change it."""
    while True:
        try:
            return parameters_page.count(session)
        except XtguiError as error:
            show_error(error)
        key = _ask_what_to_change()
        try:
            if key == "train.max_length":
                value = ask_setting(BY_KEY[key], session.settings.train.max_length)
                session.record(key, value)
            else:
                questions = [q for q in model_page.questions() if q.key == key]
                ask_in_order(questions, session, again=True)
                ask_in_order(model_page.questions(), session)
        except ask.GoBack:
            continue


def _ask_what_to_change() -> str:
    keys = ("data.path", "model.path", "train.max_length")
    return ask.select(
        t("wizard.change_question"), [(key, t(f"settings.{key}")) for key in keys], name="change"
    )
