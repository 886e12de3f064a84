"""The real conversion and merge, interrupted at some moments, twice at once, on a full disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from made_checkpoints import save_checkpoint
from moments import count_moments, end_at, spread
from places import CONFIGS
from small_disk import small_disk

from xtgui_cli.engine import (
    adapter,
    base_model,
    convert,
    merge,
    serve,
    trained_weights,
    whole_folder,
)
from xtgui_cli.engine.weights import safetensors_writer
from xtgui_cli.engine.whole_folder import intact_record
from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared import atomic
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

MODULES = (
    *(convert, merge, adapter, base_model, trained_weights),
    *(safetensors_writer, whole_folder, atomic),
)
PATIENCE_S = 300


def do(job: Callable[..., dict[str, Any]], **request: Any) -> dict[str, Any]:
    import torch

    torch.set_num_threads(1)  # in a fork no other thread is there to wait for
    return job(request, serve.Reply(lambda _: None, threading.Event()))


class Job:
    """Makes a folder, each time of something else."""

    def __init__(self, name: str, folder: Path, base: Path) -> None:
        self._name = name
        self._checkpoint = save_checkpoint(folder / "iter_20.pth", base, "lora")
        self._base = str(base)
        self._adapter = str(folder / "adapter")
        if name == "merge":
            do(convert.run, checkpoint=str(self._checkpoint), out=self._adapter)

    def make(self, out: Path, variant: int) -> None:
        if self._name == "merge":
            dtype = ("float32", "float16")[variant]
            do(merge.run, adapter=self._adapter, base=self._base, out=str(out), dtype=dtype)
            return
        os.utime(self._checkpoint, (variant, variant))
        do(convert.run, checkpoint=str(self._checkpoint), out=str(out))


@pytest.mark.parametrize("name", ["convert", "merge"])
def test_at_whatever_moment_it_is_interrupted_a_whole_result_is_there(
    name: str, tiny_model: Path, tmp_path: Path
) -> None:
    job = Job(name, tmp_path, tiny_model)
    target = tmp_path / "results" / "result"
    job.make(target, 0)
    older = intact_record(target)
    moments = count_moments(partial(job.make, tmp_path / "counted", 1), MODULES)
    newer = intact_record(tmp_path / "counted")
    assert older is not None
    assert newer is not None

    for number in (signal.SIGKILL, signal.SIGINT):
        for moment in spread(moments, 5):
            end_at(
                moment,
                number,
                partial(job.make, target, 1),
                MODULES,
                may_end_before=moment > moments // 2,
            )

            assert intact_record(target) in (older, newer), moment
            job.make(target, 0)
            assert list(target.parent.iterdir()) == [target]
        out = tmp_path / number.name / "result"
        for moment in spread(moments, 5):
            end_at(
                moment,
                number,
                partial(job.make, out, 1),
                MODULES,
                may_end_before=moment > moments // 2,
            )

            assert not out.exists() or intact_record(out) == newer, moment
            if out.exists():
                break


# --- through the command line --------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, tiny_model: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "project")
    folder.work_dir.mkdir(parents=True)
    values = {"pretrained_model_name_or_path": str(tiny_model), "prompt_template": "qwen_chat"}
    text = (CONFIGS / "lora.py").read_text("utf-8")
    folder.config_file.write_text(fill(text, values), "utf-8")
    save_checkpoint(folder.work_dir / "iter_10.pth", tiny_model, "lora", 10)
    EventWriter(folder.events_file)("plan", iters_per_epoch=10)
    return folder


def start_convert(folder: RunFolder) -> subprocess.Popen[str]:
    environment = dict(os.environ, OMP_NUM_THREADS="1", XTGUI_LANG="en")
    environment["XTGUI_CONFIG_DIR"] = str(folder.root.parent / "user")
    what = ["convert", "--epoch", "1", "--merge", "--trust", "--root", str(folder.root)]
    return subprocess.Popen(
        [sys.executable, "-m", "xtgui_cli", *what],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def made(folder: RunFolder) -> list[str]:
    """Return the folders that were made, whole or not, without those that are hidden."""
    return sorted(path.name for path in folder.work_dir.glob("xtuner_*") if path.is_dir())


def test_it_is_killed_then_interrupted_then_done_by_two_at_once(folder: RunFolder) -> None:
    for number in (signal.SIGKILL, signal.SIGINT):
        interrupted = start_convert(folder)
        deadline = time.monotonic() + PATIENCE_S
        while not list(folder.work_dir.glob(".xtuner_epoch_1_merge.*.tmp")):
            assert interrupted.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(interrupted.pid, number)
        interrupted.communicate(timeout=PATIENCE_S)

        assert "xtuner_epoch_1_hf" in made(folder)
        assert all(intact_record(folder.work_dir / name) for name in made(folder))

    both = [start_convert(folder) for _ in range(2)]
    told = [process.communicate(timeout=PATIENCE_S) for process in both]

    expected = ["xtuner_epoch_1_hf", "xtuner_epoch_1_merge"]
    assert [process.returncode for process in both] == [0, 0], told
    assert [out.splitlines() for out, _ in told] == [
        [str(folder.work_dir / name) for name in expected]
    ] * 2
    assert made(folder) == expected
    assert all(intact_record(folder.work_dir / name) for name in expected)
    assert list(folder.work_dir.glob(".xtuner_*")) == []


# --- a full disk ---------------------------------------------------------------------------------

ON_A_FULL_DISK = """
import os, sys, threading
from xtgui_cli.engine import merge, serve
from xtgui_cli.shared.errors import XtguiError

def fill_up(event):
    if event.get("name") == "merging":
        with open("ballast", "wb", buffering=0) as ballast:
            while (left := os.statvfs(".").f_bavail * os.statvfs(".").f_frsize) > 65536:
                ballast.write(bytes(min(left - 65536, 1 << 20)))

names = ("adapter", "base", "out", "dtype")
request = dict(zip(names, sys.argv[1:]))
try:
    merge.run(request, serve.Reply(fill_up, threading.Event()))
except XtguiError as error:
    sys.exit(error.code)
"""


def test_a_real_disk_that_fills_up_while_it_merges_leaves_the_older_result(
    tiny_model: Path, tmp_path: Path
) -> None:
    job = Job("merge", tmp_path, tiny_model)
    with small_disk(tmp_path / "disk", 200) as disk:
        job.make(disk.seen / "result", 0)
        older = intact_record(disk.seen / "result")
        merging: list[Any] = [
            sys.executable,
            "-c",
            ON_A_FULL_DISK,
            tmp_path / "adapter",
            tiny_model,
        ]

        failed = subprocess.run(
            disk.command(*merging, disk.path / "result", "float16"),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

        assert failed.stderr.rstrip().endswith("convert.disk_filled_up")
        assert older is not None
        assert intact_record(disk.seen / "result") == older
        assert sorted(path.name for path in disk.seen.iterdir()) == ["ballast", "result"]
