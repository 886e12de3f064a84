"""General questions end to end: shown, answered by the base model, mixed in, or done without."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny
from engine_python import needs_engine_python
from scripted import Script, follow
from settings_of import saved_path

from xtgui_cli.cli import main
from xtgui_cli.project import engine_environment, settled_run
from xtgui_cli.project.written_config import read_layers
from xtgui_cli.shared import config_file
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import continue_run, init
from xtgui_cli.wizard.init import InitRequest

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("answering_base")]

Command = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "project")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tiny.save_data(tmp_path / "rows.jsonl", rows=20)


@pytest.fixture
def init_yes(folder: RunFolder, tiny_model: Path, data: Path) -> Command:
    """Return a function that runs `xtgui init --yes --no-train` on a model and 20 rows."""

    def run(*sets: str, language: str = "en") -> int:
        given = [f"model.path={tiny_model}", f"data.path={data}", *sets]
        flags = [flag for each in given for flag in ("--set", each)]
        root = ["--root", str(folder.root)]
        return main(["--lang", language, "init", "--yes", "--no-train", *root, *flags])

    return run


@pytest.fixture
def train(folder: RunFolder) -> Command:
    """Return a function that runs `xtgui train` with the fake engine."""

    def run(*arguments: str) -> int:
        return main(["train", "--root", str(folder.root), "--yes", "--plain", *arguments])

    return run


def config_of(folder: RunFolder) -> dict[str, Any]:
    return config_file.read(folder.config_file.read_text("utf-8"))


def general_rows(folder: RunFolder) -> list[Any]:
    config = config_of(folder)
    lines = Path(config["data_path"]).read_text("utf-8").splitlines()
    return [json.loads(line)["messages"] for line in lines[config["taught_rows"] :]]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


# --- mixed in ------------------------------------------------------------------------------------


def test_what_the_base_model_answers_is_trained_with_the_rows(
    init_yes: Command, folder: RunFolder, data: Path
) -> None:
    assert init_yes() == Exit.DONE

    config = config_of(folder)
    assert len(general_rows(folder)) == config["mix_general"] == 20
    assert general_rows(folder)[3][-1]["content"] == "Short answer 3."
    assert config["source_data_path"] == str(data)
    assert config["check_learning"] is True
    assert saved_path(folder, "data.path") == data
    assert read_layers(folder).edited == {}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "general questions 20 mixed in, so that the model keeps what it knows"),
        ("zh", "通用问题 混入 20 个，先由基座模型回答，以免训练后忘记原有知识"),
    ],
)
def test_the_review_says_how_many_are_mixed_in(
    init_yes: Command, capsys: pytest.CaptureFixture[str], language: str, words: str
) -> None:
    init_yes(language=language)

    assert words in said(capsys)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "general questions none mixed in, so the model may forget what it knew"),
        ("zh", "通用问题 不混入，模型可能会忘记原有知识"),
    ],
)
def test_the_review_says_that_none_are_mixed_in_where_somebody_wants_it_so(
    init_yes: Command,
    folder: RunFolder,
    data: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    words: str,
) -> None:
    init_yes("data.mix_general=0", language=language)

    assert words in said(capsys)
    assert config_of(folder)["data_path"] == str(data)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "held-out rows 10 rows, never trained"), ("zh", "验证集 留出 10 行，不参与训练")],
)
def test_the_review_says_how_many_rows_are_held_out(
    init_yes: Command,
    data: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    words: str,
) -> None:
    rows = [
        [{"role": "user", "content": f"Who is {number}?"}, {"role": "assistant", "content": "A."}]
        for number in range(200)
    ]
    data.write_text("\n".join(json.dumps({"messages": row}) for row in rows))

    init_yes(language=language)

    assert words in said(capsys)


def test_the_review_says_that_the_run_may_end_early(
    init_yes: Command, folder: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init_yes() == 0
    planned = said(capsys)
    assert init_yes("train.until_learned=true") == 0
    early = said(capsys)

    sentence = "at most: training stops early once the rows are known, or if the model forgets"
    assert sentence in early
    assert sentence not in planned
    assert "until_learned = True" in folder.config_file.read_text("utf-8")


def test_a_value_that_cannot_be_is_explained_and_writes_nothing(
    init_yes: Command, folder: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init_yes("data.mix_general=1000") == Exit.ANSWERS
    assert "data.mix_general must be at most 135" in said(capsys)
    assert init_yes("train.val_ratio=0.01") == Exit.ANSWERS
    assert "With train.val_ratio = 0.01, 20 rows leave nothing to hold out" in said(capsys)
    assert not folder.config_file.exists()


def test_a_second_round_asks_nothing_and_writes_the_same(
    init_yes: Command, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    init_yes()
    first = config_of(folder)
    monkeypatch.setattr(settled_run, "ask_engine", None)

    assert init_yes() == Exit.DONE

    assert config_of(folder) == first


def test_the_wizard_lets_them_be_switched_off_and_asks_only_when_it_writes(
    folder: RunFolder, tiny_model: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {
        "train.method": "lora",
        "model.path.source": "own",
        "model.path": str(tiny_model),
        "data.path.source": "own",
        "data.path": str(data),
        "data.tests": "none",
        "parameters": ["data.mix_general", "go_on", "data.mix_general", "go_on"],
        "data.mix_general": ["0", "18"],
        "ready": ["change", "write"],
        "change": "parameters",
    }
    asked: list[int] = []

    def take_down(*_: Any, wanted: int, most: int) -> None:
        asked.append(wanted)

    monkeypatch.setattr(settled_run, "ask_engine", take_down)
    script = Script(answers)
    follow(script, monkeypatch)

    init.run(InitRequest(root=folder.root))

    assert asked == [18]
    assert script.offered["data.mix_general"] == "0"


# --- done without --------------------------------------------------------------------------------


def is_written_without(folder: RunFolder, data: Path) -> bool:
    config = config_of(folder)
    return (config["data_path"], config["taught_rows"]) == (str(data), 20)


def test_ctrl_c_goes_on_without_them(
    init_yes: Command,
    train: Command,
    folder: RunFolder,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(settled_run, "ask_engine", interrupted)

    assert init_yes() == Exit.DONE

    assert "Interrupted. This run mixes in no general questions." in said(capsys)
    assert is_written_without(folder, data)
    monkeypatch.setattr(settled_run, "ask_engine", None)
    assert train() == Exit.DONE


def test_an_engine_that_fails_does_not_keep_anybody_from_training(
    init_yes: Command,
    folder: RunFolder,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FAKE_ENGINE", "breaks")

    assert init_yes() == Exit.DONE

    assert "The base model could not answer the general questions" in said(capsys)
    assert is_written_without(folder, data)


@needs_engine_python
def test_without_an_engine_they_come_when_there_is_one(
    init_yes: Command,
    train: Command,
    folder: RunFolder,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as without_engine:
        without_engine.setattr(engine_environment, "chosen_python", lambda *_: None)
        without_engine.setattr(engine_environment, "_NEEDED", ("no_such_package",))
        assert init_yes() == Exit.DONE
    assert "The training engine is not installed yet." in said(capsys)
    assert is_written_without(folder, data)

    assert train() == Exit.DONE

    assert len(general_rows(folder)) == 20


# --- kept up to date -----------------------------------------------------------------------------


def test_a_setting_that_changes_makes_other_rows(
    init_yes: Command, train: Command, folder: RunFolder, data: Path
) -> None:
    init_yes()

    assert train("--set", "data.mix_general=0") == Exit.DONE
    assert is_written_without(folder, data)
    assert train("--fresh", "--set", "data.mix_general=17") == Exit.DONE

    assert len(general_rows(folder)) == 17


def test_a_setting_that_has_nothing_to_do_with_rows_leaves_them(
    init_yes: Command, train: Command, folder: RunFolder
) -> None:
    init_yes()
    before = config_of(folder)

    train("--set", "train.lr=1e-4")

    assert config_of(folder) == before | {"lr": 1e-4}


def test_a_hand_edit_of_the_config_is_obeyed(
    init_yes: Command, train: Command, folder: RunFolder
) -> None:
    init_yes()
    text = folder.config_file.read_text("utf-8")
    edited = re.sub(r"(?m)^mix_general = \d+", "mix_general = 3", text)
    folder.config_file.write_text(edited, "utf-8")

    assert train() == Exit.DONE

    assert len(general_rows(folder)) == 3
    assert read_layers(folder).edited == {"data.mix_general": 3}


def test_data_that_change_are_trained_as_they_are_by_now(
    init_yes: Command,
    train: Command,
    folder: RunFolder,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    init_yes()
    tiny.save_data(data, rows=25)

    assert train() == Exit.DONE

    assert "Your data, or a file made from it, has changed" in said(capsys)
    assert config_of(folder)["taught_rows"] == 25


def test_a_resumed_run_keeps_its_rows(
    init_yes: Command,
    train: Command,
    folder: RunFolder,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FAKE_ENGINE", "fails iterations=30 save=10 at=15")
    init_yes()
    train()
    before = folder.config_file.read_text("utf-8")
    tiny.save_data(data, rows=25)
    monkeypatch.setenv("FAKE_ENGINE", "works iterations=30")

    assert train("--resume") == Exit.DONE

    assert folder.config_file.read_text("utf-8") == before
    assert Path(config_of(folder)["data_path"]).is_file()


def test_files_that_somebody_deleted_are_written_again(
    init_yes: Command, train: Command, folder: RunFolder
) -> None:
    init_yes()
    before = general_rows(folder)
    Path(config_of(folder)["data_path"]).unlink()

    assert train() == Exit.DONE

    assert general_rows(folder) == before


def test_the_engine_is_offered_before_the_base_model_is_asked(
    folder: RunFolder, tiny_model: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def train(_: RunFolder) -> Exit:
        order.append("train")
        return Exit.DONE

    monkeypatch.setattr(continue_run, "install_engine_if_wanted", lambda _: order.append("install"))
    monkeypatch.setattr(continue_run, "go_on", train)
    monkeypatch.setattr(settled_run, "ask_engine", lambda *_, **__: order.append("ask"))
    answers = {
        "train.method": "lora",
        "model.path.source": "own",
        "model.path": str(tiny_model),
        "data.path.source": "own",
        "data.path": str(data),
        "data.tests": "none",
        "parameters": "go_on",
        "ready": "train",
    }
    follow(Script(answers), monkeypatch)

    init.run(InitRequest(root=folder.root))

    assert order == ["install", "ask", "train"]
