"""`xtgui stop`: end a run with a checkpoint."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from ..project import run_report
from ..runs.run_reader import RunReader
from ..runs.training_process import kill_training, request_stop, wait_until_free
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..texts import t
from ..ui.console import is_interactive, say

_PATIENCE_S = 60.0


@dataclass(frozen=True, kw_only=True)
class StopRequest:
    """Which run to stop."""

    root: Path
    """The project's folder."""


def run(request: StopRequest) -> Exit:
    """Stop the run with a checkpoint and wait until it has left.

    Raises — XtguiError "train.not_running", "train.unnamed_holder", "train.stop_unanswered".
    """
    folder = RunFolder(request.root)
    reader = RunReader(folder)
    reader.update()
    if not reader.is_alive:
        raise XtguiError("train.not_running", Exit.ANSWERS, path=folder.root)
    if reader.pid is None:
        lock = shlex.quote(str(folder.lock_file))
        raise XtguiError("train.unnamed_holder", Exit.FAILED, lock=lock)
    request_stop(folder)
    say("train.stop_asked")
    if not wait_until_free(folder, _PATIENCE_S):
        if not (is_interactive() and _may_kill()):
            raise XtguiError(
                "train.stop_unanswered", Exit.FAILED, pid=reader.pid, seconds=int(_PATIENCE_S)
            )
        kill_training(folder)
        wait_until_free(folder, _PATIENCE_S)
        say("train.killed")
        return Exit.DONE
    reader.update()
    code = run_report.report(reader)
    return Exit.DONE if code == Exit.INTERRUPTED else code


def _may_kill() -> bool:
    from ..ui import ask

    return ask.confirm(t("train.kill_question"), default=False, name="kill")
