"""Real training runs, conversions and answers for the tests, all of tiny models."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny
from made_checkpoints import save_checkpoint
from places import CONFIGS
from training_runs import SMALL, Engine, NewRun, TrainingRun

from xtgui_cli.project.config_filler import fill
from xtgui_cli.runs.engine_session import EngineSession
from xtgui_cli.shared.run_folder import RunFolder


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("engine"))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_data(tmp_path_factory.mktemp("data") / "rows.jsonl", rows=80)


@pytest.fixture(scope="session")
def new_run(
    engine: Engine, tiny_model: Path, tiny_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> NewRun:
    """Return a function that makes a project folder: `new_run("lora", max_epochs=2)`."""

    def make(method: str, **values: Any) -> TrainingRun:
        folder = RunFolder(tmp_path_factory.mktemp(method))
        folder.work_dir.mkdir()
        known = SMALL | ({"lora_r": 4} if method != "full" else {})
        paths = {"pretrained_model_name_or_path": str(tiny_model), "data_path": str(tiny_data)}
        text = (CONFIGS / f"{method}.py").read_text("utf-8")
        folder.config_file.write_text(fill(text, known | paths | values), "utf-8")
        return TrainingRun(engine, folder)

    return make


@pytest.fixture(scope="session")
def trained_runs(new_run: NewRun) -> Callable[[str], TrainingRun]:
    """Return a function that gives the finished run of a method, trained when first asked for."""

    @functools.cache
    def trained(method: str) -> TrainingRun:
        run = new_run(method)
        run.train()
        return run

    return trained


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineSession]:
    """An engine that converts, merges and answers, for tests of any of these."""
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    log = tmp_path_factory.mktemp("serve") / "engine.log"
    with EngineSession(Path(sys.executable), log, environment) as session:
        yield session


@pytest.fixture(scope="session")
def converted(
    session: EngineSession, tiny_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """A converted folder for each method, made from checkpoints with loud random weights."""
    folder = tmp_path_factory.mktemp("converted")
    made = {}
    for method in ("lora", "qlora", "full"):
        checkpoint = save_checkpoint(folder / f"{method}.pth", tiny_model, method)
        made[method] = folder / f"{method}_hf"
        session.result("convert", checkpoint=str(checkpoint), out=str(made[method]))
    return made
