"""A config that mmengine has dumped, as by XtunerGUI, trains and is resumed without a GPU."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from conftest import Engine, TrainingRun
from xtunergui_folder import dump_config

from xtgui_cli.project.cpu_config import adapt_to_cpu, needs_gpu
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.run_folder import RunFolder, latest_checkpoint

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_a_run_of_xtuners_own_is_resumed_with_its_adapted_config(
    engine: Engine, tiny_model: Path, tmp_path: Path
) -> None:
    run = TrainingRun(engine, RunFolder(tmp_path))
    run.folder.work_dir.mkdir()
    config = run.folder.config_file
    dump_config(config, tiny_model, tiny.save_data(tmp_path / "rows.jsonl", rows=4))
    assert needs_gpu(read_file(config))
    config.write_text(adapt_to_cpu(read_file(config)))

    run.start_plain()  # xtuner puts a dump of its own in the config's place
    assert run.wait() == 0, run.log()
    before = latest_checkpoint(run.folder.work_dir)
    config.write_text(config.read_text().replace("max_epochs=3", "max_epochs=4"))
    run.train(resume="iter_10.pth")

    assert before is not None
    assert before.name == "iter_12.pth"
    assert not needs_gpu(read_file(config))
    assert read(read_file(config))["lr"] == 3e-4
    assert run.events("start")[0]["resumed_from"] == "iter_10.pth"
    assert run.events("end")[-1]["iter"] == 16
