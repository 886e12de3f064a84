"""Where things lie, and which checkpoint is the latest."""

from __future__ import annotations

from pathlib import Path

import pytest

from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import (
    Checkpoint,
    LockHolder,
    NotACheckpointError,
    RunFolder,
    find_root,
    latest_checkpoint,
    list_checkpoints,
    lock_holder,
    take_lock,
    write_lock,
)


@pytest.fixture
def work_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "work_dir"
    folder.mkdir()
    for number in (1000, 200, 30):
        (folder / f"iter_{number}.pth").touch()
    (folder / "iter_x.pth").touch()
    return folder


def test_checkpoints_are_ordered_by_number_not_by_spelling(work_dir: Path) -> None:
    names = [checkpoint.name for checkpoint in list_checkpoints(work_dir)]

    assert names == ["iter_30.pth", "iter_200.pth", "iter_1000.pth"]


def test_the_latest_is_the_one_saved_last_after_going_back_to_an_earlier_one(
    work_dir: Path,
) -> None:
    (work_dir / "last_checkpoint").write_text("/elsewhere/work_dir/iter_200.pth")

    latest = latest_checkpoint(work_dir)

    assert latest is not None
    assert latest.name == "iter_200.pth"


def test_the_latest_is_the_highest_number_where_the_named_one_is_gone(work_dir: Path) -> None:
    (work_dir / "last_checkpoint").write_text("/elsewhere/work_dir/iter_7.pth")

    latest = latest_checkpoint(work_dir)

    assert latest is not None
    assert latest.name == "iter_1000.pth"


def test_a_folder_without_checkpoints_has_no_latest_one(tmp_path: Path) -> None:
    assert latest_checkpoint(tmp_path / "missing") is None


def test_the_root_is_found_from_a_folder_below_it(tmp_path: Path) -> None:
    (tmp_path / "xtgui.toml").touch()
    below = tmp_path / "work_dir" / "deep"
    below.mkdir(parents=True)

    assert find_root(below) == tmp_path


def test_a_second_process_cannot_take_the_lock_and_learns_who_has_it(tmp_path: Path) -> None:
    lock_file = RunFolder(tmp_path).lock_file
    write_lock(take_lock(lock_file), LockHolder(pid=4121))

    with pytest.raises(XtguiError) as caught:
        take_lock(lock_file, patience_s=0.1)

    assert caught.value.code == "train.already_running"
    assert caught.value.data["pid"] == 4121
    assert lock_holder(lock_file) == LockHolder(pid=4121)


@pytest.mark.parametrize("spelling", ["20", "iter_20", "iter_20.pth", "20.pth", "iter_020"])
def test_every_spelling_of_a_name_is_one_checkpoint_of_the_work_dir(spelling: str) -> None:
    checkpoint = Checkpoint.parse(spelling, Path("work_dir"))

    assert checkpoint == Checkpoint(20, Path("work_dir/iter_20.pth"))
    assert (checkpoint.name, checkpoint.label) == ("iter_20.pth", "iter_20")


@pytest.mark.parametrize("spelling", ["old/iter_20.pth", "old/iter_20.pth/", "old/iter_20"])
def test_a_path_is_a_checkpoint_where_it_points(spelling: str) -> None:
    assert Checkpoint.parse(spelling, Path("work_dir")).path == Path("old/iter_20.pth")


@pytest.mark.parametrize(
    "text",
    ["", "my.py", "iter_", "iter_x.pth", "-1", "20.bin", "iter_2 0", "9" * 5000, "old/my.pth"],
)
def test_anything_else_is_no_name_of_a_checkpoint(text: str) -> None:
    with pytest.raises(NotACheckpointError) as caught:
        Checkpoint.parse(text)

    assert caught.value.code == "cli.not_a_checkpoint_name"
    assert caught.value.exit is Exit.ANSWERS
