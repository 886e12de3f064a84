"""Which files beside the user look like training data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xtgui_cli.data.nearby_files import find_nearby_files


def names(*folders: Path) -> list[str]:
    return [file.path.name for file in find_nearby_files(folders)]


def test_data_files_are_found_the_newest_first(tmp_path: Path) -> None:
    for age, name in enumerate(["c.parquet", "b.csv", "a.JSONL", "d.csv.gz"]):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))

    assert names(tmp_path) == ["c.parquet", "b.csv", "a.JSONL", "d.csv.gz"]


@pytest.mark.parametrize(
    ("content", "is_data"),
    [
        ('[{"instruction": "Hi"}]', True),
        ('[\n  {"messages": []}\n]', True),
        ('\ufeff[{"a": 1}]', True),
        ('{"messages": []}\n{"messages": []}\n', True),
        ('{"name": "package", "version": "1"}\n', False),
        ('{\n  "name": "package"\n}\n', False),
        ('["a", "b"]', False),
        ("3", False),
    ],
)
def test_a_json_file_is_data_where_it_holds_rows(
    content: str, is_data: bool, tmp_path: Path
) -> None:
    (tmp_path / "rows.json").write_text(content, "utf-8")

    assert names(tmp_path) == ["rows.json"] * is_data


def test_what_is_hidden_linked_empty_or_no_file_is_left_alone(tmp_path: Path) -> None:
    outside, here = tmp_path / "outside.csv", tmp_path / "here"
    here.mkdir()
    outside.write_text("a,b\n1,2\n")
    (here / ".hidden.csv").write_text("a,b\n")
    (here / "link.csv").symlink_to(outside)
    (here / "empty.csv").touch()
    (here / "folder.csv").mkdir()
    (here / "notes.txt").write_text("text")
    os.mkfifo(here / "pipe.json")

    assert names(here) == []


def test_a_huge_file_is_not_proposed(tmp_path: Path) -> None:
    with (tmp_path / "huge.jsonl").open("wb") as file:
        file.truncate(9 << 30)

    assert names(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_not_proposed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n")
    (tmp_path / "secret.csv").chmod(0)

    assert names(tmp_path) == []


def test_the_same_folder_twice_or_none_at_all_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n")

    assert names(tmp_path, tmp_path, tmp_path / "missing") == ["rows.csv"]
