"""Real training runs of the engine on a tiny model, and what they have left in their folders."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from places import SUPPORT

from xtgui_cli.project.checkpoints import find_resume_point
from xtgui_cli.project.further_epochs import find_further_epochs, write_further_epochs
from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.shared.events import Event, EventReader
from xtgui_cli.shared.run_folder import RunFolder

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
        """Return the raw loss by iteration, later starts winning."""
        return {event["iter"]: event["loss"] for event in self.events("iter")}

    def log(self) -> str:
        log = self.folder.log_file
        return log.read_text("utf-8", errors="replace")[-4000:] if log.exists() else ""


NewRun = Callable[..., TrainingRun]


def add_to_config(run: TrainingRun, **names: Any) -> TrainingRun:
    """Add top-level names to a run's config, over those that are there."""
    text = run.folder.config_file.read_text("utf-8")
    lines = [f"{name} = {value!r}\n" for name, value in names.items()]
    run.folder.config_file.write_text(text + "\n" + "".join(lines), "utf-8")
    return run


def read_checkpoint(run: TrainingRun, name: str) -> dict[str, Any]:
    from xtgui_cli.engine import checkpoint_values

    checkpoint: dict[str, Any] = checkpoint_values.load(run.folder.work_dir / name)
    return checkpoint


def train_further(run: TrainingRun, epochs: int = 1) -> str:
    """Do what `xtgui train --more` does before it starts the engine; give the checkpoint."""
    point = find_resume_point(run.folder)
    write_further_epochs(run.folder, find_further_epochs(run.folder, point, epochs))
    return point.checkpoint.name


def last_start(run: TrainingRun) -> list[Event]:
    events = run.events()
    return events[max(n for n, event in enumerate(events) if event["event"] == "start") :]


def rates(run: TrainingRun) -> dict[int, float]:
    return {event["iter"]: event["lr"] for event in run.events("iter")}


def copy_of(run: TrainingRun, folder: RunFolder) -> TrainingRun:
    shutil.copytree(run.folder.root, folder.root)
    return TrainingRun(run.engine, folder)
