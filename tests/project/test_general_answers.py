"""A base model's answers to general questions: asked once, kept, and told apart."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_engine
import pytest
import tiny

from xtgui_cli.models.model_mark import mark_model
from xtgui_cli.planning.held_out import question_number
from xtgui_cli.project import general_answers
from xtgui_cli.project.general_answers import BaseModel, GeneralAnswers, read_answers
from xtgui_cli.project.user_config import save_user_config
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.templates import all_templates


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "user"))
    monkeypatch.setenv("XTGUI_CACHE_DIR", str(tmp_path / "cache"))
    save_user_config({"engine.python": str(fake_engine.install(tmp_path / "engine"))})


@pytest.fixture
def base(tmp_path: Path, tiny_model: Path) -> BaseModel:
    return BaseModel(
        path=Path(shutil.copytree(tiny_model, tmp_path / "model")),
        template=all_templates()["qwen_chat"],
        system="",
        language="en",
        trust_remote_code=False,
        may_quantise=False,
    )


def read(base: BaseModel) -> GeneralAnswers:
    return read_answers(base, mark_model(base.path))


def topics_of(language: Any) -> dict[str, str]:
    lines = general_answers._question_file(language).read_text("utf-8").splitlines()
    return {row["question"]: row["topic"] for row in map(json.loads, lines)}


def test_a_few_questions_have_as_many_topics() -> None:
    topics = topics_of("en")

    questions = general_answers.read_questions("en")

    assert Counter(questions) == Counter(topics.keys())
    first = [topics[question] for question in questions[: len(set(topics.values()))]]
    assert len(set(first)) == len(first)


def test_every_other_question_beside_chinese_rows_is_english() -> None:
    questions = general_answers.read_questions("zh")

    assert Counter(questions) == Counter([*topics_of("zh"), *topics_of("en")])
    assert {*questions[:20:2]} <= topics_of("zh").keys()
    assert {*questions[1:20:2]} <= topics_of("en").keys()


def test_what_the_rows_ask_themselves_is_found_in_either_language() -> None:
    english, chinese = next(iter(topics_of("en"))), next(iter(topics_of("zh")))
    prompts = [question_number(question) for question in (english, "Who are you?", chinese)]

    assert general_answers.asked_in(prompts) == {english, chinese}


def test_no_question_is_mixed_in_that_the_rows_ask(base: BaseModel) -> None:
    """Two answers to one question would be taught, the user's and the base model's."""
    first, second, third, *_ = read(base).questions
    known = replace(read(base), excluded=frozenset([second]))
    assert known.to_come(2) == (first, third)

    general_answers.ask_engine(base, known, wanted=2, most=20)

    known = replace(read(base), excluded=frozenset([second]))
    assert [question for question, _ in known.first(2)] == [first, third]


def test_what_the_engine_answers_is_kept(base: BaseModel) -> None:
    assert read(base).answers == ()

    general_answers.ask_engine(base, read(base), wanted=5, most=20)

    known = read(base)
    assert known.first(9) == tuple(
        (question, f"Short answer {number}.") for number, question in enumerate(known.questions[:5])
    )


def test_more_answers_are_asked_for_where_the_last_ones_end(base: BaseModel) -> None:
    general_answers.ask_engine(base, read(base), wanted=5, most=20)

    general_answers.ask_engine(base, read(base), wanted=8, most=20)

    assert len(read(base).first(20)) == 8


def test_answers_without_an_end_are_remembered_and_never_given(base: BaseModel) -> None:
    known = read(base)
    known.file.parent.mkdir(parents=True)
    known.file.write_text(json.dumps({"answers": ["One.", None, " ", 4, "Five."]}))

    known = read(base)

    assert known.answers == ("One.", None, None, None, "Five.")
    assert [answer for _, answer in known.first(9)] == ["One.", "Five."]


@pytest.mark.parametrize("content", ["", "[]", '{"answers": "One."}', '{"answers": 3}', "{{"])
def test_what_was_kept_and_is_broken_counts_as_nothing(base: BaseModel, content: str) -> None:
    known = read(base)
    known.file.parent.mkdir(parents=True)
    known.file.write_text(content)

    assert read(base).answers == ()


@pytest.mark.parametrize(
    "other",
    [
        {"template": all_templates()["vicuna"]},
        {"system": "Be brief."},
        {"language": "zh"},
    ],
)
def test_another_way_of_asking_needs_new_answers(base: BaseModel, other: dict[str, Any]) -> None:
    general_answers.ask_engine(base, read(base), wanted=5, most=20)

    assert read(replace(base, **other)).answers == ()
    assert len(read(base).answers) == 5


def test_a_template_of_another_name_and_the_same_fields_is_the_same(base: BaseModel) -> None:
    named = replace(base, template=replace(base.template, name="mine"))

    assert read(named).file == read(base).file


def test_other_weights_need_new_answers_wherever_they_lie(base: BaseModel, tmp_path: Path) -> None:
    moved = replace(base, path=Path(shutil.copytree(base.path, tmp_path / "moved")))
    assert read(moved).file == read(base).file

    tiny.save_model(moved.path, seed=1)

    assert read(moved).file != read(base).file


def test_an_engine_that_fails_leaves_nothing_half_written(
    base: BaseModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE", "breaks")

    with pytest.raises(XtguiError):
        general_answers.ask_engine(base, read(base), wanted=5, most=20)

    assert not read(base).file.exists()
