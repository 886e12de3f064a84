"""Step 2, the data: from a list, from this computer in any format, or the demo's."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..data.errors import DataFaultsError
from ..data.nearby_files import find_nearby_files
from ..planning.recipe import FEW_ROWS, warn_of_few_rows
from ..planning.row_facts import RowFacts
from ..project import import_data
from ..project.data_origin import source_of
from ..shared.errors import XtguiError
from ..texts import t
from ..ui import ask
from ..ui.console import ACCENT, in_words, is_interactive, say, show_error, talk
from ..ui.fitted_table import Column, table_lines
from ..ui.panels import show_notes
from ..ui.units import file_size
from .session import Session
from .source_page import (
    DEMO,
    LIST,
    OWN,
    BackToSource,
    KnownPaths,
    ask_source,
    back_to_source,
)

if TYPE_CHECKING:
    from ..data.formats.data_format import ColumnMapping
    from ..data.messages import DataInfo

_MOST_NEARBY = 10
"""Number of files to choose from."""


def ask_data(session: Session) -> str:
    """Ask for the data until a file can be used; Esc afterwards leads back to its source."""
    current = session.settings.data.path
    offered = str(source_of(Path(current), session.folder)) if current else None
    while True:
        try:
            path, layout = _ask_data_source(session, offered)
            with back_to_source():
                path = check_data(session, path, layout)
        except BackToSource:
            continue
        except ask.NobodyToAskError:
            raise
        except XtguiError as error:
            show_error(error)
            offered = str(path)  # fixed rather than typed again
            continue
        if current is not None and str(path) != current:
            for key in ("train.SYSTEM", "data.tests"):
                session.record(key, None)
        return str(path)


def _ask_data_source(session: Session, current: str | None) -> tuple[Path, ColumnMapping | None]:
    from ..project.demo_model import demo_data_file

    demo_copy = session.folder.root / demo_data_file().name
    choices = {
        OWN: t("wizard.own_data"),
        LIST: t("from_hub.list_dataset"),
        DEMO: t("wizard.demo_data"),
    }
    nearby = _nearby(session, demo_copy) if current is None else ()
    paths = KnownPaths(current=current, demo=str(demo_copy), nearby=nearby)
    source, path = ask_source("data.path", choices, paths)
    if source == LIST:
        from .hub_page import choose_dataset

        with back_to_source():
            return choose_dataset(session)
    if path is None:
        path = demo_copy
        if not path.exists():
            shutil.copyfile(demo_data_file(), path)
    return path, None


def _nearby(session: Session, demo_copy: Path) -> list[tuple[str, str]]:
    """Return files in the current folder and the project that may be meant, each with a label."""
    here = Path.cwd()
    found = [
        file
        for file in find_nearby_files((here, session.folder.root.resolve()))
        if file.path != demo_copy.resolve()
    ][:_MOST_NEARBY]
    names = [_as_typed(file.path, here) for file in found]
    sizes = [file_size(file.bytes) for file in found]
    columns = [Column("", names), Column("", sizes, is_number=True)]
    return list(zip(names, table_lines(columns, talk().width - 4), strict=True))


def _as_typed(path: Path, here: Path) -> str:
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def check_data(session: Session, path: Path, layout: ColumnMapping | None = None) -> Path:
    """Check the data and return the file that is trained: converted or repaired if necessary.

    Args:
        session: It keeps what is found out.
        path: The data, in any format.
        layout: How the rows are read, if that is known.

    Raises:
        XtguiError: For data that cannot be trained on.
        GoBack: If the user wants other data.
    """
    path = import_data.take_in(path, session.folder, layout, may_ask=True)
    try:
        session.data = _check(session, path)
    except DataFaultsError as error:
        if not is_interactive():
            raise
        show_error(error)
        if not ask.confirm(t("own_data.repair"), default=True, name="data.repair"):
            raise ask.GoBack from None
        path = import_data.repair(path, session.folder)
        session.data = _check(session, path)
    _say_data(session.data)
    changes = import_data.template_for(session.settings, is_plain_text=session.data.is_plain_text)
    for key, value in changes.items():
        session.record(key, value)
    return path


def _check(session: Session, path: Path) -> DataInfo:
    with talk().status(t("wizard.reading_data"), spinner_style=ACCENT):
        return session.sources.data(path)


def _say_data(data: DataInfo) -> None:
    say("wizard.data_seen", style="dim", rows=f"{data.rows:,}")
    if data.is_plain_text:
        say("own_data.plain_text", style="dim")
    show_notes(talk(), [in_words(note) for note in data.notes], style="yellow")
    if data.rows <= FEW_ROWS:  # with more rows, their content decides; the review page reports it
        few = warn_of_few_rows(RowFacts(), data.rows)
        show_notes(talk(), [in_words(reason.notice) for reason in few], style="yellow")
