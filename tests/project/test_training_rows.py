"""The files that a run trains: the user's rows, general questions after them, others held out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from built_runs import Build, answer_for_bases, builder, chat
from settings_of import settings_of

from xtgui_cli.project.general_answers import BaseModel, read_questions
from xtgui_cli.project.training_rows import write_rows
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "project")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[BaseModel]:
    return answer_for_bases(monkeypatch)


@pytest.fixture
def build(tmp_path: Path, tiny_model: Path, asked: list[BaseModel]) -> Build:
    return builder(tmp_path / "rows.jsonl", tiny_model)


def rows_of(path: Any) -> list[list[dict[str, Any]]]:
    return [json.loads(line)["messages"] for line in Path(path).read_text("utf-8").splitlines()]


# --- what is in them ---------------------------------------------------------------------------


def test_the_users_rows_come_first_then_again_and_general_questions_follow(
    build: Build, folder: RunFolder
) -> None:
    run = build(data__repeat_rows=2)

    values = write_rows(run, folder).values

    written = rows_of(values["data_path"])
    assert values["taught_rows"] == 20
    assert written[:20] == written[20:40] == [chat(number) for number in range(20)]
    questions = read_questions("en")
    assert [[message["content"] for message in row] for row in written[40:]] == [
        [questions[number], f"Answer {number}."] for number in range(20)
    ]
    assert run.plan.samples == len(written)
    assert values["val_data_path"] is None


def test_the_users_file_is_trained_as_it_is_where_nothing_is_added(
    build: Build, folder: RunFolder
) -> None:
    run = write_rows(build(data__mix_general=0), folder)

    assert run.values["data_path"] == str(run.data.path)
    assert run.values["source_data_path"] is None
    assert run.values["taught_rows"] == 20
    assert not folder.root.exists()


def test_rows_that_are_held_out_stand_in_a_file_of_their_own(
    build: Build, folder: RunFolder
) -> None:
    run = build(200)

    values = write_rows(run, folder).values

    trained, held_out = rows_of(values["data_path"]), rows_of(values["val_data_path"])
    assert (values["taught_rows"], len(held_out)) == (190, 10)
    everything = [*trained[:190], *held_out]
    assert sorted(map(str, everything)) == sorted(str(chat(number)) for number in range(200))
    assert run.plan.samples == len(trained) == 190 + 20


def test_general_questions_have_the_system_text_that_the_data_have(
    build: Build, folder: RunFolder, asked: list[BaseModel]
) -> None:
    run = build([chat(number, "Be kind.") for number in range(20)])

    written = rows_of(write_rows(run, folder).values["data_path"])

    assert written[-1][0] == {"role": "system", "content": "Be kind."}
    assert asked[-1].system == "Be kind."


def test_a_system_text_for_chats_alone_is_not_trained(
    build: Build, folder: RunFolder, asked: list[BaseModel]
) -> None:
    run = build(train__SYSTEM="Be rude.")

    written = rows_of(write_rows(run, folder).values["data_path"])

    assert written[-1][0]["role"] == "user"
    assert asked[-1].system == ""


def test_rows_are_not_repeated_where_no_general_question_stands_beside_them(
    build: Build,
) -> None:
    alone = build(data__mix_general=0)

    assert build().settings.data.repeat_rows == 2
    assert (alone.settings.data.repeat_rows, alone.plan.max_epochs) == (1, 10)


def test_rows_are_repeated_as_often_as_told(build: Build, folder: RunFolder) -> None:
    run = build(data__mix_general=0, data__repeat_rows=3)

    written = rows_of(write_rows(run, folder).values["data_path"])

    assert written == [chat(number) for number in range(20)] * 3
    assert run.plan.samples == 60


def test_where_one_answer_says_whether_it_is_trained_all_do(
    build: Build, folder: RunFolder
) -> None:
    rows = [chat(0, loss=False), chat(1, loss=True), *map(chat, range(2, 20))]

    written = rows_of(write_rows(build(rows), folder).values["data_path"])

    assert [row[-1]["loss"] for row in written] == ([False] + [True] * 19) * 2 + [True] * 20
    assert "loss" not in written[0][0]


def test_a_chinese_data_set_gets_chinese_questions(build: Build, folder: RunFolder) -> None:
    rows = [
        [{"role": "user", "content": f"第{number}？"}, {"role": "assistant", "content": "好的。"}]
        for number in range(20)
    ]

    run = write_rows(build(rows), folder)

    assert run.values["kept_language"] == "zh"
    assert rows_of(run.values["data_path"])[20][0]["content"] == read_questions("zh")[0]


# --- when there are none -----------------------------------------------------------------------


def test_xtuners_recipe_trains_the_users_file_as_it_is(build: Build) -> None:
    run = build(200, train__recipe="xtuner")

    assert not run.rows.is_made
    assert (run.settings.data.mix_general, run.settings.train.val_ratio) == (0, 0.0)


def test_a_base_model_without_a_chat_template_is_asked_nothing(
    build: Build, tiny_model: Path, tmp_path: Path, asked: list[BaseModel]
) -> None:
    model = tmp_path / "base"
    shutil.copytree(tiny_model, model)
    config = json.loads((model / "tokenizer_config.json").read_text("utf-8"))
    del config["chat_template"]
    (model / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")

    run = build(model=model, model__prompt_template="default")

    assert (run.plan.general_rows, asked) == (0, [])


def test_data_of_which_nothing_is_left_is_not_made_up_for(build: Build) -> None:
    with pytest.raises(XtguiError) as caught:
        build([[{"role": "user", "content": "long " * 99}, *chat(1)[1:]]], train__max_length=64)

    assert caught.value.code == "plan.no_samples"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"data__mix_general": 1000}, "data.too_many_general"),
        ({"train__val_ratio": 0.01}, "data.nothing_held_out"),
    ],
)
def test_values_that_cannot_be_are_named(build: Build, given: Mapping[str, Any], code: str) -> None:
    with pytest.raises(XtguiError) as caught:
        build(**given)

    assert (caught.value.code, caught.value.exit) == (code, Exit.ANSWERS)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"data.mix_general": -1}, "settings.below"),
        ({"data.mix_general": 1.5}, "settings.not_a_integer"),
        ({"train.val_ratio": 0.6}, "settings.above"),
        ({"train.val_ratio": -0.1}, "settings.below"),
    ],
)
def test_values_out_of_range_are_refused(given: Mapping[str, Any], code: str) -> None:
    with pytest.raises(XtguiError) as caught:
        settings_of(given)

    assert [problem.code for problem in caught.value.problems] == [code]
