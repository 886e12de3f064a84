"""A run of XtunerGUI is resumed by `xtgui train --resume`, with the real engine, without a GPU."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tiny
from training_runs import Engine, TrainingRun
from xtunergui_folder import dump_config

from xtgui_cli.project.cpu_config import adapt_to_cpu, needs_gpu
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.run_folder import RunFolder

PATIENCE_S = 600

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_it_is_adapted_and_goes_on_from_the_checkpoint_that_xtuner_wrote(
    engine: Engine, tiny_model: Path, tmp_path: Path
) -> None:
    run = TrainingRun(engine, RunFolder(tmp_path / "gui"))
    run.folder.work_dir.mkdir(parents=True)
    config = run.folder.config_file
    dump_config(config, tiny_model, tiny.save_data(tmp_path / "rows.jsonl", rows=12))
    for_a_gpu = read_file(config)
    config.write_text(adapt_to_cpu(for_a_gpu))
    run.start_plain()
    assert run.wait() == 0, run.log()
    config.write_text(for_a_gpu)

    environment = dict(os.environ, OMP_NUM_THREADS="1", XTGUI_LANG="en")
    environment["XTGUI_CONFIG_DIR"] = str(tmp_path / "user")
    command = [
        "train",
        "--resume",
        "iter_35.pth",
        "--yes",
        "--trust",
        "--root",
        str(tmp_path / "gui"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "xtgui_cli", *command],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )

    assert done.returncode == 0, done.stderr
    assert not needs_gpu(read_file(config))
    assert read(read_file(config))["lr"] == 3e-4
    assert run.events("start")[0]["resumed_from"] == "iter_35.pth"
    assert [event["iter"] for event in run.events("iter")] == [36]
    assert run.events("end")[-1]["status"] == "finished"
