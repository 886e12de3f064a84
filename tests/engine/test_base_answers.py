"""A base model answers general questions for real, and what is trained is what was planned."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import tiny
from safetensors.torch import load_file, save_file
from settings_of import settings_of
from training_runs import Engine, TrainingRun

from xtgui_cli.planning import machine
from xtgui_cli.project import general_answers, settled_run
from xtgui_cli.project.config_writer import write_config
from xtgui_cli.project.settled_run import settle_run
from xtgui_cli.shared.run_folder import RunFolder

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

END = tiny.SPECIAL.index("<|im_end|>")


@pytest.fixture
def talkative(tmp_path: Path) -> Path:
    """A random model that ends its answers before long: the end token is often the likeliest."""
    folder = tiny.save_model(tmp_path / "model", seed=3)
    weights = load_file(folder / "model.safetensors")
    weights["lm_head.weight"][END] *= 2
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


def test_answers_come_once_and_are_trained_as_planned(
    engine: Engine,
    talkative: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "user"))
    monkeypatch.setenv("XTGUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(settled_run, "ask_engine", general_answers.ask_engine)
    folder = RunFolder(tmp_path / "project")
    settings = settings_of(
        {
            "model.path": str(talkative),
            "data.path": str(tiny.save_data(tmp_path / "rows.jsonl", 40)),
            "data.mix_general": 10,
            "train.val_ratio": 0.2,
            "train.max_epochs": 1,
            "train.evaluation_inputs": ["Who is number 3?"],
            "train.max_new_tokens": 4,
        }
    )

    built = settle_run(settings, machine.detect())
    write_config(built, folder)
    run = TrainingRun(engine, folder)
    run.train()

    answers = [answer for _, answer in built.rows.general]
    assert 0 < len(answers) <= 10
    assert all(answer.strip() and "<|" not in answer for answer in answers)
    assert "answering general questions" in capfd.readouterr().err
    printed = re.search(r"Num train samples (\d+)", folder.log_file.read_text("utf-8"))
    assert printed is not None
    taught = 40 - len(built.rows.held_out)
    assert int(printed[1]) == built.plan.samples == taught + len(answers)
    assert run.events("plan")[0]["total_iters"] == built.plan.total_iters

    (kept,) = (tmp_path / "cache" / "general_answers").iterdir()
    known = json.loads(kept.read_text("utf-8"))["answers"]
    assert [answer for answer in known if answer][:10] == answers
    monkeypatch.setattr(settled_run, "ask_engine", None)
    assert settle_run(settings, machine.detect()).rows.general == built.rows.general
