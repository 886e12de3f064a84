"""One start exactly as the UI makes it: by path, with nothing imported before."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from training_runs import NewRun

from xtgui_cli.runs.training_process import engine_command, engine_environment

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_the_engine_says_at_once_that_it_starts_and_stops_with_a_checkpoint(
    new_run: NewRun,
) -> None:
    run = new_run("lora", max_epochs=200)
    folder = run.folder
    command = engine_command(
        Path(sys.executable),
        *("train", "--config", str(folder.config_file)),
        *("--work-dir", str(folder.work_dir), "--run-id", "run"),
    )

    with folder.log_file.open("w") as log:
        engine = subprocess.Popen(
            command,
            cwd=folder.root,
            stdout=log,
            stderr=log,
            env=engine_environment() | {"OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
    run.wait_for(lambda event: event["event"] == "iter")
    engine.send_signal(signal.SIGTERM)
    code = engine.wait(60)

    start, phase = run.events()[:2]
    assert (start["event"], phase["name"]) == ("start", "importing")
    assert "bitsandbytes_hidden" in run.events("engine")[0]["fixes"]
    assert code == 130
    assert (folder.work_dir / run.events("end")[0]["checkpoint"]).is_file()
    assert not (folder.state_dir / "cache").exists()
