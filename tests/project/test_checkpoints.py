"""Which checkpoint is meant, to resume from or to convert."""

from __future__ import annotations

from pathlib import Path

import pytest

from xtgui_cli.project.checkpoints import choose_checkpoint, find_resume_point
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path)
    folder.work_dir.mkdir()
    for iteration in (20, 100, 300):
        (folder.work_dir / f"iter_{iteration}.pth").touch()
    EventWriter(folder.events_file)("plan", iters_per_epoch=100)
    return folder


def test_without_flags_it_is_the_latest_by_number(folder: RunFolder) -> None:
    choice = choose_checkpoint(folder)

    assert choice.path.name == "iter_300.pth"
    assert choice.converted_dir(folder) == folder.work_dir / "xtuner_iter_300_hf"
    assert choice.merged_dir(folder) == folder.work_dir / "xtuner_iter_300_merge"


def test_an_epoch_is_counted_from_the_plan_and_names_the_result(folder: RunFolder) -> None:
    choice = choose_checkpoint(folder, epoch=3)

    assert choice.path.name == "iter_300.pth"
    assert choice.converted_dir(folder).name == "xtuner_epoch_3_hf"


def test_a_checkpoint_that_has_been_rotated_away_is_told_with_what_is_left(
    folder: RunFolder,
) -> None:
    with pytest.raises(XtguiError) as caught:
        choose_checkpoint(folder, epoch=2)

    assert caught.value.code == "convert.gone"
    assert caught.value.data == {"name": "iter_200.pth", "left": "iter_20, iter_100, iter_300"}
    assert caught.value.exit is Exit.ANSWERS


def test_an_epoch_of_a_run_without_events_is_asked_for_by_iteration(folder: RunFolder) -> None:
    folder.events_file.unlink()

    with pytest.raises(XtguiError) as caught:
        choose_checkpoint(folder, epoch=1)

    assert caught.value.code == "convert.epoch_unknown"


@pytest.mark.parametrize("name", ["20", "iter_20", "iter_20.pth"])
def test_a_bare_name_is_one_of_the_work_dir(folder: RunFolder, name: str) -> None:
    assert choose_checkpoint(folder, spelling=Path(name)).label == "iter_20"


def test_a_file_from_elsewhere_is_taken(folder: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "iter_7.pth").touch()

    choice = choose_checkpoint(folder, spelling=tmp_path / "iter_7.pth")

    assert choice.path == tmp_path / "iter_7.pth"
    assert choice.label == "iter_7"


def test_a_run_without_checkpoints_says_so(tmp_path: Path) -> None:
    with pytest.raises(XtguiError) as caught:
        choose_checkpoint(RunFolder(tmp_path))

    assert caught.value.code == "convert.no_checkpoint"


def test_any_file_of_weights_is_taken_by_its_path(folder: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "epoch_2.pth").touch()

    assert choose_checkpoint(folder, spelling=tmp_path / "epoch_2.pth").label == "epoch_2"


def test_a_resume_point_knows_the_newest_run_and_whether_it_has_ended(folder: RunFolder) -> None:
    say = EventWriter(folder.events_file)
    say("start", run_id="old")
    say("plan", total_iters=100)
    say("start", run_id="new")
    say("plan", total_iters=300)

    latest, earlier = find_resume_point(folder), find_resume_point(folder, "100")

    assert (latest.run_id, latest.is_at_the_end) == ("new", True)
    assert (earlier.run_id, earlier.is_at_the_end) == ("new", False)


def test_a_checkpoint_of_another_folder_is_not_resumed_here(
    folder: RunFolder, tmp_path: Path
) -> None:
    (tmp_path / "iter_20.pth").touch()

    with pytest.raises(XtguiError) as caught:
        find_resume_point(folder, str(tmp_path / "iter_20.pth"))

    assert caught.value.code == "train.checkpoint_gone"
