"""The files that a run trains: the user's rows, general questions after them, others held out."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
from settings_of import settings_of

from xtgui_cli.data.errors import DataChangedError
from xtgui_cli.planning.machine import Machine
from xtgui_cli.project import row_choice
from xtgui_cli.project.build_run import BuiltRun, build_run
from xtgui_cli.project.config_writer import write_config
from xtgui_cli.project.general_answers import BaseModel, GeneralAnswers, read_questions
from xtgui_cli.project.row_record import RowRecord, remove_unused
from xtgui_cli.project.training_rows import place, write_rows
from xtgui_cli.project.written_config import read_config_settings, read_layers
from xtgui_cli.shared.config_file import read, read_file
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder

CPU = Machine("cpu", False, "", 0, 0, 16, 12, 2)

Build = Callable[..., BuiltRun]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "project")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[BaseModel]:
    """Have every base model know 20 answers; give the models that were asked for theirs."""
    bases: list[BaseModel] = []

    def read_answers(base: BaseModel, _: str) -> GeneralAnswers:
        bases.append(base)
        questions = read_questions(base.language)
        answers = tuple(f"Answer {number}." for number in range(20))
        return GeneralAnswers(file=Path("nowhere"), questions=questions, answers=answers)

    monkeypatch.setattr(row_choice, "read_answers", read_answers)
    return bases


@pytest.fixture
def build(tmp_path: Path, tiny_model: Path, asked: list[BaseModel]) -> Build:
    """Give a function that builds a run on rows, by default 20 of them, under some settings."""

    def make(rows: list[Any] | int = 20, model: Path = tiny_model, **given: Any) -> BuiltRun:
        data = tmp_path / "rows.jsonl"
        conversations = rows if isinstance(rows, list) else [chat(number) for number in range(rows)]
        lines = [json.dumps({"messages": messages, "id": 7}) for messages in conversations]
        data.write_text("\n".join(lines) + "\n", "utf-8")
        settings = {key.replace("__", "."): value for key, value in given.items()}
        sources = {"model.path": str(model), "data.path": str(data)}
        return build_run(settings_of(sources | settings), CPU)

    return make


def chat(number: int, system: str = "", **answer: Any) -> list[dict[str, Any]]:
    said = [{"role": "system", "content": system}] if system else []
    return [
        *said,
        {"role": "user", "content": f"Who is {number}?"},
        {"role": "assistant", "content": f"Number {number} is 小明.", **answer},
    ]


def rows_of(path: Any) -> list[list[dict[str, Any]]]:
    return [json.loads(line)["messages"] for line in Path(path).read_text("utf-8").splitlines()]


def files_of(folder: RunFolder) -> set[str]:
    return {path.name for path in folder.data_dir.iterdir()}


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
