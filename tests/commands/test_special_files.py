"""Pipes, devices and sockets where files should be: nothing waits for them, everything says so."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_project import FakeProject

from xtgui_cli.cli.entry import main

PATIENCE_S = 60


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket may have 107 bytes only
        server.bind(path.name)
        os.chdir(here)


KINDS = [pipe, endless, listening]
Kind = Callable[[Path], None]


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """Interrupt what waits for ever, which then says so."""
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(PATIENCE_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def run(capfd: pytest.CaptureFixture[str], *command: str) -> str:
    code = main(list(command))
    told = capfd.readouterr()
    assert code != 130, "it waited"
    assert "Unexpected error" not in told.err
    return told.out + told.err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "command",
    ["check data {}", "check data {} --json", "data convert {} {}.new"],
)
def test_data(kind: Kind, command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "rows.jsonl"
    kind(place)

    told = run(capfd, *(word.format(place) for word in command.split()))

    assert "rows.jsonl is a pipe or a device" in told.replace("\n  ", " ") or "socket" in told


@pytest.mark.parametrize("kind", KINDS)
def test_all_files_of_a_project_at_once(
    kind: Kind, project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = project.folder
    folder.state_dir.mkdir()
    (folder.work_dir / "iter_20.pth").write_bytes(b"PK")
    for place in (
        folder.lock_file,
        folder.events_file,
        folder.log_file,
        folder.schedule_restarts_file,
        folder.state_dir / "written.json",
        folder.state_dir / "learning.json",
        folder.work_dir / "last_checkpoint",
    ):
        kind(place)
    root = ("--root", str(project.root))

    for command in ("status", "results", "attach --plain", "stop", "logs"):
        run(capfd, *command.split(), *root)
    told = run(capfd, *root)

    assert "1 checkpoint" in told or "iter_20" in told


@pytest.mark.parametrize("name", ["work_dir/xtuner_config.py", "xtgui.toml"])
def test_config_and_settings(
    name: str, project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    (project.root / name).unlink(missing_ok=True)
    pipe(project.root / name)
    root = ("--root", str(project.root))

    for command in ("status", "results", "train --yes --plain", "estimate"):
        run(capfd, *command.split(), *root)
    run(capfd, *root)


def test_each_file_of_a_model(
    tiny_model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names = [file.name for file in tiny_model.iterdir()]
    for name in (*names, "chat_template.jinja", "model.safetensors.index.json"):
        model = tmp_path / name
        shutil.copytree(tiny_model, model)
        (model / name).unlink(missing_ok=True)
        pipe(model / name)

        run(capfd, "check", "model", str(model), "--json")
