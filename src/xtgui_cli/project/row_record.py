"""What the rows of a written config were made from, so that they follow when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..settings.table import BY_KEY, Settings
from ..shared.config_file import read_known
from ..shared.errors import XtguiError
from ..shared.run_folder import RunFolder
from .engine_environment import find_engine_for

TRAINED, HELD_OUT = "-trained.jsonl", "-held-out.jsonl"
"""Suffixes of the files."""

if TYPE_CHECKING:
    from .build_run import BuiltRun

RECORD = "rows"
"""Its key in the record of the config."""

_MADE_WITH = ("data.mix_general", "data.repeat_rows", "train.val_ratio")


@dataclass(frozen=True, kw_only=True)
class RowRecord:
    """What the rows were made from."""

    source: str = ""
    """The user's file."""
    state: tuple[int, ...] = ()
    """Time of its last change, in nanoseconds, and its size; empty if it is gone."""
    files: tuple[str, ...] = ()
    """The files made from it; none if it is trained as it is."""
    made_with: Mapping[str, Any] = field(default_factory=dict)
    """Settings, by key, that the files depend on."""
    awaits_engine: bool = False
    """Whether general questions are missing because there was no engine yet."""

    @classmethod
    def of(cls, run: BuiltRun) -> RowRecord:
        """Return the record of a run whose files are written."""
        files = (run.values["data_path"], run.values["val_data_path"]) if run.rows.is_made else ()
        return cls(
            source=str(run.data.path),
            state=_state(run.data.path),
            files=tuple(file for file in files if file),
            made_with={key: run.settings.value(BY_KEY[key]) for key in _MADE_WITH},
            awaits_engine=run.awaits_engine,
        )

    @classmethod
    def from_json(cls, content: object) -> RowRecord | None:
        """Return the record that `to_json` returned; None for anything else."""
        if not isinstance(content, Mapping):
            return None
        try:
            return cls(
                source=str(content["source"]),
                state=tuple(content["state"]),
                files=tuple(map(str, content["files"])),
                made_with=dict(content["made_with"]),
                awaits_engine=content["awaits_engine"] is True,
            )
        except (KeyError, TypeError, ValueError):
            return None

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON data."""
        return asdict(self)

    def is_outdated(self, settings: Settings) -> bool:
        """Return whether the rows differ from those that would be made now.

        Args:
            settings: The settings in force.
        """
        asked = {key: settings.value(BY_KEY[key]) for key in self.made_with if key in BY_KEY}
        if any(value not in (None, self.made_with[key]) for key, value in asked.items()):
            return True
        if self.awaits_engine and _has_engine(settings.model.path):
            return True
        now = _state(Path(self.source))
        if not self.files or not now:
            return False
        return now != self.state or not all(Path(file).is_file() for file in self.files)


def remove_unused(before: RowRecord | None, now: RowRecord, folder: RunFolder) -> None:
    """Remove files that were made for an earlier config and that no config of the project names.

    Only files that the record lists are touched, only in the project's own data folder, and only if
    they are named like ours.
    """
    unused = set(before.files) - set(now.files) if before else set()
    if not unused:
        return
    places = (folder.work_dir, folder.old_runs_dir)
    for config in (config for place in places for config in place.rglob("*.py")):
        unused -= {value for value in read_known(config).values() if isinstance(value, str)}
    for file in map(Path, unused):
        if file.parent == folder.data_dir and file.name.endswith((TRAINED, HELD_OUT)):
            file.unlink(missing_ok=True)


def _state(file: Path) -> tuple[int, ...]:
    try:
        status = file.stat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size


def _has_engine(model: str | None) -> bool:
    try:
        find_engine_for(Path(model) if model else None)
    except XtguiError:
        return False
    return True
