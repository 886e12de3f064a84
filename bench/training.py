"""The demo's run, with `xtgui train` and without it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from spread import Row, ratios

from xtgui_cli.planning import machine
from xtgui_cli.project.build_run import build_run
from xtgui_cli.project.config_writer import write_config
from xtgui_cli.project.demo_model import demo_data_file, ensure_demo_model
from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.settings.layers import Layers
from xtgui_cli.shared.events import EventReader
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard.demo import demo_settings

BIN = Path(sys.executable).parent
BARE = Path(__file__).with_name("bare_engine.py")


@dataclass(frozen=True)
class Taken:
    """The cost of one run."""

    whole_s: float
    iterations_s: float


def measure_training(rounds: int) -> list[Row]:
    """Compare complete runs and the sums of their iterations, round after round."""
    taken: dict[str, list[Taken]] = {"xtgui": [], "bare": [], "xtuner": []}
    for _ in range(rounds):
        for name, runs in taken.items():
            runs.append(_run(name))
            print(f"  {name}: {runs[-1]}", file=sys.stderr, flush=True)
    whole = {name: [run.whole_s for run in runs] for name, runs in taken.items()}
    iterations = {name: [run.iterations_s for run in runs] for name, runs in taken.items()}
    return [
        Row(
            "demo, summed iterations: `xtgui train` / bare engine with the same fixes",
            ratios(iterations["xtgui"], iterations["bare"]),
            "×",
            "1 within the spread",
        ),
        Row(
            "demo, whole run: bare engine with the same fixes / `xtgui train`",
            ratios(whole["bare"], whole["xtgui"]),
            "×",
            "",
        ),
        Row(
            "demo, whole run: xtuner's own choices / `xtgui train`",
            ratios(whole["xtuner"], whole["xtgui"]),
            "×",
            "≥ 1.3",
        ),
    ]


def _run(name: str) -> Taken:
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(Path(place) / "project")
        _write_project(folder)
        if name == "xtgui":
            return _run_xtgui(folder)
        if name == "xtuner":
            _choose_as_xtuner(folder.config_file)
        return _run_bare(folder, name)


def _write_project(folder: RunFolder) -> None:
    answers = demo_settings(folder, "lora", ensure_demo_model())
    answers["data.path"] = str(demo_data_file())
    folder.root.mkdir(parents=True)
    settings = Layers(answers=answers).to_plan()
    write_config(build_run(settings, machine.detect()), folder)


def _run_xtgui(folder: RunFolder) -> Taken:
    environment = os.environ | {"XTGUI_CONFIG_DIR": str(folder.root / "config")}
    command = [str(BIN / "xtgui"), "train", "--root", str(folder.root), "--yes", "--trust"]
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    whole_s = time.perf_counter() - began
    events = EventReader(folder.events_file)()
    return Taken(whole_s, sum(event["time_s"] for event in events if event["event"] == "iter"))


def _run_bare(folder: RunFolder, fixes: str) -> Taken:
    times = folder.root / "times.json"
    command = [sys.executable, str(BARE), fixes, str(folder.config_file), str(times)]
    began = time.perf_counter()
    subprocess.run(
        command, env=engine_environment(), check=True, capture_output=True, cwd=folder.root
    )
    whole_s = time.perf_counter() - began
    return Taken(whole_s, sum(json.loads(times.read_text())["iterations_s"]))


def _choose_as_xtuner(config: Path) -> None:
    """Write into a config the values that every config shipped with xtuner has."""
    text = config.read_text("utf-8")
    text = re.sub(r"(?m)^use_activation_checkpointing = .*", _ACTIVATIONS, text)
    text = text.replace("map_num_proc=None", "map_num_proc=32")
    config.write_text(text, "utf-8")


_ACTIVATIONS = "use_activation_checkpointing = True"
