"""A file of ours is opened as what it is, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xtgui_cli.shared import own_files
from xtgui_cli.shared.own_files import NotOurFileError, open_own

APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    file = tmp_path / "notes.txt"
    file.write_text("years of notes")
    return file


def refusal(path: Path, flags: int) -> str:
    with pytest.raises(NotOurFileError) as caught:
        open_own(path, flags)
    return caught.value.code


def test_a_new_file_is_made_and_an_old_one_is_appended_to(tmp_path: Path) -> None:
    for word in (b"one ", b"two"):
        descriptor = open_own(tmp_path / "log", APPEND)
        os.write(descriptor, word)
        os.close(descriptor)

    assert (tmp_path / "log").read_bytes() == b"one two"


@pytest.mark.parametrize("flags", [APPEND, os.O_RDWR | os.O_CREAT, os.O_RDONLY])
def test_a_link_is_refused_and_its_target_left_alone(
    tmp_path: Path, victim: Path, flags: int
) -> None:
    (tmp_path / "lock").symlink_to(victim)

    assert refusal(tmp_path / "lock", flags) == "files.is_link"
    assert victim.read_text() == "years of notes"


def test_a_link_that_leads_nowhere_makes_no_file(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "new")

    assert refusal(tmp_path / "lock", APPEND) == "files.is_link"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_RDWR, APPEND])
def test_a_pipe_is_refused_and_keeps_nobody_waiting(tmp_path: Path, flags: int) -> None:
    os.mkfifo(tmp_path / "events")

    assert refusal(tmp_path / "events", flags) == "files.not_a_file"


def test_a_device_is_refused() -> None:
    assert refusal(Path("/dev/null"), os.O_RDONLY) == "files.not_a_file"


def test_somebody_elses_file_is_not_written_but_may_be_read(
    victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_files, "user_id", lambda: victim.stat().st_uid + 1)
    monkeypatch.setattr(own_files, "owner_of", lambda folder: victim.stat().st_uid + 2)

    assert refusal(victim, APPEND) == "files.foreign"
    os.close(open_own(victim, os.O_RDONLY))


def test_in_a_folder_of_somebody_else_that_ones_files_are_as_good(
    victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container the project's files often belong to another number than one's own."""
    monkeypatch.setattr(own_files, "user_id", lambda: victim.stat().st_uid + 1)

    os.close(open_own(victim, APPEND))


def test_a_file_that_is_missing_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_own(tmp_path / "lock", os.O_RDONLY)
