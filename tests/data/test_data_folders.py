"""A folder of data files: which of them become one file of rows, and what is left aside."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow
import pytest
from data_files import CONTAINERS, PAIR, WANTED, converted, refused, write_parquet, write_rows

from xtgui_cli.data.formats import convert as convert_module


def test_the_data_files_of_a_folder_become_one_and_all_else_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "deeper").mkdir(parents=True)
    (folder / ".git").mkdir()
    write_rows(folder, [PAIR], "a.jsonl")
    (folder / "b.csv").write_bytes(CONTAINERS["csv"].encode("gb18030"))
    write_parquet(
        folder / "deeper" / "train-00000-of-00001.parquet", pyarrow.Table.from_pylist([PAIR])
    )
    (folder / "deeper" / "c.json.gz").write_bytes(gzip.compress(CONTAINERS["array"].encode()))
    for name in ("test.jsonl", "deeper/validation-00000.jsonl"):
        write_rows(folder, [PAIR], name)
    for name in (".git/x.jsonl", ".hidden.jsonl"):
        write_rows(folder, [PAIR], name)
    (folder / "README.md").write_text("# Data\n\nSome, prose.\n", "utf-8")
    (folder / "dataset_info.json").write_text('{"rows": 4}', "utf-8")
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\0\0")

    rows, report = converted(folder)

    assert rows == WANTED * 4
    assert sorted(file.source.path.name for file in report.files) == [
        "a.jsonl",
        "b.csv",
        "c.json.gz",
        "train-00000-of-00001.parquet",
    ]
    assert {reason: sorted(names) for reason, names in report.aside.items()} == {
        "formats.aside_test": ["test.jsonl", "validation-00000.jsonl"],
        "formats.aside_no_data": ["README.md", "dataset_info.json", "empty.jsonl", "picture.png"],
    }


def test_a_folder_of_test_data_alone_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    write_rows(folder, [PAIR], "test.jsonl")

    assert converted(folder)[0] == WANTED


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    assert refused(folder) == "formats.no_files"
    (folder / "README.md").write_text("prose\n", "utf-8")
    assert refused(folder) == "formats.no_files"


def test_a_whole_disk_is_not_taken_for_a_folder_of_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert_module, "MOST_FILES", 3)
    many = tmp_path / "many"
    many.mkdir()
    for number in range(4):
        write_rows(many, [PAIR], f"{number}.jsonl")

    assert refused(many) == "formats.too_many_files"
