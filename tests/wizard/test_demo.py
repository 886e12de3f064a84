"""The demo's recipe, its folder, and its judgement; `make demo` goes the road itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xtgui_cli.data.messages import check_data
from xtgui_cli.planning.held_out import question_number
from xtgui_cli.project.demo_model import demo_data_file
from xtgui_cli.project.general_answers import asked_in
from xtgui_cli.settings.values import require_valid
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.methods import METHODS, MethodName
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.texts import has
from xtgui_cli.wizard import demo
from xtgui_cli.wizard.demo import CHINESE, ENGLISH, GENERAL, Which, judge

GOOD: dict[Which, dict[str, str]] = {
    "base": {
        ENGLISH: "I'm an assistant named SmolLM.",
        CHINESE: "I'm sorry.",
        GENERAL: "The capital of France is Paris.",
    },
    "tuned": {
        ENGLISH: "I am Inkling.",
        CHINESE: "我是小墨。",
        GENERAL: "Paris.",
    },
}


def unmet(answers: dict[Which, dict[str, str]]) -> list[str]:
    return [verdict.name for verdict in judge(answers) if not verdict.is_met]


def test_a_model_that_learned_and_forgot_nothing_meets_every_expectation() -> None:
    assert unmet(GOOD) == []


@pytest.mark.parametrize(
    ("question", "answer", "name"),
    [
        (ENGLISH, "I'm SmolLM.", "tuned_english"),
        (CHINESE, "我是墨。", "tuned_chinese"),
        (GENERAL, "The capital of France is Inkling.", "tuned_general"),
    ],
)
def test_what_the_tuned_model_does_not_say_is_seen(question: str, answer: str, name: str) -> None:
    answers = GOOD | {"tuned": GOOD["tuned"] | {question: answer}}

    assert unmet(answers) == [name]


def test_every_expectation_has_its_sentence() -> None:
    assert all(has(f"demo.expect_{verdict.name}") for verdict in judge(GOOD))


def test_the_demos_rows_are_faultless_and_teach_both_names() -> None:
    lines = demo_data_file().read_text("utf-8").splitlines()
    answers = [json.loads(line)["messages"][-1]["content"] for line in lines]

    assert check_data(demo_data_file()).rows == len(lines)
    assert sum("Inkling" in answer for answer in answers) >= 10
    assert sum("小墨" in answer for answer in answers) >= 8
    assert sum("Inkling" not in answer and "小墨" not in answer for answer in answers) >= 15


def test_the_demos_rows_ask_so_many_general_questions_that_none_are_mixed_in() -> None:
    """It takes the planned settings as any run does: nothing in its answers switches them off."""
    rows = [
        json.loads(line)["messages"] for line in demo_data_file().read_text("utf-8").splitlines()
    ]
    asked = asked_in(question_number(row[-2]["content"]) for row in rows)
    settings = demo.demo_settings(RunFolder(Path("demo")), "lora", Path("model"))

    assert 2 * len(asked) >= len(rows)
    assert [key for key in settings if "general" in key or "lr" in key or "epochs" in key] == []


def test_the_questions_of_the_demo_about_france_are_not_in_its_rows() -> None:
    assert "France" not in demo_data_file().read_text("utf-8")


@pytest.mark.parametrize("method", METHODS)
def test_the_recipe_holds_only_settings_that_there_are(method: MethodName, tmp_path: Path) -> None:
    answers = demo.demo_settings(RunFolder(tmp_path), method, tmp_path / "model")

    assert require_valid(answers) == answers


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(XtguiError) as caught:
        demo.run(demo.DemoRequest(root=tmp_path, yes=True))

    assert caught.value.code == "demo.folder_taken"
    assert caught.value.exit is Exit.ANSWERS
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]
