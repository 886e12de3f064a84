"""The cost of the live screen while a training runs beside it."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pexpect
import psutil
from spread import Row, interleave, spread

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / "tests" / "support")]

import fake_engine  # noqa: E402  (a test's stand-in: it comes from the tests' folder)
import tiny  # noqa: E402

BIN = Path(sys.executable).parent
WATCHED_S = 20.0


def measure_screen(rounds: int) -> list[Row]:
    """Measure the share of one core, at two iterations a second, after the screen has started."""
    taken = interleave({"screen": _share_percent}, rounds, warm_up=0)
    return [Row("live screen, share of one core", spread(taken["screen"]), "%", "< 3")]


def _share_percent() -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {
            "XTGUI_CONFIG_DIR": str(folder / "config"),
            "XTGUI_LANG": "en",
            "TERM": "xterm-256color",
            "FAKE_ENGINE": "works iterations=300 save=30 ms=500",
        }
        root = _project(folder, environment)
        child = pexpect.spawn(
            str(BIN / "xtgui"),
            ["train", "--root", str(root), "--yes", "--trust"],
            env=environment,
            dimensions=(40, 120),
            encoding="utf-8",
            timeout=60,
        )
        child.expect("loss")
        process = psutil.Process(child.pid)
        _read_for(child, 3.0)
        before, began = process.cpu_times(), time.perf_counter()
        _read_for(child, WATCHED_S)
        after, ended = process.cpu_times(), time.perf_counter()
        child.close(force=True)
        _stop(root, environment)
    used = (after.user - before.user) + (after.system - before.system)
    return float(100 * used / (ended - began))


def _project(folder: Path, environment: dict[str, str]) -> Path:
    root = folder / "project"
    python = fake_engine.install(folder / "bin")
    (folder / "config").mkdir()
    (folder / "config" / "config.toml").write_text(f'[engine]\npython = "{python}"\n')
    model = tiny.save_model(folder / "model")
    data = tiny.save_data(folder / "data.jsonl", 80)
    pexpect.run(
        f"{BIN / 'xtgui'} init --root {root} --yes --no-train --set model.path={model}"
        f" --set data.path={data}",
        env=environment,
    )
    return root


def _read_for(child: pexpect.spawn, seconds: float) -> None:
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        child.expect([r".+", pexpect.TIMEOUT], timeout=0.2)


def _stop(root: Path, environment: dict[str, str]) -> None:
    pexpect.run(f"{BIN / 'xtgui'} stop --root {root}", env=environment, timeout=60)
