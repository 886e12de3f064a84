"""Finds the newest intact checkpoint, if the one that was meant is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from ..runs.engine_session import BrokenCheckpointError, EngineSession
from ..runs.progress import Progress
from ..shared.events import EventReader
from ..shared.json_values import text
from ..shared.run_folder import Checkpoint, RunFolder, list_checkpoints, list_course

Use = Literal["resume", "convert"]


class OfferIntact(Protocol):
    """Returns the intact checkpoint if it should be used; raises the error if not."""

    def __call__(self, error: BrokenCheckpointError, intact: Checkpoint | None, /) -> Checkpoint:
        """Return *intact* or raise *error*."""


def find_intact(
    engine: EngineSession, folder: RunFolder, broken: Path, use: Use
) -> Checkpoint | None:
    """Return the newest intact checkpoint before a broken one, or else the newest of all.

    Only those of the run's current course count. None if no other one is intact. Each is read
    completely, which takes a while.
    """
    there = list_checkpoints(folder.work_dir)
    number = next((one.iter for one in there if one.path.resolve() == broken.resolve()), 0)
    course = (one for one in _current_course(folder) if one.iter != number)
    newest_first = sorted(course, reverse=True)
    in_order = sorted(newest_first, key=lambda one: one.iter > number)
    paths = [str(one.path) for one in in_order]
    found = engine.result("find_intact", use=use, checkpoints=paths)["checkpoint"]
    return next((one for one in in_order if str(one.path) == found), None)


def _current_course(folder: RunFolder) -> list[Checkpoint]:
    """Return its checkpoints; those of an abandoned course may lie between them."""
    progress, saved = Progress(), set()
    for event in EventReader(folder.events_file)():
        progress.add(event)
        if event["event"] == "checkpoint":
            saved.add(text(event.get("file")))
    abandoned = saved - {one.name for one in progress.snapshot().checkpoints}
    return [one for one in list_course(folder.work_dir) if one.name not in abandoned]
