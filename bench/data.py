"""How fast `xtgui check data` reads a large file, and with how much memory."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from spread import Row, interleave, ratios, spread

MEGABYTES = int(os.environ.get("XTGUI_BENCH_DATA_MB", "200"))

_BARE = """
import msgspec
class Message(msgspec.Struct):
    role: str
    content: str
class Row(msgspec.Struct):
    messages: list[Message]
decode = msgspec.json.Decoder(Row).decode
def work(path):
    with open(path, "rb") as file:
        for line in file:
            decode(line)
"""
_OURS = """
from pathlib import Path
from xtgui_cli.data.data_check import DataCheck
def work(path):
    check = DataCheck(Path(path))
    for _ in check.faults():
        pass
"""
_DATASETS = """
import datasets, tempfile
datasets.disable_progress_bars()
def work(path):
    with tempfile.TemporaryDirectory() as cache:
        datasets.load_dataset("json", data_files=path, split="train", cache_dir=cache)
"""
_TIMED = """
import sys, time, resource
began = time.perf_counter()
work(sys.argv[1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.perf_counter() - began, peak)
"""


def write_rows(path: Path, megabytes: int) -> None:
    """Write different rows of one to three turns, about 660 bytes each."""
    dice = random.Random(0)  # noqa: S311 (no secret)
    words = ["the", "model", "learns", "what", "you", "show", "it", "数据", "模型", "nothing"]
    with path.open("w", encoding="utf-8") as file:
        number = 0
        while file.tell() < megabytes * 1_000_000:
            turns = []
            for _ in range(dice.choice((1, 1, 2, 3))):
                question, answer = (" ".join(dice.choices(words, k=k)) for k in (12, 50))
                turns.append(f'{{"role": "user", "content": "{number} {question}"}}')
                turns.append(f'{{"role": "assistant", "content": "{answer}"}}')
            file.write(f'{{"messages": [{", ".join(turns)}]}}\n')
            number += 1


def _measured(code: str, path: Path, peaks: list[float]) -> Callable[[], float]:
    def measure() -> float:
        done = subprocess.run(
            [sys.executable, "-c", code + _TIMED, str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, peak = map(float, done.stdout.split()[-2:])
        peaks.append(peak)
        return seconds

    return measure


def measure_data(rounds: int) -> list[Row]:
    """Compare the checker with a bare typed decode of every line, and with datasets."""
    codes = {"bare": _BARE, "ours": _OURS, "datasets": _DATASETS}
    peaks: dict[str, list[float]] = {name: [] for name in codes}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.jsonl")
        write_rows(path, MEGABYTES)
        measures = {name: _measured(code, path, peaks[name]) for name, code in codes.items()}
        taken = interleave(measures, rounds)
    name = f"check of a {MEGABYTES} MB jsonl"
    load = '`datasets.load_dataset("json")`'
    return [
        Row(f"{name} / bare typed decode", ratios(taken["ours"], taken["bare"]), "×", "≤ 2.5"),
        Row(f"{load} / {name}", ratios(taken["datasets"], taken["ours"]), "×", ""),
        Row(name, spread(taken["ours"]), "s", ""),
        Row(f"peak memory, {name}", spread(peaks["ours"]), "MB", "< 100"),
        Row(f"peak memory, {load}", spread(peaks["datasets"]), "MB", ""),
    ]
