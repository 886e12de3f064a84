"""Step 3: the parameters as one list, each with the value it will have and where that is from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..shared.errors import XtguiError
from ..shared.settings import SETTINGS, Setting, default
from ..texts import t
from ..ui import ask
from ..ui.console import ACCENT, sanitize, show_error, talk
from ..ui.wrap import cut, pad
from .questions import ask_setting, write
from .session import Sitting

if TYPE_CHECKING:
    from ..project.build_run import Prepared

GO_ON, ADVANCED = "go_on", "advanced"

_VALUE_WIDTH = 26


def count(sitting: Sitting) -> Prepared:
    """Count the data under the answers so far and give the plan, config text included."""
    from ..planning.machine import look
    from ..project.build_run import prepare

    with talk().status(t("wizard.counting"), spinner_style=ACCENT):
        return prepare(sitting.effective(), look())


def ask_parameters(sitting: Sitting, prepared: Prepared) -> Prepared:
    """Show the parameters and let any be changed, until the user goes on with them.

    A change that leaves nothing to train with is explained and taken back. Raises — GoBack.
    """
    shows_advanced = False
    while True:
        shown = listed(sitting.method, shows_advanced)
        show_needs(sitting, prepared)
        chosen = ask.select(
            t("wizard.parameters"),
            _choices(shown, sitting, prepared.values, shows_advanced),
            GO_ON,
            name="parameters",
            explain=t("wizard.parameters_explained"),
            may_go_back=True,
            echo="none",
        )
        if chosen == GO_ON:
            return prepared
        if chosen == ADVANCED:
            shows_advanced = True
            continue
        setting = next(setting for setting in shown if setting.key == chosen)
        prepared = change(sitting, setting, prepared)


def show_needs(sitting: Sitting, prepared: Prepared) -> None:
    """Say whether the run fits this machine; it changes with every answer."""
    from ..planning.machine import look
    from ..project.requirements import device_of, needs_of
    from ..ui.estimate_view import show_memory_line

    needs = needs_of(prepared, sitting.folder.root, device_of(look()))
    if needs is not None:
        show_memory_line(talk(), needs)


def listed(method: str, shows_advanced: bool) -> list[Setting]:
    """Give the settings of step 3 that mean anything for a method."""
    return [
        setting
        for setting in SETTINGS
        if setting.step == 3
        and setting.config_name
        and (setting.basic or shows_advanced)
        and not (method == "full" and setting.key.startswith("lora."))
    ]


def change(sitting: Sitting, setting: Setting, prepared: Prepared) -> Prepared:
    """Ask for one setting and plan again; the old plan where it was left as it was."""
    before = sitting.answers.get(setting.key)
    current = prepared.values.get(str(setting.config_name))
    try:
        value = ask_setting(setting, current)
    except ask.GoBack:
        return prepared
    if value in (current, before):
        return prepared
    sitting.record(setting.key, value)
    try:
        return count(sitting)
    except XtguiError as error:
        show_error(error)
        sitting.record(setting.key, before)
        return prepared


def differing(answers: Mapping[str, Any], method: str) -> list[tuple[Setting, Any, Any]]:
    """Give the settings of step 3 that are set to something else than their default.

    Each with its value and its default, which is None where the data would decide.
    """
    return [
        (setting, answers[setting.key], default(setting, method))
        for setting in listed(method, shows_advanced=True)
        if setting.key in answers and answers[setting.key] != default(setting, method)
    ]


def show_value(value: Any) -> str:
    """Give a value in a few words on one line."""
    if isinstance(value, bool):
        return t("wizard.yes") if value else t("wizard.no")
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], str):
        return t("wizard.texts_count", count=len(value))
    return sanitize(write(value)).replace("\n", " ") or t("wizard.none")


def _choices(
    shown: list[Setting], sitting: Sitting, values: Mapping[str, Any], shows_advanced: bool
) -> list[tuple[str, str]]:
    from rich.cells import cell_len

    names = {setting.key: t(f"settings.{setting.key}") for setting in shown}
    width = max(map(cell_len, names.values()))
    rows = [
        (
            setting.key,
            f"{pad(names[setting.key], width)}  "
            f"{pad(cut(show_value(values.get(str(setting.config_name))), _VALUE_WIDTH), 12)}"
            f"  {_origin(setting, sitting)}".rstrip(),
        )
        for setting in shown
    ]
    choices = [(GO_ON, t("wizard.go_on")), *rows]
    return choices if shows_advanced else [*choices, (ADVANCED, t("wizard.show_advanced"))]


def _origin(setting: Setting, sitting: Sitting) -> str:
    if setting.key in sitting.edits:
        return t("wizard.from_config")
    if setting.key in sitting.answers:
        return t("wizard.from_you")
    return t("wizard.from_data") if setting.planned else ""
