"""A file is there whole or not at all, and what was there before is never lost."""

from __future__ import annotations

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
