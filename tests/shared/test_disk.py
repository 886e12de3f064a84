"""Free space of a folder that may not exist yet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xtgui_cli.shared.disk import free_bytes, nearest_existing


def test_a_path_that_does_not_exist_is_asked_of_the_folder_that_would_hold_it(
    tmp_path: Path,
) -> None:
    assert nearest_existing(tmp_path / "a" / "b") == tmp_path
    assert nearest_existing(tmp_path) == tmp_path


def test_a_relative_path_counts_from_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert nearest_existing(Path("a/b")) == tmp_path


def test_the_free_space_is_that_of_its_disk(tmp_path: Path) -> None:
    free = free_bytes(tmp_path / "not" / "there")

    assert free == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)
