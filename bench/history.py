"""What it costs to attach to a run with a long history."""

from __future__ import annotations

import math
import os
import sys
import tempfile
from pathlib import Path

import pexpect
import psutil
from spread import Row, spread

from xtgui_cli.shared.events import encode
from xtgui_cli.shared.run_folder import LockHolder, RunFolder, take_lock, write_lock

BIN = Path(sys.executable).parent
ITERATIONS = 100_000
_SAVE_EVERY = 500


def measure_history(rounds: int) -> list[Row]:
    """Measure `xtgui attach` from its start until the live screen is there."""
    with tempfile.TemporaryDirectory() as name:
        folder = RunFolder(Path(name))
        _write_history(folder)
        lock = take_lock(folder.lock_file)
        write_lock(lock, LockHolder(os.getpid(), os.uname().nodename, "a"))
        taken = [_attach(folder) for _ in range(rounds)]
        os.close(lock)
    what = f"attach to {ITERATIONS:,} iterations"
    return [
        Row(f"{what}: CPU until the screen", spread([cpu_s for cpu_s, _ in taken]), "s", "< 1"),
        Row(f"{what}: memory", spread([peak_mb for _, peak_mb in taken]), "MB", "< 120"),
    ]


def _attach(folder: RunFolder) -> tuple[float, float]:
    child = pexpect.spawn(
        str(BIN / "xtgui"),
        ["attach", "--root", str(folder.root)],
        env=os.environ | {"XTGUI_LANG": "en", "TERM": "xterm-256color"},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=60,
    )
    child.expect("leave it running")
    times = psutil.Process(child.pid).cpu_times()
    status = Path(f"/proc/{child.pid}/status").read_text("ascii")
    peak_kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    child.close(force=True)
    return times.user + times.system, int(peak_kib) * 1024 / 1e6


def _write_history(folder: RunFolder) -> None:
    folder.state_dir.mkdir(parents=True)
    at = 1.7e9
    start = {"event": "start", "at": at, "run_id": "a", "pid": os.getpid(), "method": "lora"}
    plan = {"event": "plan", "at": at, "total_iters": 2 * ITERATIONS, "max_epochs": 3}
    answers = [{"question": "Who are you?", "answer": "A small assistant. " * 10}] * 5
    with folder.events_file.open("w", encoding="utf-8") as file:
        file.write(encode(start) + encode(plan))
        for number in range(1, ITERATIONS + 1):
            at += 1.3
            iteration = {
                "event": "iter",
                "at": round(at, 3),
                "iter": number,
                "epoch": round(number * 1.5 / ITERATIONS, 4),
                "loss": 2 * math.exp(-number / ITERATIONS) + math.sin(number) / 5,
                "token_accuracy": 0.5,
                "lr": 1e-4,
                "time_s": 1.29,
                "data_s": 0.001,
                "grad_norm": None,
                "memory_gib": 8.531,
            }
            file.write(encode(iteration))
            if number % _SAVE_EVERY == 0:
                saved = {"at": at, "iter": number}
                checkpoint = {"file": f"iter_{number}.pth", "bytes": 10**8, "kept": []}
                file.write(encode({"event": "checkpoint", **saved, **checkpoint}))
                file.write(encode({"event": "evaluation", **saved, "answers": answers}))
