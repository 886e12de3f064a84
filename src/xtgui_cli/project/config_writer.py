"""Writes the config of a project, and keeps what the user changed in it by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..settings.layers import Layer
from ..settings.table import BY_CONFIG_NAME, BY_KEY, Origin
from ..shared.atomic import write_text
from ..shared.config_file import read
from ..shared.disk import free_bytes, nearest_existing
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..ui.console import say
from ..ui.units import file_size
from .config_filler import fill
from .row_record import RECORD, RowRecord, remove_unused
from .training_rows import write_rows
from .written_config import (
    METHOD,
    SOURCE,
    WrittenConfig,
    is_equal,
    read_written_config,
    record_file,
)

if TYPE_CHECKING:
    from .build_run import BuiltRun

NEEDED_BYTES = 8_000_000


@dataclass(frozen=True)
class Disagreement:
    """A value that differs between the config and the settings."""

    name: str
    """The name in the config."""
    in_config: Any
    answered: Any


def find_disagreements(
    in_config: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[Disagreement, ...]:
    """Return the values that differ in a config; names it computes or lacks are left out."""
    return tuple(
        Disagreement(name, in_config[name], value)
        for name, value in values.items()
        if name in in_config and not is_equal(in_config[name], value)
    )


def write_config(run: BuiltRun, folder: RunFolder) -> tuple[Disagreement, ...]:
    """Write the config of a project and the rows that it trains; return the edits that were kept.

    Settings of the user are written. A config of another method, or one without the names that this
    method needs, is renamed to xtuner_config.old.py and the shipped one takes its place.

    Raises:
        XtguiError: "config.no_space", "config.not_writable", or "config.syntax" if the present file
            is broken.
        DataChangedError: If the user's file is not what was counted.
    """
    _require_space(folder.work_dir, NEEDED_BYTES + run.data.bytes * run.rows.is_made)
    try:
        folder.work_dir.mkdir(parents=True, exist_ok=True)
        folder.state_dir.mkdir(exist_ok=True)
        present = read_written_config(folder)
        rows_before = RowRecord.from_json(present.record.get(RECORD)) if present else None
        run = write_rows(run, folder)
        if present is not None and not _fits(present, run):
            old = free_name(folder.config_file)
            shutil.copy2(folder.config_file, old)  # the config stays until the new one is complete
            say("config.put_aside", name=old.name)
            present = None
        text, kept = _fill(present, run)
        if present is None or text != present.text:
            write_text(folder.config_file, text, through_links=True)
        record = _new_record(text, present, run)
        write_text(record_file(folder), json.dumps(record, indent=1))
        remove_unused(rows_before, RowRecord.of(run), folder)
    except OSError as error:
        path = error.filename or folder.config_file
        raise XtguiError(
            "config.not_writable", Exit.ANSWERS, path=path, reason=error.strerror
        ) from None
    return kept


def set_values(folder: RunFolder, changes: Layer) -> None:
    """Write some settings into a config, and leave everything else in it as it is.

    Raises:
        XtguiError: "config.missing_name" or "config.not_plain" if the config has no such value,
            "config.not_writable".
    """
    present = read_written_config(folder)
    if present is None or not changes:
        return
    values = {
        BY_KEY[key].config_name or "": list(value) if isinstance(value, tuple) else value
        for key, value in changes.items()
    }
    _put_values(folder, present, values, recorded=values)


def replace_values(folder: RunFolder, values: Mapping[str, Any]) -> None:
    """Write values of a config, by name; earlier edits of them still count as the user's.

    Raises:
        XtguiError: Those of `set_values`.
    """
    present = read_written_config(folder)
    if present is not None:
        ours = {name: value for name, value in values.items() if not present.is_edited(name)}
        _put_values(folder, present, values, recorded=ours)


def _put_values(
    folder: RunFolder,
    present: WrittenConfig,
    values: Mapping[str, Any],
    *,
    recorded: Mapping[str, Any],
) -> None:
    try:
        text = fill(present.text, values, str(folder.config_file))
        write_text(folder.config_file, text, through_links=True)
        record = {**present.record, **recorded}
        write_text(record_file(folder), json.dumps(record, indent=1))
    except OSError as error:
        raise XtguiError(
            "config.not_writable",
            Exit.ANSWERS,
            path=error.filename or folder.config_file,
            reason=error.strerror,
        ) from None


def _new_record(text: str, present: WrittenConfig | None, run: BuiltRun) -> dict[str, Any]:
    """Return the record of what xtgui wrote; an edit that stays is still an edit."""
    said = read(text)
    before = present.record if present is not None else {}
    was = present.values if present is not None else {}
    record: dict[str, Any] = {METHOD: run.settings.train.method}
    for name, value in run.values.items():
        stays = name in before and name in was and is_equal(was[name], said[name])
        record[name] = before[name] if stays else said.get(name, value)
        if name not in before and not is_equal(said[name], value):
            record[name] = value
    if run.settings.origin(BY_KEY["data.path"]) == Origin.EDITED:
        record[SOURCE if run.rows.is_made else "data_path"] = None
    record[RECORD] = RowRecord.of(run).to_json()
    return record


def _fill(present: WrittenConfig | None, run: BuiltRun) -> tuple[str, tuple[Disagreement, ...]]:
    if present is None:
        return run.config_text, ()
    kept = tuple(
        difference
        for difference in find_disagreements(present.values, run.values)
        if present.is_edited(difference.name) and not _is_given(difference.name, run)
    )
    stays = {difference.name for difference in kept}
    values = {name: value for name, value in run.values.items() if name not in stays}
    return fill(present.text, values), kept


def _is_given(name: str, run: BuiltRun) -> bool:
    setting = BY_CONFIG_NAME.get("data_path" if name == SOURCE else name)
    return setting is not None and run.settings.is_given(setting)


def _fits(present: WrittenConfig, run: BuiltRun) -> bool:
    """Return whether a config is of the run's method and assigns every name plainly."""
    is_same_method = present.values[METHOD] == run.settings.train.method
    return is_same_method and run.values.keys() <= present.values.keys()


def free_name(file: Path) -> Path:
    """Return an unused name beside a config to keep it under."""
    name = file.with_name(f"{file.stem}.old.py")
    number = 2
    while name.exists():
        name = file.with_name(f"{file.stem}.old{number}.py")
        number += 1
    return name


def _require_space(folder: Path, needed: int) -> None:
    free = free_bytes(folder)
    if free < needed:
        raise XtguiError(
            "config.no_space",
            Exit.FAILED,
            folder=nearest_existing(folder),
            free=file_size(free),
            needed=file_size(needed),
        )
