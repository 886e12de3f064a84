"""A file is there whole or not at all, and what was there before is never lost."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from xtgui_cli.shared import atomic


def write(target: Path, then: Callable[[], object]) -> None:
    with atomic.new_file(target) as file:
        file.write(b"ours")
        then()


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


def test_a_new_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "new", then=lambda: None)

    assert contents(tmp_path) == [b"ours"]


def test_nothing_is_left_of_what_failed(tmp_path: Path) -> None:
    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        write(tmp_path / "new", then=fail)

    assert contents(tmp_path) == []


def test_a_file_that_came_to_be_there_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "new"

    with pytest.raises(FileExistsError):
        write(target, then=lambda: target.write_bytes(b"somebody else's"))

    assert contents(tmp_path) == [b"somebody else's"]


def test_a_file_that_comes_in_the_last_moment_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "new"
    looks, links = os.path.lexists, os.link

    def look_and_lose_the_race(path: Path) -> bool:
        was_there = looks(path)
        target.write_bytes(b"somebody else's")
        return was_there

    def lose_the_race(*paths: Path) -> None:
        target.write_bytes(b"somebody else's")
        links(*paths)

    monkeypatch.setattr(os.path, "lexists", look_and_lose_the_race)
    monkeypatch.setattr(os, "link", lose_the_race)

    with pytest.raises(FileExistsError):
        write(target, then=lambda: None)

    assert contents(tmp_path) == [b"somebody else's"]


def test_where_a_disk_knows_no_hard_links_a_new_file_still_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)

    write(tmp_path / "new", then=lambda: None)

    assert contents(tmp_path) == [b"ours"]


def test_a_record_of_ours_replaces_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("years of notes")
    (tmp_path / "record.json").symlink_to(notes)

    atomic.write_text(tmp_path / "record.json", "{}")

    assert notes.read_text() == "years of notes"
    assert not (tmp_path / "record.json").is_symlink()
    assert (tmp_path / "record.json").read_text() == "{}"


def test_a_users_own_file_may_be_a_link_and_stays_one(tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "config.toml"
    kept.parent.mkdir()
    kept.write_text("old")
    (tmp_path / "config.toml").symlink_to(kept)

    atomic.write_text(tmp_path / "config.toml", "new", through_links=True)

    assert (tmp_path / "config.toml").is_symlink()
    assert kept.read_text() == "new"


@pytest.mark.parametrize("how", [atomic.write_text, lambda path, text: write(path, lambda: None)])
def test_the_disk_holds_file_and_name_before_anybody_relies_on_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: Callable[[Path, str], object]
) -> None:
    """Of each fsync: whether it was of a file or a folder, and whether the name stood by then."""
    target, real = tmp_path / "file", os.fsync
    synced: list[tuple[str, bool]] = []

    def fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        synced.append(("folder" if is_folder else "file", target.exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)

    how(target, "text")

    assert synced == [("file", False), ("folder", True)]
