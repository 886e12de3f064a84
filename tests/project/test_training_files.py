"""The files that hold a run's rows: when they are written and removed, and whose they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
from built_runs import CPU, Build, answer_for_bases, builder, files_of

from xtgui_cli.data.errors import DataChangedError
from xtgui_cli.project.build_run import build_run
from xtgui_cli.project.config_writer import write_config
from xtgui_cli.project.row_record import RowRecord, remove_unused
from xtgui_cli.project.training_rows import place, write_rows
from xtgui_cli.project.written_config import read_config_settings, read_layers
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.run_folder import RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "project")


@pytest.fixture
def build(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    answer_for_bases(monkeypatch)
    return builder(tmp_path / "rows.jsonl", tiny_model)


# --- which files -------------------------------------------------------------------------------


def test_the_same_rows_have_the_same_file_which_is_written_once(
    build: Build, folder: RunFolder
) -> None:
    first = Path(write_rows(build(), folder).values["data_path"])
    written = first.stat().st_mtime_ns

    again = write_rows(build(), folder).values["data_path"]

    assert (again, first.stat().st_mtime_ns) == (str(first), written)
    assert first.name.startswith("rows-")
    assert files_of(folder) == {first.name}


@pytest.mark.parametrize(
    "other",
    [
        {"rows": 21},
        {"data__mix_general": 7},
        {"data__repeat_rows": 5},
        {"train__val_ratio": 0.2},
    ],
)
def test_other_rows_have_another_file(
    build: Build, folder: RunFolder, other: Mapping[str, Any]
) -> None:
    first = write_rows(build(), folder).values["data_path"]

    assert write_rows(build(**other), folder).values["data_path"] != first


def test_what_the_config_shows_before_it_is_written_is_what_is_written(
    build: Build, folder: RunFolder
) -> None:
    run = build(200)

    shown = place(run, folder).config_text
    write_config(run, folder)

    assert shown == read_file(folder.config_file)


@pytest.mark.parametrize("rows", [19, 21])
def test_a_file_that_is_not_what_was_counted_is_refused_and_nothing_stays(
    build: Build, folder: RunFolder, rows: int
) -> None:
    run = build()
    tiny.save_data(run.data.path, rows)

    with pytest.raises(DataChangedError):
        write_config(run, folder)

    assert not folder.config_file.exists()
    assert not folder.data_dir.exists() or files_of(folder) == set()


def test_a_full_disk_leaves_nothing_half_written(
    build: Build, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(XtguiError) as caught:
        write_config(build(), folder)

    assert caught.value.code == "config.not_writable"
    assert files_of(folder) == set()


def test_files_that_no_config_names_any_more_are_removed(build: Build, folder: RunFolder) -> None:
    write_config(build(200), folder)
    mine = folder.data_dir / "mine.jsonl"
    mine.write_text("{}")

    run = build(200, data__mix_general=7)
    write_config(run, folder)

    used = place(run, folder).values
    assert files_of(folder) == {
        "mine.jsonl",
        Path(used["data_path"]).name,
        Path(used["val_data_path"]).name,
    }


def test_files_of_a_run_that_was_put_away_stay(build: Build, folder: RunFolder) -> None:
    write_config(build(), folder)
    old = folder.old_runs_dir / "20260101_000000"
    old.mkdir(parents=True)
    shutil.copy(folder.config_file, old)
    before = files_of(folder)

    write_config(build(data__mix_general=7), folder)

    assert before < files_of(folder)


# --- whose data they are -----------------------------------------------------------------------


def test_the_users_own_file_is_what_the_settings_say(build: Build, folder: RunFolder) -> None:
    run = build(200)

    write_config(run, folder)

    layers, own = read_layers(folder), str(run.data.path)
    assert layers.edited == {}
    assert layers.planned["data.path"] == own
    assert read_config_settings(folder.config_file, folder.root).data.path == own
    assert read(read_file(folder.config_file))["source_data_path"] == own


def test_a_data_path_that_is_edited_by_hand_becomes_the_users_own(
    build: Build, folder: RunFolder, tmp_path: Path
) -> None:
    run = build()
    write_config(run, folder)
    other = tiny.save_data(tmp_path / "other.jsonl", 24)
    text = read_file(folder.config_file)
    trained = place(run, folder).values["data_path"]
    folder.config_file.write_text(text.replace(trained, str(other)), "utf-8")

    for _ in range(2):
        layers = read_layers(folder)
        assert layers.edited == {"data.path": str(other)}
        model = {"model.path": str(run.model.path)}
        write_config(build_run(replace(layers, flags=model).to_plan(), CPU), folder)

    said = read(read_file(folder.config_file))
    assert said["source_data_path"] == str(other)
    assert said["taught_rows"] == 24


def test_only_files_that_are_called_as_ours_are_removed(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.data_dir.mkdir()
    names = ("shop-0123abcd-trained.jsonl", "my-own.jsonl")
    for name in names:
        (folder.data_dir / name).write_text("{}\n")
    listed = tuple(str(folder.data_dir / name) for name in names)
    before = RowRecord(source="shop.jsonl", state=(1, 2), files=listed)

    remove_unused(before, replace(before, files=()), folder)

    assert [file.name for file in folder.data_dir.iterdir()] == ["my-own.jsonl"]
