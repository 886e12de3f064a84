"""`xtgui train` with the real engine on a real disk that fills up, and gets room again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from places import CONFIGS
from small_disk import small_disk
from training_runs import SMALL

from xtgui_cli.engine.checkpoint_reader.checkpoint_file import require_intact
from xtgui_cli.engine.resumable import require_resumable
from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.events import EventReader
from xtgui_cli.shared.run_folder import RunFolder, latest_checkpoint, list_checkpoints

PATIENCE_S = 600

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_it_pauses_keeps_its_checkpoints_and_goes_on_when_there_is_room(
    tiny_model: Path, tiny_data: Path, tmp_path: Path
) -> None:
    values = {
        **SMALL,
        "pretrained_model_name_or_path": str(tiny_model),
        "data_path": str(tiny_data),
        "max_epochs": 40,
        "save_steps": 5,
        "evaluation_inputs": ["Who?"],
        "max_new_tokens": 4,
    }
    environment = dict(os.environ, OMP_NUM_THREADS="1", XTGUI_LANG="en")
    environment["XTGUI_CONFIG_DIR"] = str(tmp_path / "user")
    with small_disk(tmp_path / "disk", 200) as disk:
        folder = RunFolder(disk.seen)
        folder.work_dir.mkdir()
        config = fill((CONFIGS / "lora.py").read_text("utf-8"), values)
        folder.config_file.write_text(config, "utf-8")
        command = disk.command(sys.executable, "-m", "xtgui_cli", "train", "--yes", "--trust")

        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            wait_for(process, lambda: has(folder, "checkpoint"))
            disk.fill()
            wait_for(process, lambda: has(folder, "waiting"))
            saved = list_checkpoints(folder.work_dir)
            for checkpoint in saved:
                require_intact(checkpoint.path, require_resumable)
            latest = latest_checkpoint(folder.work_dir)
            disk.make_room()
            told = process.communicate(timeout=PATIENCE_S)[0]

        events = list(EventReader(folder.events_file)())
        total = next(event["total_iters"] for event in events if event["event"] == "plan")
        seen = [event["iter"] for event in events if event["event"] == "iter"]
        assert saved
        assert latest == saved[-1]
        assert process.returncode == 0, told
        assert "! The disk is full and training is paused" in told
        assert "The disk has free space again: training continues." in told
        assert seen == list(range(1, total + 1))
        assert list(folder.work_dir.glob(".*.unfinished")) == []
        for checkpoint in list_checkpoints(folder.work_dir):
            require_intact(checkpoint.path, require_resumable)


def has(folder: RunFolder, name: str) -> bool:
    return any(event["event"] == name for event in EventReader(folder.events_file)())


def wait_for(process: subprocess.Popen[str], is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.01)
