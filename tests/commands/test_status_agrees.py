"""`xtgui status` and bare `xtgui` say the same of a run, whatever became of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fake_project import FakeProject
from terminal import Terminal

from xtgui_cli.commands import overview, status
from xtgui_cli.commands.overview import OverviewRequest
from xtgui_cli.commands.status import StatusRequest
from xtgui_cli.project.checkpoints import choose_checkpoint, find_resume_point
from xtgui_cli.shared.run_folder import RunFolder, latest_checkpoint

pytestmark = pytest.mark.process


def told_by_both(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what status and the overview say as data."""
    capfd.readouterr()
    status.run(StatusRequest(root=root, as_json=True))
    by_status = json.loads(capfd.readouterr().out)
    overview.run(OverviewRequest(root=root, as_json=True))
    return by_status, json.loads(capfd.readouterr().out)["run"]


def assert_agree(root: Path, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    by_status, by_overview = told_by_both(root, capfd)
    for name in ("state", "iteration", "total", "checkpoint"):
        assert by_status[name] == by_overview[name], name
    return by_status


@pytest.mark.parametrize(
    ("behaviours", "state", "checkpoint"),
    [
        (["works"], "finished", "iter_30.pth"),
        (["dies at=15"], "died", "iter_10.pth"),
        (["dies at=5"], "died", None),
        (["fails at=25"], "failed", "iter_20.pth"),
        (["breaks"], "died", None),
        (["works", "breaks"], "died", "iter_10.pth"),
        (["works", "dies at=15"], "died", "iter_10.pth"),
        (["fails at=29", "dies at=25"], "died", "iter_20.pth"),
    ],
)
def test_after_any_end_they_agree(
    project: FakeProject,
    capfd: pytest.CaptureFixture[str],
    behaviours: list[str],
    state: str,
    checkpoint: str | None,
) -> None:
    for number, behaviour in enumerate(behaviours):
        project.behave(behaviour)
        project.train(resume="iter_10.pth" if number else None)

    told = assert_agree(project.root, capfd)

    assert (told["state"], told["checkpoint"]) == (state, checkpoint)


def test_a_clock_that_was_set_back_does_not_part_them(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works")
    project.train()
    first, *others = project.folder.events_file.read_text().splitlines()
    earlier = [{**json.loads(line), "at": 86_400.0} for line in others]
    lines = [first, *map(json.dumps, earlier)]
    project.folder.events_file.write_text("\n".join(lines) + "\n")

    assert assert_agree(project.root, capfd)["state"] == "finished"


def test_a_long_run_that_was_resumed_is_known_though_its_last_start_is_in_the_middle(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("fails at=1500 iterations=3000 save=1000")
    project.train()
    project.behave("works iterations=3000 save=1000")
    project.train(resume="iter_1000.pth")

    told = assert_agree(project.root, capfd)

    assert (told["state"], told["checkpoint"]) == ("finished", "iter_3000.pth")


def test_status_names_what_was_saved_before_a_run_was_killed(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("dies at=15")
    project.train()
    capfd.readouterr()

    status.run(StatusRequest(root=project.root))

    said = capfd.readouterr().out
    assert "At iteration 14 of 30. Last saved: iter_10.pth" in said
    assert "no checkpoint was saved" not in said


# --- the latest checkpoint is that of the current course ---------------------------------------


def test_later_checkpoints_of_an_abandoned_course_are_not_the_latest(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works iterations=40")
    project.train()
    project.behave("dies at=15 iterations=40")
    project.train(resume="iter_10.pth")

    told = assert_agree(project.root, capfd)

    folder = project.folder
    latest = latest_checkpoint(folder.work_dir)
    assert latest is not None
    assert told["checkpoints"][-1] == "iter_40.pth"
    assert told["checkpoint"] == latest.name == "iter_10.pth"
    assert find_resume_point(folder).checkpoint == latest
    assert choose_checkpoint(folder, spelling="latest").path == latest.path
    assert told["next"]["code"] == "resume"


def test_where_the_last_one_is_gone_the_one_before_it_counts(project: FakeProject) -> None:
    project.behave("works iterations=40")
    project.train()
    project.behave("fails at=25 iterations=40")
    project.train(resume="iter_10.pth")
    (project.folder.work_dir / "iter_20.pth").unlink()

    latest = latest_checkpoint(project.folder.work_dir)

    assert latest is not None
    assert latest.name == "iter_10.pth"


def test_a_person_gets_names_in_one_piece_and_a_program_lines_in_one(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.work_dir.mkdir()
    folder.config_file.touch()
    names = [f"iter_{number}.pth" for number in range(100, 1100, 100)]
    for name in names:
        (folder.work_dir / name).touch()
    command = ["-m", "xtgui_cli", "status"]

    terminal = Terminal(command, tmp_path, {"XTGUI_LANG": "en"})
    terminal.wait_for_end()
    shown = terminal.everything.split()
    piped = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout

    assert all(name in shown or f"{name}," in shown for name in names)
    assert ", ".join(names) in piped
