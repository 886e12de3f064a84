"""Before a start: room for the checkpoints, and memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fake_project import FakeProject
from places import CONFIGS
from scripted import Script, follow

from xtgui_cli.planning import machine
from xtgui_cli.planning.machine import Machine
from xtgui_cli.project import preflight
from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.own_files import NotOurFileError
from xtgui_cli.shared.run_folder import RunFolder, lock_holder, read_lock


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def has_room(folder: RunFolder, *, is_resume: bool = False, may_ask: bool = False) -> bool:
    return preflight.has_room(
        folder, folder.config_file, is_resume=is_resume, checks_disk=True, may_ask=may_ask
    )


@pytest.fixture
def with_model(project: FakeProject, tiny_model: Path) -> FakeProject:
    text = (CONFIGS / "lora.py").read_text("utf-8")
    values = {"pretrained_model_name_or_path": str(tiny_model), "max_length": 128}
    project.folder.config_file.write_text(fill(text, values), "utf-8")
    project.behave("works iterations=4")
    return project


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that says how many bytes are free."""

    def free(count: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2 * 10**12, 10**12, count))

    return free


def test_of_two_who_start_over_at_once_the_second_puts_nothing_away(project: FakeProject) -> None:
    """It had decided to when the older run still lay there."""
    project.behave("works iterations=10")
    project.train()
    first = preflight.put_old_run_away(project.folder, project.folder.config_file)

    second = preflight.put_old_run_away(project.folder, project.folder.config_file)

    assert first is not None
    assert second is None
    assert list(project.folder.old_runs_dir.iterdir()) == [first]
    assert project.folder.config_file.is_file()


def test_a_disk_that_cannot_hold_the_checkpoints_stops_a_start(
    with_model: FakeProject, disk: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tiny model's take about 6 MB; more than the 100 MB that any start asks for is faked."""
    monkeypatch.setattr("xtgui_cli.project.preflight.NEEDED_BYTES", 0)
    disk(1_000_000)

    with pytest.raises(XtguiError) as error:
        with_model.train()

    assert (error.value.code, error.value.exit) == ("estimate.no_disk", Exit.FAILED)
    assert not with_model.folder.events_file.exists()


def test_it_starts_all_the_same_when_told_so(
    with_model: FakeProject, disk: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xtgui_cli.project.preflight.NEEDED_BYTES", 0)
    disk(1_000_000)

    code = with_model.train(checks_disk=False)

    assert code == Exit.DONE


def test_a_person_is_asked(
    with_model: FakeProject, disk: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk(1_000_000)
    folder = with_model.folder
    script = Script({"no_disk": [False, True]})
    follow(script, monkeypatch)

    answers = [has_room(folder, may_ask=True) for _ in "ab"]

    assert answers == [False, True]
    assert script.offered["no_disk"] is False


def test_checkpoints_that_a_resume_replaces_count_as_room(
    with_model: FakeProject, disk: Callable[[int], None]
) -> None:
    folder = with_model.folder
    (folder.work_dir / "iter_2.pth").write_bytes(b"\0" * 20_000_000)
    disk(1_000_000)

    assert has_room(folder, is_resume=True)
    with pytest.raises(XtguiError):
        has_room(folder)


def test_a_run_that_memory_will_not_do_for_is_warned_of_and_started(
    with_model: FakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small: Any = Machine("cpu", False, "", 0.0, 0.0, 1.0, 0.5, 2)
    monkeypatch.setattr(machine, "detect", lambda: small)
    folder = with_model.folder

    assert has_room(folder)
    assert "xtgui estimate" in capsys.readouterr().err


def test_a_model_of_unknown_shape_is_not_held_up(
    project: FakeProject, disk: Callable[[int], None]
) -> None:
    disk(0)

    assert has_room(project.folder)


# --- the place -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "planted",
    ["__xtuner_tr.log", ".xtgui/lock", ".xtgui/events.jsonl", ".xtgui/answers", ".xtgui/cache"],
)
def test_a_link_where_a_run_writes_is_refused_before_anything_starts(
    project: FakeProject, tmp_path: Path, planted: str
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("years of notes")
    project.folder.state_dir.mkdir()
    (project.folder.work_dir / planted).symlink_to(notes)

    with pytest.raises(NotOurFileError) as caught:
        project.train()

    assert (caught.value.code, caught.value.exit) == ("files.is_link", Exit.ANSWERS)
    assert caught.value.data["path"] == str(project.folder.work_dir / planted)
    assert notes.read_text() == "years of notes"


def test_a_state_folder_that_is_a_link_is_refused(project: FakeProject, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    project.folder.state_dir.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(NotOurFileError):
        project.train()

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_work_dir_on_another_disk_behind_a_link_trains(
    project: FakeProject, tmp_path: Path
) -> None:
    shutil.move(project.folder.work_dir, tmp_path / "large-disk")
    project.folder.work_dir.symlink_to(tmp_path / "large-disk")

    assert project.train() == Exit.DONE


def test_a_pipe_in_place_of_lock_or_events_keeps_nobody_waiting(project: FakeProject) -> None:
    project.folder.state_dir.mkdir()
    os.mkfifo(project.folder.lock_file)

    assert lock_holder(project.folder.lock_file) is None
    assert read_lock(project.folder.lock_file).pid is None
    with pytest.raises(NotOurFileError):
        project.train()


@pytest.mark.parametrize(
    ("launch", "wanted", "command"),
    [
        ("num_gpus = 2", "2 GPUs", "NPROC_PER_NODE=2 xtuner train"),
        ('deepspeed = "deepspeed_zero2"', "deepspeed_zero2", "--deepspeed deepspeed_zero2"),
    ],
)
def test_what_several_processes_are_wanted_for_is_not_trained_by_one(
    with_model: FakeProject, launch: str, wanted: str, command: str
) -> None:
    """The plan has divided its updates by their number."""
    with_model.folder.settings_file.write_text(f"[launch]\n{launch}\n", "utf-8")

    with pytest.raises(XtguiError) as caught:
        with_model.train()

    assert (caught.value.code, caught.value.exit) == ("launch.one_gpu_only", Exit.ANSWERS)
    assert wanted in caught.value.data["wanted"]
    assert command in caught.value.data["command"]
    assert not with_model.events("start")
