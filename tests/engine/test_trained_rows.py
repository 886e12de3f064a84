"""What is trained is the file that the config names, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from training_runs import NewRun, TrainingRun

from xtgui_cli.project.checked_run import count_run
from xtgui_cli.project.run_origin import RunOrigin

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

OTHER_ROWS = 200


def rows_of(run: TrainingRun) -> int:
    printed = re.search(r"Num train samples (\d+)", run.folder.log_file.read_text("utf-8"))
    assert printed is not None, run.log()
    return int(printed[1])


@pytest.mark.parametrize(
    ("name", "decoy"),
    [
        ("data[1].jsonl", "data1.jsonl"),
        ("q?.jsonl", "q1.jsonl"),
        ("we::ird $HOME [1]/**.jsonl", "we::ird $HOME 1/x.jsonl"),
    ],
)
def test_a_name_that_is_a_pattern_to_datasets_trains_that_file_alone(
    name: str, decoy: str, new_run: NewRun, tmp_path: Path
) -> None:
    for path in (tmp_path / name, tmp_path / decoy):
        path.parent.mkdir(exist_ok=True)
    data = tiny.save_data(tmp_path / name, 20)
    tiny.save_data(tmp_path / decoy, OTHER_ROWS)
    run = new_run("lora", data_path=str(data), pack_to_max_length=False)

    run.train()

    assert run.events("plan")[0]["samples"] == rows_of(run) == 20


def test_a_config_of_before_trains_the_file_that_it_names(new_run: NewRun, tmp_path: Path) -> None:
    data = tiny.save_data(tmp_path / "data[[]1].jsonl", 20)
    tiny.save_data(tmp_path / "data[1].jsonl", OTHER_ROWS)
    run = new_run("lora", data_path=str(data), pack_to_max_length=False)
    config = run.folder.config_file
    config.write_text(config.read_text("utf-8").replace("train=data_pattern", "train=data_path"))

    run.train()

    assert rows_of(run) == 20


def test_plain_xtuner_trains_that_file_too(new_run: NewRun, tmp_path: Path) -> None:
    data = tiny.save_data(tmp_path / "data[1].jsonl", 20)
    tiny.save_data(tmp_path / "data1.jsonl", OTHER_ROWS)
    run = new_run("lora", data_path=str(data), pack_to_max_length=False)

    run.start_plain()

    assert run.wait() == 0, run.log()
    assert rows_of(run) == 20


# --- held against what was counted before the start --------------------------------------------


def count(run: TrainingRun) -> None:
    """Count what a run trains, as `xtgui train` does before it starts the engine."""
    checked = count_run(run.folder, run.folder.config_file, RunOrigin())
    assert checked is not None
    run.folder.state_dir.mkdir(exist_ok=True)
    checked.write(run.folder.checked_run_file)


@pytest.mark.parametrize(
    "values",
    [
        {"pack_to_max_length": True, "batch_size": 2, "max_epochs": 2},
        {"pack_to_max_length": False, "max_dataset_length": 9, "max_length": 40, "warmup_iters": 0},
    ],
)
def test_what_was_counted_is_what_is_trained(
    values: dict[str, object], new_run: NewRun, tmp_path: Path
) -> None:
    run = new_run("lora", data_path=str(tiny.save_data(tmp_path / "rows.jsonl", 30)), **values)
    count(run)

    assert run.train()[-1]["status"] == "finished"


def add_row(rows: Path) -> None:
    rows.write_text(
        rows.read_text("utf-8") + rows.read_text("utf-8").splitlines()[0] + "\n", "utf-8"
    )


def change_word(rows: Path) -> None:
    rows.write_text(rows.read_text("utf-8").replace("assistant.", "assistant!", 1), "utf-8")


@pytest.mark.parametrize(
    ("change", "code"),
    [(add_row, "samples_not_as_checked"), (change_word, "tokens_not_as_checked")],
)
def test_data_that_change_after_they_were_counted_are_not_trained(
    change: Callable[[Path], None], code: str, new_run: NewRun, tmp_path: Path
) -> None:
    rows = tiny.save_data(tmp_path / "rows.jsonl", 20)
    run = new_run("lora", data_path=str(rows), pack_to_max_length=False)
    count(run)
    change(rows)

    end = run.fail()

    assert (end["status"], end["code"]) == ("failed", code)
    assert run.events("iter") == []
