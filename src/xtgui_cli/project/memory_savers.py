"""What to change after a run that ran out of memory: the settings that save most, estimated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..planning import machine
from ..planning.memory.suggestions import Run, Suggestion, find_suggestions
from ..planning.memory.training_memory import GIB
from ..planning.memory.training_setup import Device, device_of
from ..runs.snapshot import Snapshot
from ..shared.run_folder import RunFolder
from .requirements import find_needs, read_shape_and_settings

MOST_NAMED = 3
_CLEARLY_LESS = 0.75
"""The share of the estimate that a change has to bring the run below: the run has shown that it
needs more than there was, whatever the estimate."""


_USED_UP = {
    "faults.cuda_out_of_memory": "cuda",
    "faults.host_out_of_memory": "cpu",
    "faults.oom_killed": "cpu",
}
"""Which memory was used up, to the device that trains in it: the estimate is for that memory
alone."""


@dataclass(frozen=True, kw_only=True)
class MemorySavers:
    """The settings that save most, and how much."""

    needed: int
    """The estimated memory of the run, in bytes."""
    best: tuple[Suggestion, ...]
    """Up to three, those that are enough first, then by savings; at least one."""


def find_memory_savers(folder: RunFolder, run: Snapshot, fault: str) -> MemorySavers | None:
    """Return what saves memory in a run that ran out of it.

    Args:
        folder: The project.
        run: The run.
        fault: The code of what ended it.

    Returns:
        None if something other than the training filled the memory, the model's shape is not known,
            or
        the run takes the minimum already.
    """
    kind, config = _USED_UP.get(fault), Path(run.config)
    if kind is None or kind != run.device or not config.is_file():
        return None
    here = device_of(machine.detect())
    return _savers_of(folder, config, here) if here.kind == kind else None


def _savers_of(folder: RunFolder, config: Path, device: Device) -> MemorySavers | None:
    known = read_shape_and_settings(config, folder.root)
    if known is None:
        return None
    shape, settings = known
    needed = find_needs(shape, settings, device, folder.work_dir, None).memory.total
    room = min(device.free_gib * GIB, _CLEARLY_LESS * needed)
    run = Run(shape=shape, settings=settings, device=device, room_bytes=room)
    best = find_suggestions(run).single[:MOST_NAMED]
    return MemorySavers(needed=needed, best=best) if best else None
