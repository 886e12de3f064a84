"""Real training runs, conversions and answers for the tests, all of tiny models."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tiny
from made_checkpoints import save_checkpoint
from places import SUPPORT

from xtgui_cli.project.config_filler import fill
from xtgui_cli.runs.engine_session import EngineSession
from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.shared.events import Event, EventReader
from xtgui_cli.shared.run_folder import RunFolder

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
PATIENCE_S = 120

SMALL: dict[str, Any] = {
    "prompt_template": "qwen_chat",
    "max_length": 128,
    "accumulative_counts": 8,
    "max_epochs": 1,
    "lr": 5e-3,
    "warmup_ratio": 0.1,
    "save_steps": 1000,
    "evaluation_freq": 1000,
    "evaluation_inputs": ["Who is number 3?"],
    "max_new_tokens": 8,
}
"""80 rows give 27 packed samples: 27 iterations, and a last accumulation cycle that is not full."""
ITERATIONS = 27


class Engine:
    """The engine server, and the runs that it is asked for."""

    def __init__(self, folder: Path) -> None:
        environment = engine_environment() | {
            "OMP_NUM_THREADS": "1",
        }
        self._log = (folder / "engine_server.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, str(SUPPORT / "engine_server.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=environment,
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the engine server died, see {self._log.name}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        self._process.communicate(timeout=PATIENCE_S)
        self._log.close()


@dataclass
class TrainingRun:
    """One project folder with a config, and its training."""

    engine: Engine
    folder: RunFolder
    pid: int = 0
    largest_file: int = 0
    """Bytes above which no file may grow, as on a full disk; 0: no limit."""
    patience_s: float = PATIENCE_S
    """How long it waits for room."""
    config_before: str = ""
    items: str = ""
    """A folder of questions of general knowledge; "": those that we ship."""

    def start(self, resume: str | None = None) -> None:
        argv = ["train", "--config", str(self.folder.config_file)]
        argv += ["--work-dir", str(self.folder.work_dir), "--run-id", "run"]
        if resume:
            argv += ["--resume", str(self.folder.work_dir / resume)]
        self._ask(argv)

    def start_plain(self) -> None:
        """Have xtuner itself train, without our hooks."""
        self._ask(["plain", str(self.folder.config_file), "--work-dir", str(self.folder.work_dir)])

    def _ask(self, argv: list[str]) -> None:
        log = str(self.folder.log_file)
        root = str(self.folder.root)
        answer = self.engine.ask(
            argv=argv,
            cwd=root,
            log=log,
            largest_file=self.largest_file,
            patience_s=self.patience_s,
            items=self.items,
        )
        self.pid = answer["pid"]

    def wait(self) -> int:
        """Wait for its end and give the exit code."""
        code: int = self.engine.ask(wait=self.pid)["code"]
        return code

    def train(self, resume: str | None = None) -> list[Event]:
        """Start, wait, and give the events; the run must finish."""
        self.start(resume)
        assert self.wait() == 0, self.log()
        return self.events()

    def fail(self) -> Event:
        """Start, wait, and give the end event of a run that must fail."""
        self.start()
        assert self.wait() == 1, self.log()
        return self.events("end")[-1]

    def stop_at(self, iteration: int) -> int:
        """Ask for a stop once an iteration has been done, and give the exit code."""
        self.wait_for(lambda event: event["event"] == "iter" and event["iter"] >= iteration)
        os.kill(self.pid, signal.SIGTERM)
        return self.wait()

    def wait_for(self, wanted: Callable[[Event], bool]) -> Event:
        """Wait until an event comes of which *wanted* is true."""
        read = EventReader(self.folder.events_file)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for event in read():
                if wanted(event):
                    return event
                assert event["event"] != "end", self.log()
            time.sleep(0.002)
        raise AssertionError("the event did not come: " + self.log())

    def events(self, name: str | None = None) -> list[Event]:
        events = EventReader(self.folder.events_file)()
        return [event for event in events if name in (None, event["event"])]

    def losses(self) -> dict[int, float]:
        """Give the raw loss by iteration, later starts winning."""
        return {event["iter"]: event["loss"] for event in self.events("iter")}

    def log(self) -> str:
        log = self.folder.log_file
        return log.read_text("utf-8", errors="replace")[-4000:] if log.exists() else ""


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


NewRun = Callable[..., TrainingRun]


@pytest.fixture(scope="session")
def new_run(
    engine: Engine, tiny_model: Path, tiny_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> NewRun:
    """Give a function that makes a project folder: `new_run("lora", max_epochs=2)`."""

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
    """Give a function that gives the finished run of a method, trained when first asked for."""

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
