"""`xtgui train` with the real engine where the memory runs out: named, and resumed exactly.

What the process may take is limited while it trains, below what it has already: whatever it asks
the system for from then on is refused. The kernel's OOM killer, which takes a process without a
word, cannot be provoked without a control group of one's own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from places import CONFIGS
from training_runs import SMALL

from xtgui_cli.engine.checkpoint_reader.checkpoint_file import require_intact
from xtgui_cli.engine.resumable import require_resumable
from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.events import Event, EventReader
from xtgui_cli.shared.run_folder import RunFolder, latest_checkpoint

PATIENCE_S = 600

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_a_training_that_runs_out_of_memory_is_named_and_resumed_exactly(
    tiny_model: Path, tiny_data: Path, tmp_path: Path
) -> None:
    values = {
        **SMALL,
        "pretrained_model_name_or_path": str(tiny_model),
        "data_path": str(tiny_data),
        "max_epochs": 2,
        "save_steps": 8,
        "max_new_tokens": 4,
    }
    folder = RunFolder(tmp_path / "project")
    folder.work_dir.mkdir(parents=True)
    config = fill((CONFIGS / "lora.py").read_text("utf-8"), values)
    folder.config_file.write_text(config, "utf-8")
    environment = dict(os.environ, OMP_NUM_THREADS="1", XTGUI_LANG="en")
    environment["XTGUI_CONFIG_DIR"] = str(tmp_path / "user")
    # every tensor is asked of the system and given back, none comes from what was freed before
    environment["MALLOC_MMAP_THRESHOLD_"] = "8192"

    with start(folder, environment, "--trust") as process:
        wait_for_iteration(process, folder, 12)
        pid = events(folder, "start")[0]["pid"]
        resource.prlimit(pid, resource.RLIMIT_AS, (2**20, resource.RLIM_INFINITY))
        told = process.communicate(timeout=PATIENCE_S)[0]
    end = events(folder, "end")[-1]
    before = {event["iter"]: event["loss"] for event in events(folder, "iter")}
    saved = latest_checkpoint(folder.work_dir)

    assert process.returncode == 1, told
    assert (end["status"], end["code"]) == ("failed", "host_out_of_memory"), told
    assert saved is not None
    require_intact(saved.path, require_resumable)
    with start(folder, environment, "--resume", saved.name) as process:
        told = process.communicate(timeout=PATIENCE_S)[0]

    again = {event["iter"]: event["loss"] for event in events(folder, "iter")[len(before) :]}
    assert process.returncode == 0, told
    assert events(folder, "end")[-1]["status"] == "finished"
    assert min(again) == saved.iter + 1
    twice = before.keys() & again.keys()
    assert twice
    assert {number: before[number] for number in twice} == {n: again[n] for n in twice}


def start(
    folder: RunFolder, environment: Mapping[str, str], *arguments: str
) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "xtgui_cli", "train", "--yes", *arguments]
    return subprocess.Popen(
        command,
        cwd=folder.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def events(folder: RunFolder, name: str) -> list[Event]:
    return [event for event in EventReader(folder.events_file)() if event["event"] == name]


def wait_for_iteration(process: subprocess.Popen[str], folder: RunFolder, iteration: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not any(event["iter"] >= iteration for event in events(folder, "iter")):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.01)
