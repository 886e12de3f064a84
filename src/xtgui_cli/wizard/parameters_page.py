"""Step 3: the parameters as one list, each with its value and where that is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..settings.table import SETTINGS, Setting, Value
from ..shared.errors import XtguiError
from ..shared.methods import Method
from ..texts import t
from ..ui import ask
from ..ui.console import ACCENT, show_error, talk
from ..ui.wrap import cut, pad
from .questions import ask_setting, write
from .session import Session
from .value_reasons import why

if TYPE_CHECKING:
    from rich.text import Text

    from ..project.build_run import BuiltRun

CONTINUE, ADVANCED = "go_on", "advanced"

_VALUE_WIDTH = 24


def count(session: Session) -> BuiltRun:
    """Count the data with the answers so far and return the plan, including the config's text."""
    from ..planning import machine
    from ..project.build_run import build_run
    from ..project.engine_tokenizers import ready_to_count

    if session.model is not None:
        ready_to_count(session.model)
    with talk().status(t("wizard.counting"), spinner_style=ACCENT):
        return build_run(session.settings, machine.detect(), session.sources, expects_answers=True)


def ask_parameters(session: Session, built: BuiltRun) -> BuiltRun:
    """Show the parameters and let the user change any, until they continue.

    A change that leaves nothing to train is explained and undone.

    Raises:
        GoBack: On Esc.
    """
    shows_advanced = False
    while True:
        shown = listed(built.settings.method, shows_advanced=shows_advanced)
        chosen = ask.select(
            t("wizard.parameters"),
            _choices(shown, built, shows_advanced=shows_advanced),
            CONTINUE,
            name="parameters",
            explain=t("wizard.parameters_explained"),
            may_go_back=True,
            echo="none",
            note=needs_note(session, built),
        )
        if chosen == CONTINUE:
            return built
        if chosen == ADVANCED:
            shows_advanced = True
            continue
        setting = next(setting for setting in shown if setting.key == chosen)
        built = change(session, setting, built)


def needs_note(session: Session, built: BuiltRun) -> Text | None:
    """Return whether the run fits this machine; it changes with every answer."""
    from ..planning import machine
    from ..planning.memory.training_setup import device_of
    from ..project.requirements import needs_of
    from ..ui.estimate_view import memory_note

    needs = needs_of(built, session.folder.root, device_of(machine.detect()))
    return None if needs is None else memory_note(needs)


def listed(method: Method, *, shows_advanced: bool) -> list[Setting]:
    """Return the settings of step 3 that apply to a method."""
    return [
        setting
        for setting in SETTINGS
        if setting.step == 3
        and setting.section != "launch"
        and (setting.basic or shows_advanced)
        and setting.applies_to(method)
    ]


def change(session: Session, setting: Setting, built: BuiltRun) -> BuiltRun:
    """Ask for one setting and plan again; keep the old plan if it was not changed."""
    before = session.layers.saved.get(setting.key)
    current = built.settings.value(setting)
    try:
        value = ask_setting(setting, current)
    except ask.GoBack:
        return built
    if value in (current, before):
        return built
    session.record(setting.key, value)
    try:
        return count(session)
    except XtguiError as error:
        show_error(error)
        session.record(setting.key, before)
        return built


def differing(built: BuiltRun) -> list[Setting]:
    """Return the settings of step 3 that somebody set to something other than the default."""
    settings, planned_system = built.settings, built.rows.measured.facts.system
    return [
        setting
        for setting in listed(settings.method, shows_advanced=True)
        if settings.is_given(setting)
        and settings.value(setting) != setting.default_for(settings.method)
        and not (setting.name == "SYSTEM" and settings.value(setting) == planned_system)
    ]


def show_value(value: Value) -> str:
    """Write a value in a few words on one line."""
    if isinstance(value, bool):
        return t("wizard.yes") if value else t("wizard.no")
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return t("wizard.texts_count", count=len(value))
    return write(value).replace("\n", " ") or t("wizard.none")


def _choices(
    shown: list[Setting], built: BuiltRun, *, shows_advanced: bool
) -> list[tuple[str, str]]:
    """Return the entries: name, value and why, in columns."""
    from rich.cells import cell_len

    settings = built.settings
    names = {setting.key: t(f"settings.{setting.key}") for setting in shown}
    width = max(map(cell_len, names.values()))
    rows = [
        (
            setting.key,
            f"{pad(names[setting.key], width)}  "
            f"{pad(cut(show_value(settings.value(setting)), _VALUE_WIDTH), 12)}"
            f"  {why(setting, built)}".rstrip(),
        )
        for setting in shown
    ]
    choices = [(CONTINUE, t("wizard.go_on")), *rows]
    return choices if shows_advanced else [*choices, (ADVANCED, t("wizard.show_advanced"))]
