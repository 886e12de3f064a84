"""A download that is interrupted at some moment, or meets a full disk, never looks complete."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from hub_server import HubServer, slow
from hub_watcher import Seen
from moments import count_moments, end_at, spread
from small_disk import small_disk

from xtgui_cli.hubs import fetch as fetching
from xtgui_cli.hubs import fill_folder, record, transfer
from xtgui_cli.hubs.registry import USUAL_HUB
from xtgui_cli.hubs.wanted import Download, HubChoice, Wanted
from xtgui_cli.shared import atomic
from xtgui_cli.shared.errors import Exit

pytestmark = pytest.mark.process

ID = "user/model"
WEIGHTS = bytes(range(256)) * 1000
MODULES = (fill_folder, transfer, record, atomic)


def get(hub: HubServer, folder: Path) -> None:
    wanted = Wanted("model", ID, {"huggingface": ID})
    fetching.fetch(Download(wanted, folder, Seen()), HubChoice([USUAL_HUB], hub.endpoint))


def put_model(hub: HubServer, weights: bytes = WEIGHTS) -> dict[str, bytes]:
    """Put a small model on the hub, and give what its folder is to hold."""
    files = {"config.json": b"{}\n", "model.safetensors": weights, "tokenizer.json": b"{ }\n"}
    for name, content in files.items():
        hub.repository(ID).add(name, content)
    return files


def content(folder: Path) -> dict[str, bytes]:
    names = (path for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
    return {path.name: path.read_bytes() for path in names}


@pytest.mark.usefixtures("quick_disk")
@pytest.mark.parametrize(
    ("number", "was_there"),
    [(signal.SIGKILL, False), (signal.SIGINT, False), (signal.SIGKILL, True)],
)
def test_at_whatever_moment_it_is_interrupted_no_folder_looks_complete_that_is_not(
    hub: HubServer, tmp_path: Path, number: signal.Signals, was_there: bool
) -> None:
    """Also where a whole one was there, of which a file has been changed since."""
    files = put_model(hub)
    changed = {**files, "model.safetensors": b"mine"}
    before = tmp_path / "before"
    if was_there:
        get(hub, before)
        (before / "model.safetensors").write_bytes(b"mine")
    else:
        before.mkdir()
    counted = Path(shutil.copytree(before, tmp_path / "counted"))
    moments = count_moments(partial(get, hub, counted), MODULES)

    for moment in spread(moments, 8):
        folder = Path(shutil.copytree(before, tmp_path / str(moment)))
        end_at(
            moment, number, partial(get, hub, folder), MODULES, may_end_before=moment > moments // 2
        )
        looks_complete, there = record.is_complete(folder), content(folder)
        mine = [path for path in folder.rglob("model.safetensors*") if path.read_bytes() == b"mine"]
        get(hub, folder)

        assert not looks_complete or there in (files, changed), moment
        assert len(mine) == int(was_there), moment
        assert content(folder) == files
        assert record.is_complete(folder)


def test_a_real_disk_that_fills_up_is_named_and_what_came_is_kept(
    hub: HubServer, tmp_path: Path
) -> None:
    files = put_model(hub, WEIGHTS * 8)
    hub.repository(ID).files["model.safetensors"].faults = [slow(1_000_000)]
    with small_disk(tmp_path / "disk", 8) as disk:
        command = disk.command(sys.executable, "-m", "xtgui_cli", "download", "model", ID)
        command += ["--endpoint", hub.endpoint]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            deadline = time.monotonic() + 300
            while not any(part.stat().st_size > 1000 for part in disk.seen.rglob("*.part")):
                assert time.monotonic() < deadline
                time.sleep(0.02)
            disk.fill()
            told = process.communicate()[1].decode()
        folder = next(disk.seen.rglob("config.json")).parent
        half = (content(folder), record.is_complete(folder))
        disk.make_room()
        again = subprocess.run(command, stderr=subprocess.DEVNULL, check=False)

        assert process.returncode == Exit.FAILED
        assert "no space left on the disk" in " ".join(told.split())
        assert half == ({"config.json": files["config.json"]}, False)
        assert again.returncode == Exit.DONE
        assert content(folder) == files
        assert hub.asked_for("model.safetensors")[-1].headers["Range"].startswith("bytes=")
