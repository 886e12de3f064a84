"""The wizard, its questions answered from a dict."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tiny
from engine_python import needs_engine
from scripted import BACK, LEAVE, Script, Wizard, follow

from xtgui_cli.project import settings_file, trust
from xtgui_cli.settings.table import Value
from xtgui_cli.shared import config_file
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.texts import set_language
from xtgui_cli.wizard import continue_run, init
from xtgui_cli.wizard.init import InitRequest
from xtgui_cli.wizard.session import Session

pytestmark = pytest.mark.usefixtures("only_the_wizard")


QUESTION_AND_ANSWER = [
    {"role": "user", "content": "Who are you?"},
    {"role": "assistant", "content": "我是小明。"},
]


def config_of(folder: RunFolder) -> dict[str, Any]:
    return config_file.read(folder.config_file.read_text("utf-8"))


def test_a_whole_round_writes_answers_and_config(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any], data: Path
) -> None:
    wizard({**sources, "parameters": "go_on", "ready": "write"})

    assert settings_file.load(folder.settings_file) == {
        "train.method": "lora",
        "model.path": sources["model.path"],
        "data.path": str(data),
        "data.tests": "",
    }
    assert config_of(folder)["data_path"] == str(data)
    assert config_of(folder)["prompt_template"] == "qwen_chat"


def test_the_folder_that_the_wizard_made_is_trusted(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    wizard({**sources, "parameters": "go_on", "ready": "write"})

    assert trust.is_trusted(folder.root)


def test_an_answer_that_lets_a_model_run_its_code_is_not_asked_about_again(
    folder: RunFolder,
) -> None:
    folder.root.mkdir()
    trust.trust(folder.root)
    session = Session(folder)

    session.record("model.path", "/models/a")
    session.record("model.trust_remote_code", True)

    assert trust.is_trusted(folder.root)


def test_a_wrong_answer_is_asked_again_at_once(
    wizard: Wizard, sources: dict[str, Any], data: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"messages": [{"role": "tool", "content": "x"}]}\n')
    replies = {
        **sources,
        "data.path.source": ["own", "own"],
        "data.path": [str(tmp_path / "nowhere"), str(broken), str(data)],
    }

    script = wizard({**replies, "parameters": "go_on", "ready": "write"})

    assert script.asked.count("data.path") == 3


def test_after_ctrl_c_the_next_round_goes_on_where_it_was(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        wizard({**sources, "data.path": LEAVE})

    assert settings_file.load(folder.settings_file).keys() == {"train.method", "model.path"}
    script = wizard({**sources, "parameters": "go_on", "ready": "write"})
    assert script.asked == ["data.path.source", "data.path", "data.tests", "parameters", "ready"]


def test_after_ctrl_c_the_project_is_found_from_where_one_stood(
    wizard: Wizard,
    folder: RunFolder,
    sources: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder.root.parent)
    with pytest.raises(KeyboardInterrupt):
        wizard({**sources, "data.path": LEAVE})

    assert "cd project && xtgui init" in capsys.readouterr().err
    follow(script := Script({"paths.root": LEAVE}), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        init.run(InitRequest())
    assert script.offered["paths.root"] == str(folder.root)


def test_escape_goes_back_to_the_question_before(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    replies = {
        **sources,
        "train.method": ["lora", "full"],
        "model.path.source": [BACK, "own"],
        "parameters": "go_on",
        "ready": "write",
    }

    script = wizard(replies)

    assert script.asked[:4] == [
        "train.method",
        "model.path.source",
        "train.method",
        "model.path.source",
    ]
    assert settings_file.load(folder.settings_file)["train.method"] == "full"
    assert "lora_r" not in config_of(folder)


def test_escape_in_the_parameters_leads_back_to_the_sources(
    wizard: Wizard, sources: dict[str, Any]
) -> None:
    replies = {
        **sources,
        "data.path.source": ["own", "own"],
        "data.path": [sources["data.path"], sources["data.path"]],
        "data.tests": ["none", BACK, "none"],
        "parameters": [BACK, "go_on"],
        "ready": "write",
    }

    script = wizard(replies)

    assert script.asked[6:9] == ["parameters", "data.tests", "data.path.source"]


def test_a_changed_parameter_is_kept_and_one_left_as_it_is_is_not(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    replies = {
        **sources,
        "parameters": ["train.lr", "train.max_epochs", "go_on"],
        "train.lr": "1e-3",
        "train.max_epochs": None,
        "ready": "write",
    }

    wizard(replies)

    kept = settings_file.load(folder.settings_file)
    assert kept["train.lr"] == 1e-3
    assert "train.max_epochs" not in kept
    assert config_of(folder)["lr"] == 1e-3


def test_advanced_parameters_come_when_they_are_wanted(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    replies = {
        **sources,
        "parameters": ["advanced", "train.seed", "go_on"],
        "train.seed": "7",
        "ready": "write",
    }

    wizard(replies)

    assert config_of(folder)["seed"] == 7


def test_a_change_that_leaves_nothing_to_train_with_is_taken_back(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any], data: Path
) -> None:
    row = '{"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "b"}]}'
    data.write_text("\n".join([row % ("word " * 60)] * 20))
    replies = {
        **sources,
        "parameters": ["train.max_length", "go_on"],
        "train.max_length": "16",
        "ready": "write",
    }

    wizard(replies)

    assert "train.max_length" not in settings_file.load(folder.settings_file)


def test_the_questions_to_evaluate_are_typed_one_by_one(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    replies = {
        **sources,
        "parameters": ["train.evaluation_inputs", "go_on"],
        "train.evaluation_inputs.1": "Who are you?",
        "train.evaluation_inputs.2": "你是谁？",
        "train.evaluation_inputs.3": "",
        "ready": "write",
    }

    wizard(replies)

    assert config_of(folder)["evaluation_inputs"] == ["Who are you?", "你是谁？"]


def test_flags_answer_their_questions(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    sets = (f"data.path={sources['data.path']}", "train.method=qlora")

    script = wizard({**sources, "parameters": "go_on", "ready": "write"}, sets=sets)

    assert script.asked == ["model.path.source", "model.path", "data.tests", "parameters", "ready"]
    assert settings_file.load(folder.settings_file)["train.method"] == "qlora"


def test_one_step_can_be_gone_through_again(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    wizard({**sources, "parameters": "go_on", "ready": "write"})

    script = wizard({**sources, "train.method": "full", "ready": "write"}, step=2)

    assert script.offered["model.path"] == sources["model.path"]
    assert settings_file.load(folder.settings_file)["train.method"] == "full"


def test_one_answer_can_be_changed_at_the_end(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    replies = {
        **sources,
        "train.method": ["lora", "full"],
        "parameters": "go_on",
        "ready": ["change", "write"],
        "change": "train.method",
    }

    wizard(replies)

    assert settings_file.load(folder.settings_file)["train.method"] == "full"


def test_a_hand_edit_of_the_config_is_kept_by_the_next_round(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any]
) -> None:
    wizard({**sources, "parameters": "go_on", "ready": "write"})
    text = folder.config_file.read_text("utf-8")
    folder.config_file.write_text(re.sub(r"(?m)^lr = .*", "lr = 3e-4  # mine", text), "utf-8")

    wizard({"ready": "write"})

    assert "lr = 3e-4  # mine" in folder.config_file.read_text("utf-8")


def test_a_model_that_went_away_is_asked_for_again(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any], tmp_path: Path
) -> None:
    folder.root.mkdir()
    settings_file.save(folder.settings_file, {"model.path": str(tmp_path / "gone")})
    trust.trust(folder.root)

    script = wizard({**sources, "parameters": "go_on", "ready": "write"})

    assert "model.path" in script.asked


def test_a_new_model_asks_anew_whether_its_code_may_run(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any], tmp_path: Path
) -> None:
    folder.root.mkdir()
    other = tiny.save_model(tmp_path / "other")
    old: dict[str, Value] = {"model.path": str(other), "model.trust_remote_code": True}
    settings_file.save(folder.settings_file, {**old, "train.method": "lora"})
    trust.trust(folder.root)

    wizard({**sources, "parameters": "go_on", "ready": "write"}, step=2)

    assert "model.trust_remote_code" not in settings_file.load(folder.settings_file)


@needs_engine
def test_only_the_choice_to_train_goes_on_to_training(
    wizard: Wizard, sources: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[RunFolder] = []

    def train(folder: RunFolder) -> Exit:
        trained.append(folder)
        return Exit.DONE

    monkeypatch.setattr(continue_run, "go_on", train)

    wizard({**sources, "parameters": "go_on", "ready": "write"})
    assert trained == []
    wizard({"ready": "train"})

    assert len(trained) == 1


def test_the_system_text_of_the_data_is_offered_for_chats(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any], data: Path
) -> None:
    row = {"messages": [{"role": "system", "content": "You are 小明."}, *QUESTION_AND_ANSWER]}
    data.write_text((json.dumps(row) + "\n") * 20)

    script = wizard(
        {**sources, "train.SYSTEM.source": None, "parameters": "go_on", "ready": "write"}
    )

    assert script.choices["train.SYSTEM.source"] == ["data", "none", "other"]
    assert config_of(folder)["SYSTEM"] == "You are 小明."


def test_no_system_text_is_an_answer_and_not_asked_for_again(
    wizard: Wizard, folder: RunFolder, sources: dict[str, Any], data: Path
) -> None:
    row = {"messages": [{"role": "system", "content": "You are 小明."}, *QUESTION_AND_ANSWER]}
    data.write_text((json.dumps(row) + "\n") * 20)
    wizard({**sources, "train.SYSTEM.source": "none", "parameters": "go_on", "ready": "write"})

    script = wizard({"ready": "write"})

    assert script.asked == ["ready"]
    assert config_of(folder)["SYSTEM"] == ""


FEW = {
    ("en", 1): ("only one row: the model will repeat this answer", "1 row, no errors"),
    ("en", 3): ("only 3 rows: the model learns these answers", "3 rows, no errors"),
    ("en", 10): ("only 10 rows: the model learns these answers", "10 rows, no errors"),
    ("zh", 1): ("只有 1 行数据：模型会记住这个回答", "共 1 行"),
    ("zh", 3): ("只有 3 行数据：模型能学会对这些问题的回答", "共 3 行"),
    ("zh", 10): ("只有 10 行数据：模型能学会对这些问题的回答", "共 10 行"),
}


@pytest.mark.parametrize(("language", "rows"), FEW)
def test_what_few_rows_can_teach_is_said_where_they_are_named_and_before_writing(
    language: str,
    rows: int,
    wizard: Wizard,
    sources: dict[str, Any],
    data: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    tiny.save_data(data, rows=rows)
    set_language(language)

    wizard({**sources, "parameters": "go_on", "ready": "write"})

    told = "".join(capfd.readouterr().err.split())
    sentence, counted = ("".join(text.split()) for text in FEW[language, rows])
    assert counted in told
    assert told.count(sentence) == 2


def test_eleven_rows_are_left_to_the_review_page(
    wizard: Wizard, sources: dict[str, Any], data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tiny.save_data(data, rows=11)

    wizard({**sources, "parameters": "go_on", "ready": "write"})

    assert "the model learns these answers" not in capfd.readouterr().err


def test_a_system_text_that_is_not_in_the_rows_is_said_not_to_be_trained(
    wizard: Wizard, sources: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    replies = {**sources, "parameters": ["train.SYSTEM", "go_on"], "train.SYSTEM": "Be kind."}

    wizard({**replies, "ready": "write"})

    said = " ".join(capfd.readouterr().err.split())
    assert "Your rows have no system text, so training does not use the one you set" in said
