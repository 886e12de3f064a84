"""Files and folders as they come: packed, in other encodings, odd in their layout, or traps."""

from __future__ import annotations

import gzip
import io
import json
import re
import resource
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from data_files import (
    ANSWER,
    CONTAINERS,
    PAIR,
    QUESTION,
    WANTED,
    converted,
    refused,
    write_parquet,
    write_rows,
)
from places import DOCS

from xtgui_cli.data.formats import opening, parquet_rows
from xtgui_cli.data.formats.recognize import read_rows, recognize_file

# --- layouts -------------------------------------------------------------------------------------

TURNS = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": ANSWER}]
SAID = [{"from": "human", "value": QUESTION}, {"from": "gpt", "value": ANSWER}]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"conversation": [{"system": "S", "input": QUESTION, "output": ANSWER}]},
         [("system", "S"), *WANTED[0]]),
        ({"conversation": [{"input": "1", "output": "2"}, {"input": QUESTION, "output": ANSWER}]},
         [("user", "1"), ("assistant", "2"), *WANTED[0]]),
        ({"prompt": TURNS[:1], "completion": TURNS[1:]}, WANTED[0]),
        ({"prompt": [{"role": "system", "content": "S"}, TURNS[0]], "completion": TURNS[1:]},
         [("system", "S"), *WANTED[0]]),
        ({"prompt": QUESTION, "completion": ANSWER}, WANTED[0]),
        ({"prompt": TURNS[:1], "completion": ANSWER}, WANTED[0]),
        ({"input": TURNS[:1], "ideal": ANSWER}, WANTED[0]),
        ({"input": TURNS[:1], "ideal": [ANSWER, "other"]}, WANTED[0]),
        ({"question": QUESTION, "answer": [ANSWER, "other"]}, WANTED[0]),
        ({"客户问题": QUESTION, "客服回复": ANSWER}, WANTED[0]),
        ({"question_id": "7", "user_question": QUESTION, "bot_answer": ANSWER}, WANTED[0]),
        ({"messages": TURNS, "answer": "another"}, WANTED[0]),
        ({"conversations": SAID, "id": 7, "system": "S"}, [("system", "S"), *WANTED[0]]),
        ({"conversations": json.dumps(SAID)}, WANTED[0]),
        ({"conversations": str(SAID)}, WANTED[0]),
        ({"conversations": [SAID[0] | {"from": " Human "}, SAID[1] | {"from": "ChatGPT"}]},
         WANTED[0]),
        ({"messages": [TURNS[0] | {"role": "prompter"}, TURNS[1] | {"role": "AI"}]}, WANTED[0]),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": QUESTION}]},
                       TURNS[1]]}, WANTED[0]),
        ({"instruction": "a", "input": "b", "output": "c", "history": [["q", "r"]]},
         [("user", "q"), ("assistant", "r"), ("user", "a\nb"), ("assistant", "c")]),
        ({"context": "C", "question": QUESTION, "answer": ANSWER},
         [("user", f"C\n{QUESTION}"), ("assistant", ANSWER)]),
        ({"id": 1, "title": "T", "context": "C", "question": "Q",
          "answers": {"text": ["A", "B"], "answer_start": [0, 9]}},
         [("user", "C\nQ"), ("assistant", "A")]),
        ({"问题": QUESTION, "回答": ANSWER}, WANTED[0]),
        ({"Prompt": QUESTION, "Response": ANSWER}, WANTED[0]),
        ({"question": 1, "answer": 2.5}, [("user", "1"), ("assistant", "2.5")]),
    ],
)  # fmt: skip
def test_a_layout_is_told_by_its_columns_and_what_stands_in_them(
    tmp_path: Path, row: Any, wanted: list[tuple[str, str]]
) -> None:
    assert converted(write_rows(tmp_path, [row]))[0] == [wanted]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"conversations": [SAID[0] | {"from": "observer"}, SAID[1]]}, "out_role"),
        ({"conversations": [SAID[0], {"from": "function_call", "value": "{}"}]}, "out_tool"),
        ({"messages": [TURNS[0], TURNS[1] | {"tool_calls": [{"id": 1}]}]}, "out_tool"),
        ({"messages": [{"role": "user", "content": [{"type": "image"}]}, TURNS[1]]},
         "out_not_text"),
        ({"messages": [TURNS[0], {"role": "assistant", "content": None}]}, "out_no_text"),
        ({"messages": TURNS[:1]}, "out_no_answer"),
        ({"messages": []}, "out_no_turns"),
        ({"messages": ["a"]}, "out_turn"),
        (5, "out_not_object"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_trained_is_left_out_with_its_reason(
    tmp_path: Path, row: Any, reason: str
) -> None:
    good = {"conversations": SAID} if "conversations" in str(row) else {"messages": TURNS}
    path = tmp_path / "in"
    path.write_text(json.dumps(good) + "\n" + json.dumps(row), "utf-8")

    rows, report = converted(path)

    assert rows == WANTED
    assert list(report.left_out) == [f"formats.{reason}"]
    assert report.left_out[f"formats.{reason}"].first == ["2"]


def test_half_a_character_leaves_its_row_out(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(json.dumps([PAIR, PAIR | {"answer": "\ud83d"}]), "utf-8")

    rows, report = converted(path)

    assert rows == WANTED
    assert list(report.left_out) == ["formats.out_surrogate"]


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "a", "chosen": "b", "rejected": "c"},
        {"chosen": TURNS, "rejected": TURNS},
        {"question": "a", "query": "b", "answer": "c"},
        {"left": "a", "right": "b"},
        {f"name {n}": "a" for n in range(60)} | {"bot": "b", "ask": "c"},
    ],
)
def test_what_may_mean_several_things_is_asked_and_not_guessed(tmp_path: Path, row: Any) -> None:
    assert refused(write_rows(tmp_path, [row])) == "formats.unclear"


