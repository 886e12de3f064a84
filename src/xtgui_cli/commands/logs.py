"""`xtgui logs`: the end of a run's log, without control sequences."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..runs.log_tail import LogTail, last_lines
from ..runs.run_reader import RunReader
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..ui.console import write_plain

_POLL_S = 0.1


@dataclass(frozen=True, kw_only=True)
class LogsRequest:
    """Which log to print, and how much of it."""

    root: Path
    """The project's folder."""
    lines: int = 20
    """How many of the last lines."""
    follow: bool = False
    """Keep printing what is written."""


def run(request: LogsRequest) -> Exit:
    """Print the last lines of the log, and follow it as it grows if asked to.

    Following ends with Ctrl-C or with the run.

    Raises:
        XtguiError: "train.no_log" if there is no log.
    """
    folder = RunFolder(request.root)
    if not folder.log_file.exists():
        raise XtguiError("train.no_log", Exit.ANSWERS, path=folder.log_file)
    tail = LogTail(folder.log_file)
    tail.read()  # from here on only what is new
    tail.take_whole()
    _write(last_lines(folder.log_file, request.lines))
    if not request.follow:
        return Exit.DONE
    followed = RunReader(folder)
    try:
        while True:
            followed.update()
            if tail.read():
                _write(tail.take_whole())
            elif not followed.is_alive:
                return Exit.DONE
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        return Exit.DONE


def _write(lines: Iterable[str]) -> None:
    write_plain("".join(f"{line}\n" for line in lines))
