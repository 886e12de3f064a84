"""Data files are read by content, and every fault is named by row, line and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.data.messages import check_data, read_messages
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.texts import LANGUAGES, has, set_language
from xtgui_cli.ui.console import in_words

GOOD = {"messages": [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "b"}]}
LINE = json.dumps(GOOD, ensure_ascii=False)


def _write(folder: Path, content: str | bytes, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _fault(path: Path) -> XtguiError:
    with pytest.raises(XtguiError) as caught:
        check_data(path)
    assert caught.value.exit == Exit.ANSWERS
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        f"{LINE}\n{LINE}\n",
        f"{LINE}\n{LINE}",
        f"\ufeff{LINE}\n\n  \n{LINE}\r\n",
        f"[{LINE},\n{LINE}]",
        f"\ufeff [{LINE}, {LINE}]\n",
        json.dumps([GOOD, GOOD], indent=2),
    ],
    ids=["lines", "no last newline", "BOM and blank lines", "array", "BOM array", "indented"],
)
@pytest.mark.parametrize("name", ["rows.json", "rows.jsonl", "rows"])
def test_lines_and_arrays_are_told_by_content(tmp_path: Path, content: str, name: str) -> None:
    path = _write(tmp_path, content, name)

    assert check_data(path).rows == 2
    assert list(read_messages(path)) == [GOOD["messages"]] * 2


def test_reading_many_lines_takes_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    path = _write(tmp_path, f"{LINE}\n" * 20_000)
    tracemalloc.start()

    info = check_data(path)

    assert info.rows == 20_000
    assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 2
    tracemalloc.stop()


def _row(*messages: Any) -> dict[str, Any]:
    return {"messages": list(messages)}


ANSWER = {"role": "assistant", "content": "b"}


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("text", "row_faults.not_an_object", ""),
        (None, "row_faults.not_an_object", ""),
        ({"conversations": []}, "row_faults.no_messages", ""),
        ({"messages": None}, "row_faults.messages_not_a_list", "messages"),
        ({"messages": "hi"}, "row_faults.messages_not_a_list", "messages"),
        (_row("hi", ANSWER), "row_faults.message_not_an_object", "messages[0]"),
        (_row({"content": "a"}, ANSWER), "row_faults.no_role", "messages[0].role"),
        (
            _row({"role": "tool", "content": "a"}, ANSWER),
            "row_faults.tool_role",
            "messages[0].role",
        ),
        (_row({"role": "user"}, ANSWER), "row_faults.no_content", "messages[0].content"),
        (
            _row({"role": "user", "content": None}, ANSWER),
            "row_faults.content_null",
            "messages[0].content",
        ),
        (
            _row({"role": "user", "content": "a"}, {"role": "assistant", "content": [1]}),
            "row_faults.content_list",
            "messages[1].content",
        ),
    ],
)
@pytest.mark.parametrize("is_array", [False, True])
def test_what_would_stop_xtuner_is_named_with_row_line_and_field(
    tmp_path: Path, row: Any, code: str, field: str, *, is_array: bool
) -> None:
    lines = [LINE, json.dumps(row), LINE]
    content = "[\n" + ",\n".join(lines) + "\n]" if is_array else "\n" + "\n".join(lines)

    error = _fault(_write(tmp_path, content))

    (problem,) = error.problems
    assert problem.data["what"].code == code
    assert (problem.data["row"], problem.data["line"]) == (2, 3)
    assert problem.data["field"] == field


def test_all_faults_are_counted_and_the_first_ten_listed(tmp_path: Path) -> None:
    error = _fault(_write(tmp_path, (LINE + "\n" + "{broken\n") * 30))

    assert (error.code, error.data["count"], len(error.problems)) == ("data.faults", 30, 10)
    assert [problem.data["line"] for problem in error.problems[:3]] == [2, 4, 6]


def test_a_broken_array_is_named_with_its_line(tmp_path: Path) -> None:
    error = _fault(_write(tmp_path, f"[{LINE},\n{LINE},\n]"))

    assert error.problems[0].data["what"].code == "row_faults.broken_json"
    assert error.problems[0].data["line"] == 3


@pytest.mark.parametrize(
    ("broken", "code", "near"),
    [
        ('{"a": 1,}', "row_faults.broken_json", "}"),
        ('{"a" 1}', "row_faults.broken_json", "1}"),
        ('{"a": 1},', "row_faults.broken_json", ","),
        ('{"a": 1} {"b": 2}', "row_faults.broken_json", '{"b": 2}'),
        ('{"a": "你好', "row_faults.cut_json", '{"a": "你好'),
        ('{"a": [1', "row_faults.cut_json", '{"a": [1'),
        ("[" * 100_000, "row_faults.deep_json", "[" * 40),
    ],
)
def test_broken_json_is_shown_from_where_it_breaks(
    tmp_path: Path, broken: str, code: str, near: str
) -> None:
    error = _fault(_write(tmp_path, f"{LINE}\n{broken}\n{LINE}\n"))

    (problem,) = error.problems
    what = problem.data["what"]
    assert problem.data == {"row": 2, "line": 2, "field": "", "what": what}
    assert (what.code, what.data) == (code, {"near": near})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "data.empty"),
        (b"\n \n", "data.empty"),
        (b"[]", "data.empty"),
        (LINE.encode("utf-16"), "data.encoding"),
        (f"{LINE}\n{LINE}".encode("gb18030"), "data.encoding"),
        (f"[{LINE}]".encode("gb18030"), "data.encoding"),
        (b"PK\x03\x04\0\0", "data.binary"),
        (
            json.dumps({"messages": [{"role": "user", "content": "a"}]}).encode(),
            "data.nothing_to_train",
        ),
        (b'{"messages": []}', "data.nothing_to_train"),
        (LINE.replace('"b"', '""').encode(), "data.nothing_to_train"),
    ],
)
def test_files_that_hold_no_rows_are_explained(tmp_path: Path, content: bytes, code: str) -> None:
    assert _fault(_write(tmp_path, content)).code == code


def test_some_rows_without_an_answer_do_not_stop_the_others(tmp_path: Path) -> None:
    path = _write(tmp_path, f"{LINE}\n" + LINE.replace('"b"', '""'))

    assert [note.data["count"] for note in check_data(path).notes] == [1]


def test_the_encoding_is_guessed_and_its_line_named(tmp_path: Path) -> None:
    ascii_line = LINE.replace("你好", "hi")

    error = _fault(_write(tmp_path, f"{ascii_line}\n{LINE}".encode("gb18030")))

    assert (error.data["guess"], error.data["line"]) == ("GB18030", 2)


def test_missing_files_and_folders_are_told_apart(tmp_path: Path) -> None:
    assert _fault(tmp_path / "none.jsonl").code == "data.missing"
    assert _fault(tmp_path).code == "data.folder"
    assert _fault(_write(tmp_path, "x") / "below").code == "data.not_readable"


USER, SYSTEM = {"role": "user", "content": "a"}, {"role": "system", "content": "s"}


@pytest.mark.parametrize(
    ("messages", "note"),
    [
        ([USER], "no_answer"),
        ([], "no_answer"),
        ([USER, ANSWER | {"loss": False}], "all_masked"),
        ([ANSWER, USER, ANSWER], "answer_first"),
        ([USER, ANSWER, USER], "ends_with_user"),
        ([USER, USER, ANSWER], "users_joined"),
        ([SYSTEM, SYSTEM, USER, ANSWER], "system_lost"),
        ([USER, ANSWER, ANSWER], "answers_in_a_row"),
        ([USER, ANSWER | {"content": ""}], "empty_answer"),
    ],
)
def test_what_xtuner_does_silently_is_noted(
    tmp_path: Path, messages: list[dict[str, Any]], note: str
) -> None:
    path = _write(tmp_path, f"{LINE}\n{json.dumps({'messages': messages})}\n")

    (found,) = check_data(path).notes

    assert found.data["what"].code == f"row_faults.{note}.name"
    assert (found.data["count"], found.data["row"]) == (1, 2)


def test_a_system_text_is_noticed_and_a_null_one_is_none(tmp_path: Path) -> None:
    null = {"role": "system", "content": None}

    with_text = _write(tmp_path, json.dumps(_row(SYSTEM, USER, ANSWER)), "text")
    with_null = _write(tmp_path, json.dumps(_row(null, USER, ANSWER)), "null")

    assert check_data(with_text).has_system
    assert not check_data(with_null).has_system


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_words(tmp_path: Path, language: str) -> None:
    set_language(language)
    bad = [1, {}, {"role": 1, "content": 1}]
    rows = ["oops", "1", "{}", json.dumps({"messages": 1}), json.dumps({"messages": bad})]

    error = _fault(_write(tmp_path, "\n".join(rows)))

    for problem in error.problems:
        assert "{" not in in_words(problem).replace("{}", "")
    assert has(f"{error.code}.hint")
    set_language("en")
