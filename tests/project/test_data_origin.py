"""A file that was converted into the project is read again when it has changed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import tiny
from fake_project import FakeProject
from scripted import Script, follow
from settings_of import saved_path

from xtgui_cli.cli.entry import main
from xtgui_cli.project import import_data
from xtgui_cli.project.data_origin import find_origin, source_of
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import init
from xtgui_cli.wizard.init import InitRequest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    return RunFolder(tmp_path / "project")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_table(tmp_path / "shop.csv", 20)


def write_table(file: Path, rows: int, columns: str = "question,answer") -> Path:
    lines = [f"Where is shelf {number}?,In aisle {number}." for number in range(rows)]
    file.write_text("\n".join([columns, *lines]) + "\n")
    os.utime(file, ns=(rows, rows))  # changed at another time for another number of rows
    return file


def rows_of(file: Path) -> int:
    return len(file.read_text().splitlines())


def set_up(folder: RunFolder, model: Path, *sets: str) -> None:
    init.run(InitRequest(root=folder.root, sets=sets, yes=True, no_train=True))


def test_a_scripted_second_round_takes_the_rows_that_were_added(
    folder: RunFolder, shop: Path, tiny_model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up(folder, tiny_model, f"model.path={tiny_model}", f"data.path={shop}")
    write_table(shop, 21)

    set_up(folder, tiny_model)

    assert rows_of(saved_path(folder, "data.path")) == 21
    assert "shop.csv has changed since its import" in capfd.readouterr().err


def test_an_unchanged_file_keeps_its_copy(folder: RunFolder, shop: Path) -> None:
    copy = import_data.take_in(shop, folder)

    assert import_data.take_in(copy, folder) == copy
    assert source_of(copy, folder) == shop


def test_columns_that_were_asked_for_count_for_the_changed_file_too(
    folder: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write_table(tmp_path / "table.csv", 20, "a,b")
    answers = {"data.column.user": "a", "data.column.assistant": "b"}
    follow(Script(answers), monkeypatch)
    copy = import_data.take_in(table, folder, may_ask=True)
    write_table(table, 21, "a,b")

    again = import_data.take_in(copy, folder)

    assert rows_of(again) == 21
    first = json.loads(again.read_text().splitlines()[0])["messages"][0]
    assert first == {"role": "user", "content": "Where is shelf 0?"}


def test_a_copy_that_was_edited_stays_in_use(
    folder: RunFolder, shop: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    copy = import_data.take_in(shop, folder)
    copy.write_text(copy.read_text() * 2)
    write_table(shop, 21)

    assert import_data.take_in(copy, folder) == copy
    assert "Using the copy" in " ".join(capfd.readouterr().err.split())


def test_a_file_that_is_gone_leaves_its_copy(folder: RunFolder, shop: Path) -> None:
    copy = import_data.take_in(shop, folder)
    shop.unlink()

    assert import_data.take_in(copy, folder) == copy


def test_a_repaired_copy_gives_way_to_the_file_that_has_changed(
    folder: RunFolder, tmp_path: Path
) -> None:
    row = '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{row}\nnot json\n")
    repaired = import_data.repair(file, folder)
    file.write_text(f"{row}\n{row}\n")

    assert import_data.take_in(repaired, folder) == file


def test_a_record_that_makes_no_sense_is_no_origin(folder: RunFolder, shop: Path) -> None:
    copy = import_data.take_in(shop, folder)
    for record in folder.data_dir.glob(".*.json"):
        record.write_text('{"path": "/x", "state": [[1]], "columns": 7}')

    assert find_origin(copy, folder) is None
    assert import_data.take_in(copy, folder) == copy


def test_the_wizard_offers_the_users_own_file_again(
    folder: RunFolder, shop: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(folder, tiny_model, f"model.path={tiny_model}", f"data.path={shop}")
    replies = {
        "train.method": "lora",
        "model.path.source": "own",
        "model.path": str(tiny_model),
        "data.path.source": "own",
        "data.path": None,
        "data.tests": "none",
        "ready": "write",
    }
    script = Script(replies)
    follow(script, monkeypatch)

    init.run(InitRequest(root=folder.root, step=2, no_train=True))

    assert script.offered["data.path"] == str(shop)


def test_a_fresh_training_takes_the_rows_that_were_added(
    project: FakeProject, shop: Path, tiny_model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project.folder.config_file.unlink()
    sets = (f"model.path={tiny_model}", f"data.path={shop}")
    init.run(InitRequest(root=project.root, sets=sets, yes=True, no_train=True))
    write_table(shop, 21)
    project.behave("works")

    assert project.train() == Exit.DONE
    assert rows_of(saved_path(project.folder, "data.path")) == 21
    assert "config was written: data.path" in " ".join(capfd.readouterr().err.split())


# --- copies outside of a project ------------------------------------------------------------


@pytest.fixture
def fixed(tmp_path: Path) -> Path:
    """A copy that `check data --fix` has written beside the original, rows.jsonl."""
    rows = tiny.save_data(tmp_path / "rows.jsonl", rows=20)
    assert main(["check", "data", str(rows), "--fix", str(tmp_path / "fixed.jsonl")]) == 0
    return tmp_path / "fixed.jsonl"


@pytest.fixture
def converted(shop: Path) -> Path:
    """A copy that `data convert` has written beside shop.csv."""
    copy = shop.with_name("converted.jsonl")
    assert main(["data", "convert", str(shop), str(copy)]) == 0
    return copy


@pytest.mark.parametrize(("copy", "original"), [("fixed", "rows.jsonl"), ("converted", "shop.csv")])
def test_a_copy_made_by_hand_is_said_to_be_older_than_its_original(
    copy: str,
    original: str,
    folder: RunFolder,
    tiny_model: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = request.getfixturevalue(copy)
    said = f"{path.name} was converted from {tmp_path / original}, which has changed since"
    sets = (f"model.path={tiny_model}", f"data.path={path}")
    set_up(folder, tiny_model, *sets)
    main(["check", "data", str(path)])
    assert "was converted from" not in capfd.readouterr().err

    with (tmp_path / original).open("a") as file:
        file.write("\n")
    main(["check", "data", str(path)])
    by_check = " ".join(capfd.readouterr().err.split())
    set_up(folder, tiny_model, *sets)
    by_init = " ".join(capfd.readouterr().err.split())

    assert said in by_check
    assert said in by_init


def test_another_file_of_that_name_is_no_copy(
    fixed: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fixed.unlink()
    tiny.save_data(fixed, rows=3)
    with (tmp_path / "rows.jsonl").open("a") as file:
        file.write("\n")

    main(["check", "data", str(fixed)])

    assert "was converted from" not in capfd.readouterr().err
