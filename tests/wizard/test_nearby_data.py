"""The wizard proposes the data file of the folder one stands in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import tiny
from scripted import Script, Wizard, follow
from settings_of import saved_path

from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import continue_run, init
from xtgui_cli.wizard.init import InitRequest


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder one stands in; the project lies in it."""
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr(continue_run, "go_on", lambda folder: Exit.DONE)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def wizard(here: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Wizard:
    """Return a function that answers the data question, and Enter to where they are from."""

    def go(**replies: Any) -> Script:
        usual = {
            "train.method": "lora",
            "model.path.source": "own",
            "model.path": str(tiny_model),
            "model.prompt_template": "qwen_chat",
            "data.path.source": None,
            "data.tests": "none",
            "parameters": "go_on",
            "ready": "write",
        }
        script = Script(usual | {name.replace("__", "."): one for name, one in replies.items()})
        follow(script, monkeypatch)
        init.run(InitRequest(root=here / "project"))
        return script

    return go


def used(here: Path) -> Path:
    return saved_path(RunFolder(here / "project"), "data.path")


def test_the_only_data_file_is_what_enter_takes(here: Path, wizard: Wizard) -> None:
    tiny.save_data(here / "rows.jsonl", rows=20)
    (here / "package.json").write_text('{"name": "x"}')

    script = wizard(data__path=None)

    assert script.offered["data.path"] == "rows.jsonl"
    assert used(here) == here / "rows.jsonl"


def test_of_several_the_newest_is_listed_first_and_none_is_chosen_by_enter(
    here: Path, wizard: Wizard, tmp_path: Path
) -> None:
    for age, name in enumerate(["new.jsonl", "old.jsonl"]):
        tiny.save_data(here / name, rows=20)
        os.utime(here / name, (1e9 - age, 1e9 - age))
    elsewhere = tiny.save_data(tmp_path / "elsewhere.jsonl", rows=20)

    script = wizard(data__path__file=None, data__path=str(elsewhere))

    assert script.choices["data.path.file"] == ["new.jsonl", "old.jsonl", ""]
    assert script.offered["data.path.file"] == ""
    assert script.offered["data.path"] == ""
    assert used(here) == elsewhere


def test_one_of_several_is_chosen_from_the_list(here: Path, wizard: Wizard) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        tiny.save_data(here / name, rows=20)

    wizard(data__path__file="b.jsonl", data__path=None)

    assert used(here) == here / "b.jsonl"


def test_without_any_the_question_is_empty(here: Path, wizard: Wizard, tmp_path: Path) -> None:
    rows = tiny.save_data(tmp_path / "rows.jsonl", rows=20)

    script = wizard(data__path=str(rows))

    assert script.offered["data.path"] == ""


def test_a_file_in_the_projects_folder_is_proposed_too(here: Path, wizard: Wizard) -> None:
    (here / "project").mkdir()
    rows = tiny.save_data(here / "project" / "rows.jsonl", rows=20)

    script = wizard(data__path=None)

    assert script.offered["data.path"] == "project/rows.jsonl"
    assert used(here) == rows
