"""The config keeps what a person wrote in it, and says what was answered."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
from built_runs import CPU
from settings_of import settings_of

from xtgui_cli.planning.recipe import plan_rates
from xtgui_cli.project import config_writer
from xtgui_cli.project.build_run import BuiltRun, build_run
from xtgui_cli.project.config_writer import find_disagreements, write_config
from xtgui_cli.project.written_config import read_layers
from xtgui_cli.shared.config_file import read
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder

PLANNED_LR = plan_rates(settings_of({}), tiny.HIDDEN, 20).lr


@pytest.fixture
def answers(tmp_path: Path, tiny_model: Path) -> dict[str, Any]:
    data = tiny.save_data(tmp_path / "rows.jsonl", 20)
    return {"model.path": str(tiny_model), "data.path": str(data)}


@pytest.fixture
def folder(tmp_path: Path, answers: dict[str, Any]) -> RunFolder:
    """A project whose config has been written, and then edited by hand."""
    folder = RunFolder(tmp_path / "project")
    write_config(build_run(settings_of(answers), CPU), folder)
    text = folder.config_file.read_text("utf-8")
    text = re.sub(r"(?m)^lr = .*", "lr = 5e-4  # mine", text)
    folder.config_file.write_text("# my notes\n" + text, "utf-8")
    return folder


def _again(folder: RunFolder, answers: dict[str, Any]) -> BuiltRun:
    built = build_run(replace(read_layers(folder), flags=answers).to_plan(), CPU)
    write_config(built, folder)
    return built


def test_a_hand_edit_is_found_and_stays_through_every_writing(
    folder: RunFolder, answers: dict[str, Any]
) -> None:
    for _ in range(3):
        built = _again(folder, answers)

        assert read_layers(folder).edited == {"train.lr": 5e-4}
        assert built.values["lr"] == 5e-4
    text = folder.config_file.read_text("utf-8")
    assert text.startswith("# my notes\n")
    assert "lr = 5e-4  # mine" in text


def test_a_prompt_template_written_by_hand_stays_through_every_writing(
    folder: RunFolder, answers: dict[str, Any]
) -> None:
    own = 'dict(INSTRUCTION="Q: {input} A: ", SUFFIX="<|im_end|>", STOP_WORDS=[])  # my own'
    text = folder.config_file.read_text("utf-8")
    folder.config_file.write_text(text.replace("PROMPT_TEMPLATE.qwen_chat", own), "utf-8")

    for _ in range(3):
        built = _again(folder, answers)

        assert built.template.name == "custom"
        assert read_layers(folder).edited["model.template_instruction"] == "Q: {input} A: "
    assert "# my own" in folder.config_file.read_text("utf-8")


def test_a_hand_edit_that_nobody_merged_stays_and_is_reported(
    folder: RunFolder, answers: dict[str, Any]
) -> None:
    (kept,) = write_config(build_run(settings_of(answers), CPU), folder)

    assert (kept.name, kept.in_config, kept.answered) == ("lr", 5e-4, PLANNED_LR)
    assert read_layers(folder).edited == {"train.lr": 5e-4}


@pytest.mark.parametrize("lr", [PLANNED_LR, 1e-3])
def test_an_answer_replaces_a_hand_edit_and_nothing_else(
    folder: RunFolder, answers: dict[str, Any], lr: float
) -> None:
    _again(folder, answers | {"train.lr": lr})

    text = folder.config_file.read_text("utf-8")
    assert read(text)["lr"] == lr
    assert "# mine" in text
    assert read_layers(folder).edited == {}


def test_a_disk_that_fills_up_leaves_the_old_config_in_place(
    folder: RunFolder, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folder.config_file.read_text("utf-8")

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(config_writer, "write_text", fail)

    with pytest.raises(XtguiError):
        write_config(build_run(settings_of(answers | {"train.method": "full"}), CPU), folder)

    assert folder.config_file.read_text("utf-8") == before


def test_a_config_of_another_method_is_put_aside_whole(
    folder: RunFolder, answers: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    before = folder.config_file.read_text("utf-8")

    write_config(build_run(settings_of(answers | {"train.method": "full"}), CPU), folder)

    assert (folder.work_dir / "xtuner_config.old.py").read_text("utf-8") == before
    assert "lora_r" not in read(folder.config_file.read_text("utf-8"))
    assert "It is kept as xtuner_config.old.py." in " ".join(capfd.readouterr().err.split())


def test_a_broken_config_is_named_with_its_line_and_left_alone(
    folder: RunFolder, answers: dict[str, Any]
) -> None:
    folder.config_file.write_text("lr = 1\nlr = = 2\n", "utf-8")

    with pytest.raises(XtguiError) as caught:
        write_config(build_run(settings_of(answers), CPU), folder)

    assert (caught.value.code, caught.value.data["line"]) == ("config.syntax", 2)
    assert folder.config_file.read_text("utf-8") == "lr = 1\nlr = = 2\n"


def test_without_space_on_the_disk_nothing_is_written(
    tmp_path: Path, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 1 << 20))

    with pytest.raises(XtguiError) as caught:
        write_config(build_run(settings_of(answers), CPU), RunFolder(tmp_path / "full"))

    assert (caught.value.code, caught.value.exit) == ("config.no_space", Exit.FAILED)
    assert not (tmp_path / "full").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, answers: dict[str, Any]) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be", "utf-8")

    with pytest.raises(XtguiError) as caught:
        write_config(build_run(settings_of(answers), CPU), RunFolder(tmp_path / "taken"))

    assert caught.value.code == "config.not_writable"


def test_disagreements_name_both_values() -> None:
    (difference,) = find_disagreements({"lr": 1, "seed": 2}, {"lr": 3, "seed": 2, "not_there": 4})

    assert (difference.name, difference.in_config, difference.answered) == ("lr", 1, 3)
