"""`xtgui stop`: end a run with a checkpoint."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from ..project import run_report
from ..runs.copied_command import quote
from ..runs.end_at_once import end_at_once
from ..runs.run_reader import RunReader
from ..runs.training_process import request_stop, wait_until_free
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..shared.stop_requests import SAME_REQUEST_S
from ..texts import t
from ..ui.console import is_interactive, say, talk
from ..ui.train_words import stalled

_PATIENCE_S = 60.0


@dataclass(frozen=True, kw_only=True)
class StopRequest:
    """Which run to stop."""

    root: Path
    """The project's folder."""
    at_once: bool = False
    """Save nothing and do not wait."""


def run(request: StopRequest) -> Exit:
    """Stop the run with a checkpoint and wait until it has exited.

    A second request, some seconds later, stops it at once.

    Raises:
        XtguiError: "train.not_running", "train.unnamed_holder", "train.stop_unanswered".
    """
    folder = RunFolder(request.root)
    reader = RunReader(folder)
    reader.update()
    if not reader.is_alive:
        raise XtguiError("train.not_running", Exit.ANSWERS, path=folder.root)
    if reader.pid is None:
        lock = quote(folder.lock_file)
        raise XtguiError("train.unnamed_holder", Exit.FAILED, lock=lock)
    if request.at_once or _is_second_request(reader):
        return _end_at_once(reader)
    request_stop(folder)
    say("train.stop_asked")
    if stall := stalled(reader):
        talk().print(f"! {stall}", soft_wrap=True)
    if not wait_until_free(folder, _PATIENCE_S):
        if not (is_interactive() and _may_kill()):
            raise XtguiError(
                "train.stop_unanswered", Exit.FAILED, pid=reader.pid, seconds=int(_PATIENCE_S)
            )
        return _end_at_once(reader)
    reader.update()
    code = run_report.report(reader)
    return Exit.DONE if code == Exit.INTERRUPTED else code


def _is_second_request(reader: RunReader) -> bool:
    """Return whether the run has been stopping for a while: two requests may come at once."""
    snapshot = reader.snapshot()
    is_asked = reader.has_spoken and snapshot.is_stopping and snapshot.end is None
    return is_asked and time.time() - snapshot.stopping_at >= SAME_REQUEST_S


def _end_at_once(reader: RunReader) -> Exit:
    end_at_once(reader)
    say("train.killed")
    return Exit.DONE


def _may_kill() -> bool:
    from ..ui import ask

    return ask.confirm(t("train.kill_question"), default=False, name="kill")