def test_what_is_no_table_and_no_json_is_not_taken_for_text_by_mistake(tmp_path: Path) -> None:
    prose = tmp_path / "rows.csv"
    prose.write_text("Once upon a time there was ink.\n" * 3, "utf-8")

    assert refused(prose) == "formats.plain_text"


@pytest.mark.parametrize("page", ["other-formats.md", "other-formats.zh.md"])
def test_the_examples_of_the_documentation_are_converted(tmp_path: Path, page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    examples = re.findall(r"```(?:json|csv)\n(.*?)```", text, re.DOTALL)

    assert len(examples) >= 7
    for number, example in enumerate(examples):
        path = tmp_path / str(number)
        path.write_text(example, "utf-8")
        rows, report = converted(path)
        assert len(rows) == report.rows == 1


# --- containers and encodings --------------------------------------------------------------------


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
@pytest.mark.parametrize("packed", [False, True], ids=["", "gz"])
def test_every_container_is_read_in_every_encoding(
    tmp_path: Path, container: str, encoding: str, *, packed: bool
) -> None:
    content = CONTAINERS[container].encode(encoding)
    path = tmp_path / "in"
    path.write_bytes(gzip.compress(content, 1) if packed else content)

    assert converted(path)[0] == WANTED


def test_columns_of_a_parquet_file_that_nobody_needs_do_no_harm(tmp_path: Path) -> None:
    """Dates beyond Python's, zones that this machine does not know, bytes, maps, nothing."""
    odd = {
        "date": pyarrow.array([2**31 - 1], pyarrow.date32()),
        "zone": pyarrow.array([1], pyarrow.timestamp("us", tz="Nowhere/Land")),
        "nanoseconds": pyarrow.array([1], pyarrow.timestamp("ns")),
        "bytes": pyarrow.array([b"\xff"]),
        "map": pyarrow.array([[("k", "v")]], pyarrow.map_(pyarrow.string(), pyarrow.string())),
        "nothing": pyarrow.nulls(1),
        "nested": pyarrow.array([{"a": [{"b": 1}]}]),
    }
    columns = {name: pyarrow.array([value]) for name, value in PAIR.items()}

    rows, _ = converted(write_parquet(tmp_path / "in", pyarrow.table(columns | odd)))

    assert rows == WANTED


def test_turns_nested_in_a_packed_parquet_file_are_read(tmp_path: Path) -> None:
    table = pyarrow.Table.from_pylist([{"id": 1, "conversations": SAID}])
    inner = io.BytesIO()
    pyarrow.parquet.write_table(table, inner)
    path = tmp_path / "in.gz"
    path.write_bytes(gzip.compress(inner.getvalue()))

    assert converted(path)[0] == WANTED


# --- broken rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "elements",
    [
        [json.dumps(PAIR), "{'question': 'a'}", json.dumps(PAIR)],
        [json.dumps(PAIR), '{"question": oops}', '{"answer" "x"}', json.dumps(PAIR)],
        [json.dumps(PAIR, indent=1), '{\n "question": "a\n}', json.dumps(PAIR, indent=1)],
        [json.dumps(PAIR), json.dumps(PAIR), '{"question": "a",}'],
    ],
)
def test_a_broken_element_of_an_array_is_left_out_where_the_next_is_sure(
    tmp_path: Path, elements: list[str]
) -> None:
    path = tmp_path / "in.json"
    path.write_text("[\n" + ",\n".join(elements) + "\n]\n", "utf-8")

    rows, report = converted(path)

    assert rows == WANTED * 2
    assert report.left_out["formats.out_json"].count == len(elements) - 2


