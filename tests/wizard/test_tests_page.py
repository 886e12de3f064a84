"""Test questions in other words: asked for in the wizard, named in scripts, checked in time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny
from scripted import BACK, Script, Wizard, follow

from xtgui_cli.cli import main
from xtgui_cli.project import settings_file
from xtgui_cli.project.written_config import read_layers
from xtgui_cli.shared import config_file
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.wizard import continue_run, init
from xtgui_cli.wizard.init import InitRequest

GOOD = '{"question": "Say who the 3rd is.", "keywords": ["Dora"]}\n'
NO_KEYWORDS = GOOD + '{"question": "And the 4th?", "keywords": []}\n'

Command = Callable[..., int]


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr(continue_run, "go_on", lambda folder: Exit.DONE)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "project")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tiny.save_data(tmp_path / "rows.jsonl", rows=20)


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    file = tmp_path / "my tests.jsonl"
    file.write_text(GOOD, "utf-8")
    return file


@pytest.fixture
def sources(tiny_model: Path, data: Path) -> dict[str, str]:
    return {"train.method": "lora", "model.path": str(tiny_model), "data.path": str(data)}


@pytest.fixture
def wizard(folder: RunFolder, sources: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Wizard:
    """Return a function that goes through the wizard; method, model and data are given."""

    def go(replies: dict[str, Any], *sets: str, step: int | None = None) -> Script:
        script = Script({"parameters": "go_on", "ready": "write", **replies})
        follow(script, monkeypatch)
        given = tuple(f"{key}={value}" for key, value in sources.items())
        init.run(InitRequest(root=folder.root, sets=(*given, *sets), step=step))
        return script

    return go


@pytest.fixture
def init_yes(folder: RunFolder, sources: dict[str, str]) -> Command:
    """Return a function that runs `xtgui init --yes --no-train`."""

    def run(*sets: str, language: str = "en") -> int:
        given = [f"{key}={value}" for key, value in sources.items()]
        flags = [flag for each in (*given, *sets) for flag in ("--set", each)]
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


def written(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


# --- the wizard ----------------------------------------------------------------------------------


def test_who_takes_what_is_offered_has_none_and_is_not_asked_again(
    wizard: Wizard, folder: RunFolder
) -> None:
    wizard({"data.tests": None})

    assert settings_file.load(folder.settings_file)["data.tests"] == ""
    assert not config_of(folder)["tests_path"]
    assert not (folder.data_dir / "tests.jsonl").exists()
    assert "data.tests" not in wizard({}).asked


def test_rows_are_reworded_and_their_key_words_named(wizard: Wizard, folder: RunFolder) -> None:
    script = wizard(
        {
            "data.tests": "write",
            "data.tests.question.1": "Say who the first is.",
            "data.tests.keywords.1": "Dora|阿芳， assistant",
            "data.tests.question.2": "",
            "data.tests.question.3": "Name the third.",
            "data.tests.keywords.3": None,
            "data.tests.question.4": "",
            "data.tests.question.5": "",
        }
    )

    file = folder.data_dir / "tests.jsonl"
    first, third = written(file)
    assert first == {
        "question": "Say who the first is.",
        "keywords": ["Dora|阿芳", "assistant"],
    }
    assert third == {
        "question": "Name the third.",
        "keywords": [script.offered["data.tests.keywords.3"]],
    }
    assert config_of(folder)["tests_path"] == str(file)
    assert read_layers(folder).edited == {}


def test_the_row_itself_and_no_key_words_are_not_taken(wizard: Wizard, folder: RunFolder) -> None:
    script = wizard(
        {
            "data.tests": "write",
            "data.tests.question.1": [" Who is  number 0? ", "Tell me about 0."],
            "data.tests.keywords.1": [" ,， ", "zero"],
            **{f"data.tests.question.{number}": "" for number in range(2, 6)},
        }
    )

    assert script.asked.count("data.tests.question.1") == 2
    assert script.asked.count("data.tests.keywords.1") == 2
    assert written(folder.data_dir / "tests.jsonl") == [
        {"question": "Tell me about 0.", "keywords": ["zero"]}
    ]


def test_escape_leads_back_step_by_step_and_keeps_what_was_typed(
    wizard: Wizard, folder: RunFolder
) -> None:
    script = wizard(
        {
            "data.tests": ["write", "none"],
            "data.tests.question.1": ["One?", None, None, BACK],
            "data.tests.keywords.1": ["one", BACK, BACK],
            "data.tests.question.2": BACK,
        }
    )

    assert script.offered["data.tests.question.1"] == "One?"
    assert settings_file.load(folder.settings_file)["data.tests"] == ""
    assert not (folder.data_dir / "tests.jsonl").exists()


def test_who_types_nothing_is_asked_whether_to_skip(wizard: Wizard, folder: RunFolder) -> None:
    nothing = {f"data.tests.question.{number}": "" for number in range(1, 6)}

    wizard({"data.tests": ["write", "none"], **nothing})

    assert not (folder.data_dir / "tests.jsonl").exists()


@pytest.mark.parametrize("choice", ["keep", "none"])
def test_tests_that_are_there_can_be_kept(
    wizard: Wizard, sources: dict[str, str], folder: RunFolder, tests: Path, choice: str
) -> None:
    wizard({}, f"data.tests={tests}")
    again = {
        "model.path.source": "own",
        "data.path.source": "own",
        **sources,
        "data.tests": choice,
    }

    script = wizard(again, step=2)

    assert script.offered["data.tests"] == "keep"
    assert script.choices["data.tests"] == ["keep", "none", "write"]
    assert settings_file.load(folder.settings_file)["data.tests"] == (
        str(tests) if choice == "keep" else ""
    )
    assert tests.read_text("utf-8") == GOOD


def test_a_file_that_cannot_be_used_is_explained_and_asked_for(
    wizard: Wizard, folder: RunFolder, tests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tests.write_text(NO_KEYWORDS, "utf-8")

    wizard({"data.tests": "none"}, f"data.tests={tests}")

    assert "my tests.jsonl, line 2: no keywords" in said(capsys)
    assert not config_of(folder)["tests_path"]


def test_other_data_have_other_tests(
    wizard: Wizard, sources: dict[str, str], tests: Path, tmp_path: Path
) -> None:
    other = tiny.save_data(tmp_path / "other.jsonl", rows=15)
    wizard({}, f"data.tests={tests}")
    again = {"model.path.source": "own", "data.path.source": "own", **sources}

    script = wizard(again | {"data.path": str(other), "data.tests": None}, step=2)

    assert script.choices["data.tests"] == ["none", "write"]


def test_data_with_nothing_to_reword_are_not_asked_about(wizard: Wizard, data: Path) -> None:
    row = {
        "messages": [
            {"role": "user", "content": "Write a story."},
            {"role": "assistant", "content": "Once upon a time " * 20},
        ]
    }
    data.write_text((json.dumps(row) + "\n") * 20, "utf-8")

    assert "data.tests" not in wizard({}).asked


# --- scripts -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("answering_base")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "reworded questions 1 test question, asked at the end and at the recommended "
            "checkpoint",
        ),
        ("zh", "换种问法 1 道测试题，在训练结束时和推荐的检查点上提问"),
    ],
)
def test_a_file_can_be_named_and_is_told(
    init_yes: Command,
    folder: RunFolder,
    tests: Path,
    language: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tests.parent)

    assert init_yes(f"data.tests={tests.name}", language=language) == Exit.DONE

    assert words in said(capsys)
    assert config_of(folder)["tests_path"] == str(tests)
    assert settings_file.load(folder.settings_file)["data.tests"] == str(tests)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", 'my tests.jsonl, line 2: no keywords. "keywords" must be a list'),
        ("zh", "my tests.jsonl 第 2 行：没有关键词"),
    ],
)
def test_tests_without_key_words_are_explained_and_write_nothing(
    init_yes: Command,
    folder: RunFolder,
    tests: Path,
    language: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tests.write_text(NO_KEYWORDS, "utf-8")

    assert init_yes(f"data.tests={tests}", language=language) == Exit.ANSWERS

    shown = said(capsys)
    assert words in shown
    assert '{"question": ' in shown
    assert not folder.root.exists()


@pytest.mark.usefixtures("answering_base")
def test_a_file_that_was_spoilt_since_stops_a_training_before_it_starts(
    init_yes: Command,
    train: Command,
    folder: RunFolder,
    tests: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    init_yes(f"data.tests={tests}")
    tests.write_text("broken", "utf-8")

    assert train() == Exit.ANSWERS

    assert "my tests.jsonl, line 1: not valid JSON." in said(capsys)
    assert not folder.events_file.exists()
    tests.write_text(GOOD, "utf-8")
    assert train() == Exit.DONE


@pytest.mark.usefixtures("answering_base")
def test_training_takes_other_tests_and_refuses_wrong_ones(
    init_yes: Command, train: Command, folder: RunFolder, tests: Path
) -> None:
    init_yes()
    wrong = tests.with_name("wrong.jsonl")
    wrong.write_text(NO_KEYWORDS, "utf-8")
    before = folder.config_file.read_text("utf-8")

    assert train("--set", f"data.tests={wrong}") == Exit.ANSWERS
    assert folder.config_file.read_text("utf-8") == before
    assert "data.tests" not in settings_file.load(folder.settings_file)
    assert train("--set", f"data.tests={tests}") == Exit.DONE

    assert config_of(folder)["tests_path"] == str(tests)


@pytest.mark.usefixtures("answering_base")
def test_a_resumed_run_can_be_asked_something_else(
    init_yes: Command,
    train: Command,
    folder: RunFolder,
    tests: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FAKE_ENGINE", "fails iterations=30 save=10 at=15")
    init_yes()
    train()
    monkeypatch.setenv("FAKE_ENGINE", "works iterations=30")

    assert train("--resume", "--set", f"data.tests={tests}") == Exit.DONE

    assert config_of(folder)["tests_path"] == str(tests)
