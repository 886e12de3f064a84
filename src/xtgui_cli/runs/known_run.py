"""The runs of a project, and the differences between two of them: plain frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..settings.table import Value
from ..shared.run_folder import RunFolder
from .quick_status import State
from .snapshot import Snapshot

CURRENT = "current"
"""The name of the run in work_dir; others are named by their time."""


@dataclass(frozen=True, kw_only=True)
class KnownRun:
    """One run of a project."""

    name: str
    """CURRENT, or the time at which it was archived: 20240131_145313."""
    folder: RunFolder
    state: State
    iteration: int
    total: int | None
    checkpoint: str | None
    """The latest one."""
    snapshot: Snapshot
    """Without its middle, unless that was asked for."""

    @property
    def began_at(self) -> float | None:
        """Time of its first start, in seconds since the epoch; None if unknown."""
        launches = self.snapshot.launches
        return launches[0].at if launches and launches[0].at > 0 else None


@dataclass(frozen=True)
class SettingDifference:
    """A setting with different values in two runs."""

    key: str
    values: tuple[Value, Value]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The differences between two runs of a project."""

    runs: tuple[KnownRun, KnownRun]
    settings: Sequence[SettingDifference] | None
    """None if the config of either cannot be read."""
    changed: Sequence[str]
    """What has other contents under the same name: data, weights, tokenizer, template..."""
