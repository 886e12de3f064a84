"""Step 2, from the lists: a model or a dataset chosen by name, and downloaded in the wizard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ..catalogue import Dataset, Model, datasets, models
from ..commands import download
from ..data.formats.data_format import ColumnMapping
from ..hubs.hub import Hub, Kind
from ..hubs.names import folder_of, repository_id
from ..hubs.record import is_complete
from ..hubs.registry import HUBS, USUAL_HUB
from ..planning import machine
from ..planning.memory.requirements import verdict_of
from ..planning.memory.training_memory import GIB, training_memory
from ..planning.memory.training_setup import Device, device_of, set_up
from ..project.model_shapes import shape_of
from ..settings.layers import replace_values
from ..settings.table import Origin, Settings
from ..shared.errors import XtguiError
from ..texts import language, t
from ..ui import ask
from ..ui.catalogue_view import dataset_marks, model_marks
from ..ui.console import say, show_error, talk
from ..ui.fitted_table import Column, table_lines
from ..ui.panels import show_notes
from ..ui.units import file_size, memory_size, short_count
from .session import Session

_OTHER = "other"
_SAYS_LITTLE = "unknown"
"""The mark for unknown gating: half of all entries have it, and the download will tell."""


class _Way(NamedTuple):
    """How a hub is asked; by default in the user's own order."""

    source: Hub | None = None
    endpoint: str | None = None


_AGAIN, _MIRROR, _BACK = "again", "mirror", "back"


def choose_model(session: Session) -> Path:
    """Let the user choose a model, and download it.

    Raises:
        GoBack: On Esc.
    """
    found = list(models())
    columns = model_columns(found, session.settings, download.cache_of(session.folder.root))
    chosen = _choose("model", [one.id for one in found], columns)
    known = next((one for one in found if one.id == chosen), None)
    if known is not None:
        _note(known.note)
    return _have(session, "model", chosen)


def choose_dataset(session: Session) -> tuple[Path, ColumnMapping | None]:
    """Let the user choose a dataset, download it, and return it with how its rows are read.

    The latter is None if the lists do not know the set: it has to be recognized then.

    Raises:
        GoBack: On Esc.
    """
    found = list(datasets())
    cache = download.cache_of(session.folder.root)
    columns = [
        Column("", [one.id for one in found]),
        Column("", [short_count(one.rows) for one in found], is_number=True),
        Column("", [file_size(one.bytes) for one in found], is_number=True),
        Column("", [_marks("dataset", one.id, cache, dataset_marks(one)) for one in found]),
    ]
    chosen = _choose("dataset", [one.id for one in found], columns)
    known = datasets().find(chosen)
    if known is not None:
        _tell(known)
    path = _have(session, "dataset", chosen)
    return path, None if known is None else known.mapping


def model_columns(found: list[Model], settings: Settings, cache: Path) -> list[Column]:
    """Return the list of models; the size, which most names contain, is the first column to go."""
    return [
        Column("", [one.id for one in found]),
        Column("", [short_count(one.parameters) for one in found], 1, is_number=True),
        Column("", fit_words(found, settings)),
        Column("", [_marks("model", one.id, cache, model_marks(one)) for one in found]),
    ]


def fit_words(found: list[Model], settings: Settings) -> list[str]:
    """Return for each model what a run with these settings would take of this machine.

    That is the minimum: activation checkpointing is off only if there is room for that.
    """
    device = device_of(machine.detect())
    if settings.train.use_activation_checkpointing is None:
        least = {"train.use_activation_checkpointing": True}
        settings = replace_values(settings, least, Origin.PLANNED)
    return [_fit_word(model, settings, device) for model in found]


def _fit_word(model: Model, settings: Settings, device: Device) -> str:
    shape = shape_of(model)
    needed = training_memory(shape, set_up(settings, shape, device)).total
    return t(f"estimate.fit_{verdict_of(needed / GIB, device)}", needed=memory_size(needed))


def _choose(kind: Kind, ids: list[str], columns: list[Column]) -> str:
    """Let the user choose one from the list, or type it.

    Raises:
        GoBack: On Esc.
    """
    lines = table_lines(columns, talk().width - 4)
    check_id = _id_check(kind)
    while True:
        chosen = ask.select(
            t(f"from_hub.which_{kind}"),
            [*zip(ids, lines, strict=True), (_OTHER, t("from_hub.other"))],
            ids[0],
            name=f"{kind}.id",
            explain=t(f"from_hub.explained_{kind}"),
            may_go_back=True,
            echo="value",
            filterable=True,
        )
        if chosen != _OTHER:
            return chosen
        try:
            return ask.text(
                t("from_hub.name"), "", check_id, name=f"{kind}.other", may_go_back=True
            ).strip()
        except ask.GoBack:
            continue


def _id_check(kind: Kind) -> Callable[[str], str | None]:
    def check(typed: str) -> str | None:
        try:
            download.require_kind(kind, repository_id(typed, kind))
        except XtguiError as error:
            return t(error.code, **error.data)
        reason = download.reason_against(kind, typed)
        return None if reason is None else t(f"model.untrainable_{reason}", name=typed)

    return check


def _marks(kind: Kind, id: str, cache: Path, marks: Iterable[str]) -> str:
    is_here = is_complete(folder_of(download.wanted_of(kind, id), cache))
    said = [*["here"] * is_here, *(mark for mark in marks if mark != _SAYS_LITTLE)]
    return t("catalogue.between").join(t(f"from_hub.mark_{mark}") for mark in said)


def _tell(dataset: Dataset) -> None:
    say("from_hub.about", style="dim", about=dataset.about[language()])
    _note(dataset.caution)


def _note(texts: Mapping[str, str]) -> None:
    if texts:
        show_notes(talk(), [texts[language()]], style="yellow")


def _have(session: Session, kind: Kind, id: str) -> Path:
    """Download; if a hub does not deliver, let the user choose another way.

    Raises:
        GoBack: On Esc.
        KeyboardInterrupt: After saying that what has arrived is kept.
    """
    how = _Way()
    cache = download.cache_of(session.folder.root)
    there = download.wanted_of(kind, repository_id(id, kind)).ids
    others = [hub for hub in HUBS.values() if hub is not USUAL_HUB and hub.name in there]
    while True:
        try:
            fetched = download.obtain(kind, id, cache, source=how.source, endpoint=how.endpoint)
            return fetched.folder
        except KeyboardInterrupt:
            say("download.kept", style="yellow")
            raise
        except XtguiError as error:
            show_error(error)
        ways = {
            _AGAIN: how,
            _MIRROR: _Way(endpoint=USUAL_HUB.mirror),
            **{hub.name: _Way(source=hub) for hub in others},
        }
        chosen = ask.select(
            t("from_hub.what_now"),
            [(way, t(f"from_hub.way_{way}", mirror=USUAL_HUB.mirror)) for way in (*ways, _BACK)],
            _MIRROR if how == _Way() else _AGAIN,
            name=f"{kind}.way",
            explain=t("from_hub.ways_explained"),
            may_go_back=True,
            echo="none",
        )
        if chosen == _BACK:
            raise ask.GoBack
        how = ways[chosen]
