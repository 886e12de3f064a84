"""The restarts of a learning-rate schedule, as they are kept beside a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.schedule_restarts import ScheduleRestart, add_restart, read_restarts

FIRST = ScheduleRestart(begin=27, end=54, warmup_iters=2, lr=5e-3)
SECOND = ScheduleRestart(begin=54, end=81, warmup_iters=0, lr=1e-3)


def test_what_was_added_is_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "restarts.json"

    add_restart(file, FIRST)
    add_restart(file, SECOND)

    assert read_restarts(file) == (FIRST, SECOND)


def test_an_early_end_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "restarts.json"
    early = ScheduleRestart(100, 150, 0, 0.1 + 0.2, decay_iters=20, cause="learned")

    add_restart(file, early)

    assert read_restarts(file) == (early,)


def test_a_file_of_an_older_version_is_read(tmp_path: Path) -> None:
    file = tmp_path / "restarts.json"
    file.write_text('[{"begin": 27, "end": 54, "warmup_iters": 2, "lr": 0.005}]')

    assert read_restarts(file) == (FIRST,)


def test_a_run_without_the_file_has_no_restart(tmp_path: Path) -> None:
    assert read_restarts(tmp_path / "restarts.json") == ()


def test_a_restart_replaces_those_from_its_beginning_on(tmp_path: Path) -> None:
    file = tmp_path / "restarts.json"
    add_restart(file, FIRST)
    add_restart(file, SECOND)
    again = ScheduleRestart(begin=27, end=81, warmup_iters=5, lr=5e-3)

    add_restart(file, again)

    assert read_restarts(file) == (again,)


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"begin": 1}]', "7", '{"begin": 1}'])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "restarts.json"
    file.write_text(content)

    with pytest.raises(XtguiError) as caught:
        read_restarts(file)

    assert (caught.value.code, caught.value.data["path"]) == ("train.restarts_unreadable", file)
