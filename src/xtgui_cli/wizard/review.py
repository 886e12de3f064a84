"""The last look before anything is written: settings, plan with its reasons, what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..shared.disk import free_bytes
from ..shared.errors import XtguiError
from ..shared.settings import BY_KEY
from ..texts import t
from ..ui import ask
from ..ui.console import in_words, sanitize, show_error, talk
from ..ui.panels import Row, show_notes, show_rows, show_title
from ..ui.units import file_size
from . import model_page as choose_sources
from . import parameters_page as parameters
from . import paths_page as paths
from .questions import Question, ask_in_order, ask_setting
from .session import Sitting

if TYPE_CHECKING:
    from ..project.build_run import Prepared

Choice = Literal["train", "write", "change", "show"]


def show_ready(sitting: Sitting, prepared: Prepared) -> None:
    """Say on stderr what will be written and why."""
    console = talk()
    differing = parameters.differing(sitting.effective(), sitting.method)
    show_title(console, t("wizard.ready"), t("wizard.differing", count=len(differing)))
    console.print()
    show_rows(
        console,
        [*_rows(sitting, prepared), *_needs_rows(sitting, prepared), *_differing_row(sitting)],
    )
    notes = [in_words(note) for note in prepared.data.notes]
    show_notes(console, [*notes, *_edit_notes(sitting)], style="yellow")
    console.print()


def _rows(sitting: Sitting, prepared: Prepared) -> list[Row]:
    plan = prepared.plan
    template = prepared.template.name
    exact = t("wizard.exactly") if prepared.template.exact else ""
    counts = t(
        "wizard.plan",
        samples=f"{plan.samples:,}",
        epochs=plan.max_epochs,
        iterations=f"{plan.total_iters:,}",
        updates=f"{plan.optimizer_steps:,}",
    )
    reasons = [t(reason.code, **reason.data) for reason in plan.reasons]
    rate = parameters.show_value(prepared.values["lr"])
    root = sitting.folder.root
    training = t("wizard.training", method=sitting.method, lr=rate, epochs=plan.max_epochs)
    return [
        Row(
            t("wizard.row_model"), [sanitize(f"{prepared.model.name} · {template} {exact}").strip()]
        ),
        Row(
            t("wizard.row_data"),
            [t("wizard.data_row", name=sanitize(prepared.data.path.name), rows=prepared.data.rows)],
        ),
        Row(t("wizard.row_training"), [training, counts, *reasons]),
        Row(
            t("wizard.row_folder"),
            [t("wizard.folder_row", path=root, free=file_size(free_bytes(root)))],
        ),
    ]


def _needs_rows(sitting: Sitting, prepared: Prepared) -> list[Row]:
    """Give what the run takes of memory and disk; nothing where the model's shape is not known."""
    from ..planning.machine import look
    from ..project.requirements import device_of, needs_of
    from ..ui.estimate_view import STYLES, disk_lines, memory_line

    needs = needs_of(prepared, sitting.folder.root, device_of(look()))
    if needs is None:
        return []
    memory = [memory_line(needs)]
    if needs.verdict != "fits":
        memory.append(t("estimate.memory_warning.hint"))
    return [
        Row(t(f"wizard.row_memory_{needs.device.kind}"), memory, STYLES[needs.verdict]),
        Row(t("wizard.row_disk"), disk_lines(needs), "" if needs.has_disk else "red"),
    ]


def _differing_row(sitting: Sitting) -> list[Row]:
    lines = [
        t(
            "wizard.differs",
            name=setting.key,
            value=parameters.show_value(value),
            default=t("wizard.from_data") if usual is None else parameters.show_value(usual),
        )
        for setting, value, usual in parameters.differing(sitting.effective(), sitting.method)
    ]
    return [Row(t("wizard.row_yours"), lines)] if lines else []


def _edit_notes(sitting: Sitting) -> list[str]:
    """Give where the config was edited by hand; what was edited stays."""
    return [
        t(
            "wizard.edited",
            name=key,
            value=parameters.show_value(value),
            answered=parameters.show_value(sitting.answers[key])
            if key in sitting.answers
            else t("wizard.nothing_set"),
        )
        for key, value in sitting.edits.items()
    ]


def ask_ready() -> Choice:
    """Ask what to do with what is ready. Raises — GoBack."""
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


def change_one(sitting: Sitting, prepared: Prepared) -> Prepared:
    """Let one answer be given anew and plan again; the old plan where it was left as it was."""
    asked: dict[str, Question] = {
        question.key: question
        for question in (*choose_sources.questions(), *paths.questions())
        if question.applies(sitting)
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
            return parameters.ask_parameters(sitting, prepared)
        ask_in_order([asked[chosen]], sitting, again=True)
        # A new model may bring questions of its own: its template, its code.
        ask_in_order(choose_sources.questions(), sitting)
    except ask.GoBack:
        return prepared
    return count_or_change(sitting)


def count_or_change(sitting: Sitting) -> Prepared:
    """Count until it works: what keeps a plan from being made is explained, then changed."""
    while True:
        try:
            return parameters.count(sitting)
        except XtguiError as error:
            show_error(error)
        key = _ask_what_to_change()
        try:
            if key == "train.max_length":
                value = ask_setting(BY_KEY[key], sitting.answers.get(key))
                sitting.record(key, value)
            else:
                questions = [q for q in choose_sources.questions() if q.key == key]
                ask_in_order(questions, sitting, again=True)
                ask_in_order(choose_sources.questions(), sitting)
        except ask.GoBack:
            continue


def _ask_what_to_change() -> str:
    keys = ("data.path", "model.path", "train.max_length")
    return ask.select(
        t("wizard.change_question"), [(key, t(f"settings.{key}")) for key in keys], name="change"
    )
