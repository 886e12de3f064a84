"""The run of a folder, from any terminal: attach, status, logs, stop."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from ..project import run_report as run_end
from ..project.live_view import watch
from ..runs.log_tail import LogTail, last_lines
from ..runs.run_reader import FollowedRun
from ..runs.training_process import is_running, kill_training, request_stop, wait_until_free
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, list_checkpoints
from ..texts import t
from ..ui.console import is_interactive, out, sanitize, say
from ..ui.json_output import print_json

_STOP_PATIENCE_S = 60.0
_POLL_S = 0.1


def attach(root: Path, plain: bool) -> Exit:
    """Follow the run of this folder, with its whole history; of one that has ended, say how.

    Raises — XtguiError "train.nothing_here" where nothing was ever started.
    """
    run = _run_of(root)
    code = watch(run, plain)
    # An end that was reached before anybody looked is no interruption of this command.
    return Exit.DONE if code == Exit.INTERRUPTED and not run.was_alive else code


def status(root: Path, as_json: bool) -> Exit:
    """Say whether it trains and how far it is; always exit code 0 where a run is known."""
    run = _run_of(root)
    run.update()
    if as_json:
        print_json(_status(run))
        return Exit.DONE
    from ..ui.train_lines import status_lines

    left = [checkpoint.name for checkpoint in list_checkpoints(run.folder.work_dir)]
    lines = status_lines(run.snapshot(), run.state, run.pid, run.started_at, time.time(), left)
    for line in lines:
        out().print(line, soft_wrap=True)
    if run.state in ("failed", "died"):
        from ..ui import train_words as words

        out().print(f"✗ {words.fault(run_end.failure(run))}", soft_wrap=True)
    say(f"train.next_{run.state}")
    return Exit.DONE


def _status(run: FollowedRun) -> dict[str, Any]:
    snapshot = run.snapshot()
    notice = run_end.failure(run) if run.state in ("failed", "died") else None
    return {
        "state": run.state,
        "pid": run.pid if run.is_alive else None,
        "run_id": snapshot.run_id,
        "method": snapshot.method,
        "model": snapshot.model,
        "phase": snapshot.phase or None,
        "iteration": snapshot.iteration,
        "total": snapshot.total,
        "epoch": snapshot.epoch,
        "max_epochs": snapshot.max_epochs,
        "loss": snapshot.loss,
        "lr": snapshot.lr,
        "iteration_s": snapshot.iteration_s,
        "left_s": snapshot.left_s if run.is_alive else None,
        "memory_gib": snapshot.memory_gib,
        "started_at": run.started_at or None,
        "checkpoints": [saved.name for saved in list_checkpoints(run.folder.work_dir)],
        "fault": notice.code if notice else None,
        "log": str(run.folder.log_file),
    }


def logs(root: Path, lines: int, follow: bool) -> Exit:
    """Print the last lines of the log, cleaned of what steers a terminal; go on while it grows.

    Following ends with Ctrl-C, which the caller turns into its exit code, or with the run.
    """
    folder = RunFolder(root)
    if not folder.log_file.exists():
        raise XtguiError("train.no_log", Exit.ANSWERS, path=folder.log_file)
    tail = LogTail(folder.log_file)
    tail.read()  # from here on only what is new
    tail.lines.clear()
    _write_lines(last_lines(folder.log_file, lines))
    if not follow:
        return Exit.DONE
    run = FollowedRun(folder)
    try:
        while True:
            run.update()
            if tail.read():
                _write_lines(tail.lines)
                tail.lines.clear()
            elif not run.is_alive:
                return Exit.DONE
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        return Exit.DONE


def _write_lines(lines: Any) -> None:
    for line in lines:
        sys.stdout.write(sanitize(line) + "\n")
    sys.stdout.flush()


def stop(root: Path) -> Exit:
    """Stop the run with a checkpoint and wait until it has left.

    Raises — XtguiError "train.not_running", "train.stop_unanswered".
    """
    folder = RunFolder(root)
    run = FollowedRun(folder)
    run.update()
    if not run.is_alive:
        raise XtguiError("train.not_running", Exit.ANSWERS, path=folder.root)
    request_stop(folder)
    say("train.stop_asked")
    if not wait_until_free(folder, _STOP_PATIENCE_S):
        if not (is_interactive() and _may_kill()):
            raise XtguiError(
                "train.stop_unanswered", Exit.FAILED, pid=run.pid, seconds=int(_STOP_PATIENCE_S)
            )
        kill_training(folder)
        wait_until_free(folder, _STOP_PATIENCE_S)
        say("train.killed")
        return Exit.DONE
    run.update()
    code = run_end.report(run)
    return Exit.DONE if code == Exit.INTERRUPTED else code


def _may_kill() -> bool:
    from ..ui import ask

    return ask.confirm(t("train.kill_question"), default=False, name="kill")


def _run_of(root: Path) -> FollowedRun:
    folder = RunFolder(root)
    if not folder.events_file.exists() and not is_running(folder):
        raise XtguiError("train.nothing_here", Exit.ANSWERS, path=folder.root)
    return FollowedRun(folder)
