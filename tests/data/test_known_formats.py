"""How rows of known datasets become messages: speakers in a text, tools, system lines."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.catalogue import datasets
from xtgui_cli.data.formats import registry
from xtgui_cli.data.formats.cells import LeftOutError, pair
from xtgui_cli.data.formats.convert import Report, convert
from xtgui_cli.data.formats.data_format import ColumnMapping, DataFormat
from xtgui_cli.data.formats.registry import FORMATS, recognize_rows, to_conversations
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.texts import has


def known(name: str) -> ColumnMapping:
    dataset = datasets().find(name)
    assert dataset is not None
    return dataset.mapping


def said(row: Any, layout: ColumnMapping) -> list[tuple[str, str]]:
    (messages,) = to_conversations(row, layout)
    return [(message["role"], message["content"]) for message in messages]


def write(file: Path, rows: list[Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


# --- the registry --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_name_in_words(name: str) -> None:
    assert has(FORMATS[name].text_key)


def test_a_format_that_is_added_is_recognized_and_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    riddles = DataFormat(
        "riddles",
        "formats.layout_pairs",
        read=lambda row, mapping: [pair(row["riddle"], row["it"])],
        recognize=lambda sample: ColumnMapping("riddles") if "riddle" in sample.columns else None,
    )
    monkeypatch.setattr(registry, "FORMATS", {"riddles": riddles, **FORMATS})
    write(tmp_path / "in.jsonl", [{"riddle": "r", "it": "i"}])

    report = convert(tmp_path / "in.jsonl", tmp_path / "out.jsonl")

    assert [file.format_name for file in report.files] == ["riddles"]
    assert report.written == 1


# --- one text with speakers ----------------------------------------------------------------------

TALK = "### Human: 你好?### Assistant: # One\n### Two\nhi ### Human: and now"


def test_a_text_with_speakers_is_recognized_and_split_where_they_begin() -> None:
    layout = recognize_rows([{"text": TALK}])

    assert isinstance(layout, ColumnMapping)
    assert layout == known("timdettmers/openassistant-guanaco")
    assert said({"text": TALK}, layout) == [
        ("user", "你好?"),
        ("assistant", "# One\n### Two\nhi"),
    ]


def test_plain_text_is_still_plain_text() -> None:
    layout = recognize_rows([{"text": "### A heading"}, {"text": TALK}])

    assert layout == ColumnMapping("text", text="text")


@pytest.mark.parametrize("text", ["", "no speaker", "before ### Human: a ### Assistant: b"])
def test_a_text_that_begins_with_nobody_is_left_out(text: str) -> None:
    with pytest.raises(LeftOutError, match="out_no_turns"):
        said({"text": text}, ColumnMapping("guanaco", user=("text",)))


def test_questions_alone_are_left_out() -> None:
    with pytest.raises(LeftOutError, match="out_no_answer"):
        said({"text": "### Human: a"}, ColumnMapping("guanaco", user=("text",)))


# --- firefly -------------------------------------------------------------------------------------


def test_a_question_and_its_answer_in_one_turn() -> None:
    row = {"conversation_id": 1, "conversation": [{"human": "a", "assistant": "b"}] * 2}

    layout = recognize_rows([row])

    assert isinstance(layout, ColumnMapping)
    assert layout.format == "firefly"
    for one in (layout, known("shareAI/ShareGPT-Chinese-English-90k")):
        assert said(row, one) == [("user", "a"), ("assistant", "b")] * 2


# --- tools ---------------------------------------------------------------------------------------


def test_a_row_of_msagent_is_parsed_and_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "ran"
    row = {"conversations": f"[open({str(trap)!r}, 'w')]"}

    with pytest.raises(LeftOutError):
        said(row, known("damo/MSAgent-Bench"))

    assert not trap.exists()


@pytest.mark.parametrize(
    "turn",
    [
        {"from": "assistant", "value": "<|startofthink|>no json<|endofthink|>"},
        {"from": "assistant", "value": '<|startofthink|>{"api_name": "a"}<|endofthink|>'},
        {"from": "assistant", "value": "<|startofthink|>[1]<|endofthink|>"},
        {"from": "somebody", "value": "a"},
        {"from": "assistant"},
        "assistant",
    ],
)
def test_a_broken_row_of_msagent_is_left_out_with_a_reason(turn: Any) -> None:
    with pytest.raises(LeftOutError, match=r"formats\.out_"):
        said({"conversations": [{"from": "user", "value": "q"}, turn]}, known("MSAgent-Bench"))


def test_a_row_of_msagent_with_marks_that_never_end_is_read_at_once() -> None:
    marks = "<|startofthink|>" * 300
    turns = [{"from": "user", "value": "q"}, {"from": "assistant", "value": marks}]
    layout = known("MSAgent-Bench")

    begin = time.process_time()
    found = said({"conversations": turns}, layout)

    assert found[1] == ("assistant", f"Final Answer:{marks}\n")
    assert time.process_time() - begin < 1


# --- system lines, and what a question begins after ----------------------------------------------


def test_the_system_line_of_a_set_stands_before_every_row() -> None:
    (first, *_rest) = said(
        {"prompt": "a", "completion": "b"}, known("HuggingFaceH4/CodeAlpaca_20K")
    )

    assert first[0] == "system"
    assert first[1].startswith("You are a professional programer.")


def test_a_rows_own_system_text_wins_over_the_line() -> None:
    layout = ColumnMapping(
        "columns", user=("q",), assistant="a", system="s", system_line="the line"
    )

    assert said({"q": "1", "a": "2", "s": "own"}, layout)[0] == ("system", "own")
    assert said({"q": "1", "a": "2", "s": ""}, layout)[0] == ("system", "the line")


def test_a_colors_name_is_no_part_of_the_question() -> None:
    row = {"description": "Sky: a light: pale blue", "color": "#87ceeb"}

    assert ("user", "a light: pale blue") in said(row, known("burkelibbey/colors"))


# --- whole files ---------------------------------------------------------------------------------


def read(report: Report) -> list[Any]:
    return [json.loads(line) for line in report.target.read_text("utf-8").splitlines()]


def test_a_folder_as_downloaded_is_converted_whatever_lies_beside_its_data(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    write(folder / "data" / "train.jsonl", [{"context": "T", "question": "q", "answer": "a"}])
    (folder / "dataset_infos.json").write_text('{"default": {"rows": 1}}', "utf-8")
    (folder / "README.md").write_text("# About\n", "utf-8")

    report = convert(folder, tmp_path / "out.jsonl", known("b-mc2/sql-create-context"))

    (row,) = read(report)
    assert row["messages"][1]["content"] == "T\nq"
    assert "dataset_infos.json" in report.aside["formats.aside_no_data"]


def test_data_without_the_columns_of_the_set_is_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path / "set" / "a.jsonl", [{"prompt": "q", "answer": "a"}])

    for path in (tmp_path / "set", tmp_path / "set" / "a.jsonl"):
        with pytest.raises(XtguiError) as caught:
            convert(path, tmp_path / "out.jsonl", known("openai/gsm8k"))

        assert caught.value.code == "formats.no_column"
        assert caught.value.data["column"] == "question"
    assert not (tmp_path / "out.jsonl").exists()


def test_a_pre_training_set_is_read_as_plain_text() -> None:
    assert known("Skywork/SkyPile-150B") == ColumnMapping("text", text="text")
