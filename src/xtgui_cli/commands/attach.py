"""`xtgui attach`: follow the run of a folder from any terminal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..project.live_view import watch
from ..runs.run_reader import known_run
from ..shared.errors import Exit
from ..shared.run_folder import RunFolder


@dataclass(frozen=True, kw_only=True)
class AttachRequest:
    """Which run to follow."""

    root: Path
    """The project's folder."""
    plain: bool = False
    """Print lines instead of the live screen."""


def run(request: AttachRequest) -> Exit:
    """Follow the run of this folder, with its full history; if it has ended, say how.

    Raises:
        XtguiError: "train.nothing_here" if nothing was ever started.
    """
    reader = known_run(RunFolder(request.root))
    code = watch(reader, plain=request.plain)
    # An end before anybody was watching is not an interruption of this command.
    return Exit.DONE if code == Exit.INTERRUPTED and not reader.was_alive else code