@pytest.mark.parametrize(
    "text",
    [
        f"[{json.dumps(PAIR)}, {{'question': 'a'}}, {json.dumps(PAIR)}]",
        f"[\n{json.dumps(PAIR)},\n{json.dumps(PAIR)[:20]}",
        f"[\n{json.dumps(PAIR)}\n]\n[\n{json.dumps(PAIR)}\n]",
        '[\n{\n"messages": [\n{"role": oops},\n{"role": "a"}\n]\n},\n{"messages": []}\n]',
    ],
    ids=["on one line", "cut off", "two arrays", "not indented"],
)
def test_where_the_next_element_is_not_sure_nothing_is_lost_without_a_word(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "in.json"
    path.write_text(text, "utf-8")

    assert refused(path) == "formats.broken_json"


def test_a_line_separator_within_a_text_does_not_part_a_row(tmp_path: Path) -> None:
    rows = [{"question": "a\u2028b\x85c", "answer": ANSWER}] * 2
    path = write_rows(tmp_path, rows)
    path.write_text(path.read_text("utf-8") + "\n{broken", "utf-8")

    found, report = converted(path)

    assert [row[0][1] for row in found] == ["a\u2028b\x85c"] * 2
    assert report.left_out["formats.out_json"].first == ["3"]


def test_lines_that_are_none_do_not_hide_the_rows_between_them(tmp_path: Path) -> None:
    path = tmp_path / "in"
    path.write_text(f"```json\n{json.dumps(PAIR)}\n// mine\n{json.dumps(PAIR)}\n```\n", "utf-8")

    rows, report = converted(path)

    assert rows == WANTED * 2
    assert report.left_out["formats.out_json"].first == ["1", "3", "5"]


# --- traps ---------------------------------------------------------------------------------------


def test_a_gz_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "FREE_UNPACKED", 1 << 20)
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"question": "' + b" " * (8 << 20)))
    assert path.stat().st_size < 10_000

    assert refused(path) == "formats.too_large"


def test_a_gz_file_that_shrank_as_texts_do_is_no_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "FREE_UNPACKED", 1 << 20)
    rows = "".join(json.dumps({"question": f"{n}" * 40, "answer": ANSWER}) + "\n"
                   for n in range(20_000))  # fmt: skip
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(rows.encode()))

    assert len(rows) > 1 << 20
    assert len(list(read_rows(recognize_file(path)))) == 20_000


def _one_row_of(megabytes: int) -> Any:
    texts = [{"role": "user", "content": "x" * (1 << 20)}] * megabytes
    return pyarrow.Table.from_pylist([{"messages": texts}])


def test_a_parquet_bomb_is_refused_by_what_it_says_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "FREE_UNPACKED", 1 << 20)
    path = write_parquet(
        tmp_path / "bomb", _one_row_of(8), compression="zstd", use_dictionary=False
    )
    assert path.stat().st_size < 20_000

    assert refused(path) == "formats.too_large"


def test_a_parquet_bomb_that_says_it_is_small_is_refused_by_what_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "FREE_UNPACKED", 4 << 20)
    path = write_parquet(
        tmp_path / "bomb", _one_row_of(8), compression="zstd"
    )  # one text, repeated
    about = pyarrow.parquet.ParquetFile(path).metadata
    assert about.row_group(0).total_byte_size < 2 << 20

    assert refused(path) == "formats.too_large"


def test_a_row_that_would_take_more_memory_than_may_be_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_rows, "MOST_MEMORY", 100 << 20)
    path = write_parquet(tmp_path / "bomb", _one_row_of(200), compression="zstd")
    limit = resource.getrlimit(resource.RLIMIT_AS)

    assert refused(path) == "formats.too_large"
    assert resource.getrlimit(resource.RLIMIT_AS) == limit
