"""What a training does with signals, in a process of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from xtgui_cli.engine import run_context
from xtgui_cli.engine.run_context import RunContext, listen_for_stop
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.events import EventReader, EventWriter
from xtgui_cli.shared.run_folder import RunFolder

STILL_THERE = 7


def after_signals(folder: RunFolder, signals: Sequence[signal.Signals], *, same_s: float) -> int:
    """Return the exit code of a training that gets some signals."""
    training = os.fork()
    if training == 0:
        pytest.MonkeyPatch().setattr(run_context, "SAME_REQUEST_S", same_s)
        context = RunContext(folder, EventWriter(folder.events_file), is_training=True)
        listen_for_stop(context, lambda: None)
        for number in signals:
            os.kill(os.getpid(), number)
        os._exit(STILL_THERE if context.stop_requested else 0)
    return os.waitstatus_to_exitcode(os.waitpid(training, 0)[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_a_request_lets_it_save_first(tmp_path: Path, number: signal.Signals) -> None:
    folder = RunFolder(tmp_path)

    assert after_signals(folder, [number], same_s=3) == STILL_THERE

    assert [event["event"] for event in EventReader(folder.events_file)()] == ["stopping"]


def test_what_follows_at_once_is_the_same_request(tmp_path: Path) -> None:
    signals = [signal.SIGTERM, signal.SIGTERM, signal.SIGUSR1]

    assert after_signals(RunFolder(tmp_path), signals, same_s=60) == STILL_THERE


def test_a_second_request_leaves_at_once(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)

    code = after_signals(folder, [signal.SIGTERM, signal.SIGTERM], same_s=0)

    assert code == Exit.INTERRUPTED
    events = list(EventReader(folder.events_file)())
    assert [event["event"] for event in events] == ["stopping", "end"]
    assert events[-1]["status"] == "stopped"
