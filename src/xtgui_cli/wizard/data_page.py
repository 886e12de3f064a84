"""Step 2, the data: from a list, from this computer in any format, or the demo's."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..data.errors import DataFaultsError
from ..project import import_data as own_data
from ..texts import t
from ..ui import ask
from ..ui.console import ACCENT, in_words, is_interactive, say, show_error, talk
from ..ui.panels import show_notes
from .session import Sitting
from .source_page import DEMO, LIST, OWN, BackToSource, ask_source, back_to_source

if TYPE_CHECKING:
    from ..data.formats.data_format import ColumnMapping
    from ..data.messages import DataInfo


def ask_data(sitting: Sitting) -> str:
    """Ask for the data until a file can be used; Esc in what follows leads back to its source."""
    current = sitting.answers.get("data.path")
    while True:
        try:
            path, layout = _ask_data_source(sitting, current)
            with back_to_source():
                path = look_at_data(sitting, path, layout)
        except BackToSource:
            continue
        if current is not None and str(path) != current:
            sitting.record("train.SYSTEM", None)
        return str(path)


def _ask_data_source(sitting: Sitting, current: str | None) -> tuple[Path, ColumnMapping | None]:
    from ..project.demo_model import demo_data_file

    demo_copy = sitting.folder.root / demo_data_file().name
    choices = {
        OWN: t("wizard.own_data"),
        LIST: t("from_hub.list_dataset"),
        DEMO: t("wizard.demo_data"),
    }
    source, path = ask_source("data.path", choices, current, str(demo_copy))
    if source == LIST:
        from .hub_page import choose_dataset

        with back_to_source():
            return choose_dataset(sitting)
    if path is None:
        path = demo_copy
        if not path.exists():
            shutil.copyfile(demo_data_file(), path)
    return path, None


def look_at_data(sitting: Sitting, path: Path, layout: ColumnMapping | None = None) -> Path:
    """Look at the data and give the file that is trained: converted or repaired where need be.

    Args — layout: how the rows are read, where that is known. Raises — XtguiError; GoBack.
    """
    path = own_data.take_in(path, sitting.folder, layout, may_ask=True)
    try:
        sitting.data = _check_data(path)
    except DataFaultsError as error:
        if not is_interactive():
            raise
        show_error(error)
        if not ask.confirm(t("own_data.repair"), default=True, name="data.repair"):
            raise ask.GoBack from None
        path = own_data.repair(path, sitting.folder)
        sitting.data = _check_data(path)
    _say_data(sitting.data)
    is_plain = sitting.data.is_plain_text
    for key, value in own_data.template_answers(is_plain, sitting.answers).items():
        sitting.record(key, value)
    return path


def _check_data(path: Path) -> DataInfo:
    from ..project.build_run import look_at_data

    with talk().status(t("wizard.reading_data"), spinner_style=ACCENT):
        return look_at_data(path)


def _say_data(data: DataInfo) -> None:
    say("wizard.data_seen", style="dim", rows=f"{data.rows:,}")
    if data.is_plain_text:
        say("own_data.plain_text", style="dim")
    show_notes(talk(), [in_words(note) for note in data.notes], style="yellow")
