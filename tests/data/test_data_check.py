"""Every fault of a data file is named with its row, line and field; every clean row is passed."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from row_examples import ANSWER, SILENT, STOP, SYSTEM, USER

from xtgui_cli.data import data_check, row_files
from xtgui_cli.data.data_check import DataCheck, Fault
from xtgui_cli.data.data_repair import Repairs, repaired_lines
from xtgui_cli.data.row_faults import SEVERITY
from xtgui_cli.data.row_files import line_rows
from xtgui_cli.shared.errors import XtguiError

GOOD = json.dumps({"messages": [USER, ANSWER]})


def _write(folder: Path, content: str | bytes, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _faults(path: Path) -> list[Fault]:
    return list(DataCheck(path).faults())


def _row(messages: list[Any]) -> str:
    return json.dumps({"messages": messages})


@pytest.mark.parametrize(("code", "messages"), [*SILENT.items(), *STOP.items()])
@pytest.mark.parametrize("is_array", [False, True], ids=["lines", "array"])
def test_each_fault_is_named_with_row_and_line(
    tmp_path: Path, code: str, messages: list[Any], *, is_array: bool
) -> None:
    rows = [GOOD, _row(messages)]
    content = "[\n" + ",\n".join(rows) + "\n]" if is_array else "\n" + "\n".join(rows)

    faults = _faults(_write(tmp_path, content, "rows.json" if is_array else "rows.jsonl"))

    (fault,) = [fault for fault in faults if fault.code == code]
    assert (fault.row, fault.line, fault.severity) == (2, 3, SEVERITY[code])
    assert fault.field.startswith("messages")
    others = {f.code for f in faults if f.severity != "note" and f.code != code}
    assert others <= {"no_content"} or code == "loss_null"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rows.jsonl", f"\ufeff{GOOD}\n", "bom"),
        ("rows.jsonl", f"[{GOOD}]", "array_in_jsonl"),
        ("rows.json", f"{GOOD}\n", "lines_in_json"),
        ("rows.jsonl", f"{GOOD}\n{GOOD}\n", "duplicate"),
        ("rows.jsonl", f"{GOOD}\n{{'messages': []}}\n", "broken_json"),
        ("rows.jsonl", f"{GOOD}\n{GOOD[:40]}\n", "cut_json"),
        ("rows.jsonl", f"{GOOD}\n{'[' * 99_999}\n", "deep_json"),
        ("rows.jsonl", f"{GOOD}\n".encode() + GOOD.replace("Who", "é").encode("latin1"),
         "broken_utf8"),
        ("rows.jsonl", '{"id": 1, ' + GOOD[1:], "unknown_field"),
        ("rows.jsonl", _row([USER | {"name": "Bo"}, ANSWER]), "unknown_message_field"),
        ("rows.jsonl", "\n \n", "no_rows"),
        ("rows.jsonl", _row([USER]), "nothing_to_train"),
        ("rows.jsonl", _row([USER, ANSWER | {"content": ""}]), "nothing_to_train"),
        ("rows.jsonl", '{"instruction": "a", "output": "b"}', "no_messages"),
        ("rows.jsonl", '{"messages": "a"}', "messages_not_a_list"),
        ("rows.jsonl", '{"messages": [], ' + GOOD[1:], "messages_twice"),
        ("rows.jsonl", '["a"]\n', "not_an_object"),
        ("rows.jsonl", f"{GOOD}\n" + _row([USER, ANSWER | {"loss": True}]), "loss_partly"),
        ("rows.jsonl", _row([USER, ANSWER | {"content": "<think>\nHm.\n</think>\n\nI."}]),
         "thoughts"),
        ("rows.jsonl", '{"id": 1, ' + _row([USER, ANSWER | {"content": "<think>a"}])[1:],
         "thoughts"),
    ],
)  # fmt: skip
def test_faults_of_whole_files_and_rows_are_named(
    tmp_path: Path, name: str, content: str | bytes, code: str
) -> None:
    assert code in {fault.code for fault in _faults(_write(tmp_path, content, name))}


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        ("pretty.jsonl", json.dumps(json.loads(GOOD), indent=1), {"spread_json"}),
        ("hand.jsonl", GOOD.replace("[", "[\n").replace("]", "\n]"), {"spread_json"}),
        ("keys.jsonl", GOOD.replace("role", "Role").replace("content", "Content"),
         {"no_role", "no_content"}),
        ("wrapped.json", f'{{"data": [{GOOD}]}}', {"no_messages", "lines_in_json"}),
        ("bare.jsonl", "[]\n[]", {"broken_json", "array_in_jsonl"}),
        ("comma.json", f"[{GOOD},\n]", {"broken_json"}),
        ("quotes.jsonl", "{“messages”: []}", {"broken_json"}),
        ("comment.jsonl", f"// mine\n{GOOD}", {"broken_json"}),
        ("gbk.jsonl", GOOD.replace("Who", "你好").encode("gb18030"), {"broken_utf8"}),
        ("dict.jsonl", '{"messages": {"user": "a"}}', {"messages_not_a_list"}),
        ("sharegpt.json", '[{"conversations": [{"from": "human", "value": "a"}]}]',
         {"no_messages"}),
        ("capitals.jsonl", GOOD.replace("messages", "Messages"), {"no_messages"}),
    ],
)  # fmt: skip
def test_files_as_beginners_make_them(
    tmp_path: Path, name: str, content: str | bytes, codes: set[str]
) -> None:
    assert {fault.code for fault in _faults(_write(tmp_path, content, name))} == codes


def test_a_good_file_has_no_faults(tmp_path: Path) -> None:
    talk = _row([SYSTEM, USER, ANSWER, USER, ANSWER])

    assert _faults(_write(tmp_path, f"{GOOD}\n\n{talk}\r\n")) == []


def test_a_row_on_several_lines_is_one_row_and_takes_no_other_with_it(tmp_path: Path) -> None:
    spread = json.dumps(json.loads(GOOD.replace("Who", r"[ \" {")), indent=2)
    rows = [GOOD[:40], GOOD, spread, GOOD.replace("Who", "Why"), "{", '"a": [', "]"]

    faults = _faults(_write(tmp_path, "\n".join(rows)))

    assert [(one.code, one.row, one.line) for one in faults] == [
        ("cut_json", 1, 1),
        ("spread_json", 3, 3),
        ("cut_json", 5, 16),
        ("broken_json", 6, 17),
        ("broken_json", 7, 18),
    ]


def test_messages_within_another_field_are_no_fault(tmp_path: Path) -> None:
    row = json.dumps({"from": {"messages": []}, "messages": [USER, ANSWER]})

    assert [one.code for one in _faults(_write(tmp_path, row))] == ["unknown_field"]


def test_a_fault_is_found_in_the_rows_behind_an_unread_field(tmp_path: Path) -> None:
    rows = [json.dumps({"id": n, "messages": [USER, ANSWER]}) for n in range(3)]
    rows.append(json.dumps({"id": 4, "messages": [USER, ANSWER | {"content": ""}]}))

    faults = _faults(_write(tmp_path, "\n".join(rows)))

    assert [(one.code, one.row) for one in faults] == [("unknown_field", 1), ("empty_answer", 4)]


def test_looking_for_duplicates_ends_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_check, "ROWS_REMEMBERED", 2)
    rows = [_row([USER | {"content": str(n)}, ANSWER]) for n in (1, 1, 2, 3, 3)]

    faults = _faults(_write(tmp_path, "\n".join(rows)))

    assert [(one.code, one.row) for one in faults] == [
        ("duplicate", 2),
        ("duplicates_unseen", None),
    ]


# --- repair ----------------------------------------------------------------------------------

AMBIGUOUS = {"system_later", "empty_question", "no_question"}


@pytest.mark.parametrize("code", sorted(set(SILENT) | set(STOP)))
def test_what_is_repaired_passes(tmp_path: Path, code: str) -> None:
    path = _write(tmp_path, f"{GOOD}\n{_row((SILENT | STOP)[code])}\n")
    repairs = Repairs()

    fixed = _write(tmp_path, b"".join(repaired_lines(path, repairs)), "fixed.jsonl")

    left = {fault.code for fault in _faults(fixed)} - {"duplicate", "loss_partly"}
    assert left <= AMBIGUOUS & {code}
    assert left or sum(repairs.changed.values()) + sum(repairs.left_out.values())


def test_a_good_row_is_left_as_it_is(tmp_path: Path) -> None:
    repairs = Repairs()

    (line,) = repaired_lines(_write(tmp_path, GOOD), repairs)

    assert json.loads(line) == json.loads(GOOD)
    assert not repairs.changed


def test_rows_on_several_lines_are_put_on_one(tmp_path: Path) -> None:
    spread = [json.dumps(json.loads(text), indent=2) for text in (GOOD, _row([USER, USER, ANSWER]))]
    repairs = Repairs()

    path = _write(tmp_path, ",\n".join(spread))
    fixed = _write(tmp_path, b"".join(repaired_lines(path, repairs)), "fixed.jsonl")

    assert _faults(fixed) == []
    assert repairs.written == 2
    assert repairs.changed == {"spread_json": 2, "broken_json": 1, "users_joined": 1}


def test_keys_in_capitals_are_read_as_what_they_mean(tmp_path: Path) -> None:
    messages = [
        {"Role": "User", "Content": "a"},
        {" role ": "assistant", "CONTENT": "b", "Loss": False},
        {"Role": "user", "content": "c"},
        {"role": "assistant", "Content": "d"},
    ]

    (line,) = repaired_lines(_write(tmp_path, json.dumps({"Messages": messages})), Repairs())

    assert json.loads(line)["messages"] == [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "loss": False},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d"},
    ]


def test_rows_of_an_indented_array_become_lines(tmp_path: Path) -> None:
    rows = [json.loads(GOOD)] * 2
    path = _write(tmp_path, json.dumps(rows, indent=2), "rows.json")

    lines = list(repaired_lines(path, Repairs()))

    assert [json.loads(line) for line in lines] == rows
    assert all(line.count(b"\n") == 1 for line in lines)


# --- any input -------------------------------------------------------------------------------

_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=6),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(
            some.sampled_from(["messages", "role", "content", "loss", "tool_calls", "é"]), inner
        )
    ),
    max_leaves=12,
)
_MESSAGE = some.fixed_dictionaries(
    {
        "role": some.sampled_from(["system", "user", "assistant", "tool", "User", "gpt"]) | _JSON,
        "content": some.sampled_from(["", " ", "a", "你好"]) | _JSON,
    },
    optional={"loss": some.sampled_from([True, False, None, "true", 0]), "name": _JSON},
)
_ROWS = some.lists(
    some.fixed_dictionaries({"messages": some.lists(_MESSAGE, max_size=5)}) | _JSON, max_size=5
)
_few = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def _opened(path: Path) -> DataCheck | None:
    """Return the check of a file, or None where it is no UTF-8 text at all."""
    try:
        return DataCheck(path)
    except XtguiError:
        return None


@_few
@given(content=some.binary(max_size=80) | some.text(max_size=80).map(str.encode))
def test_no_bytes_make_the_checker_crash(tmp_path: Path, content: bytes) -> None:
    path = _write(tmp_path, content)
    check = _opened(path)
    if check is None:
        return
    list(check.faults())
    assert check.rows or check.counts["no_rows"]


@_few
@given(rows=_ROWS, indent=some.sampled_from([None, None, 0, 1]), between=some.sampled_from("\n,"))
def test_no_rows_make_checker_or_repair_crash_and_repaired_rows_never_stop(
    tmp_path: Path, rows: list[Any], indent: int | None, between: str
) -> None:
    lines = (json.dumps(row, indent=indent) for row in rows)
    path = _write(tmp_path, f"{between}\n".join(lines))
    list(DataCheck(path).faults())
    repairs = Repairs()

    fixed = _write(tmp_path, b"".join(repaired_lines(path, repairs)), "fixed.jsonl")

    stops = {one.code for one in _faults(fixed) if one.severity == "stop"}
    assert stops <= {"no_rows"}
    assert repairs.written + sum(repairs.left_out.values()) >= DataCheck(path).rows


def test_a_line_of_quotes_that_never_end_is_read_at_once() -> None:
    line = b'{"' + b'\\"' * 20_000

    begin = time.process_time()
    found = list(line_rows(io.BytesIO(line)))

    assert [row.content for row in found] == [line]
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    "name", ['Question "EN"', "a\\b", "tab\there", "\x1b[31m", "\x07", "", "名"]
)
@pytest.mark.parametrize("place", ["row", "message"])
def test_a_field_may_have_any_name(tmp_path: Path, name: str, place: str) -> None:
    row = json.loads(GOOD)
    (row if place == "row" else row["messages"][0])[name] = 1
    content = "\n".join([json.dumps(row)] * 3 + [GOOD])

    faults = _faults(_write(tmp_path, content))

    (fault,) = [fault for fault in faults if fault.code.startswith("unknown_")]
    assert (fault.row, fault.notice.data["name"]) == (1, name)
    assert {fault.severity for fault in faults} == {"note"}


@given(some.lists(some.text(max_size=8), max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_of_a_field_ends_the_check(tmp_path: Path, names: list[str]) -> None:
    row = {**dict.fromkeys(names, 0), "messages": [USER, ANSWER]}

    faults = _faults(_write(tmp_path, f"{json.dumps(row)}\n{json.dumps(row)}"))

    assert {fault.severity for fault in faults} <= {"note"}


def test_a_giant_row_is_named_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with path.open("wb") as file:
        file.write(f'{GOOD}\n{{"messages": [{{"role": "user", "content": "'.encode() + b"x" * 65536)
        file.seek(150_000_000)
        file.write(f'"}}]}}\n{GOOD}\n{{"broken'.encode())
    tracemalloc.start()

    faults = _faults(path)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000
    found = {fault.code: fault for fault in faults if fault.severity == "stop"}
    assert {code: (fault.row, fault.line) for code, fault in found.items()} == {
        "long_row": (2, 2),
        "cut_json": (4, 4),
    }
    assert found["long_row"].notice.data["near"].startswith('{"messages"')


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_row_may_be_as_long_as_the_limit(
    tmp_path: Path, beyond: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_files, "LONGEST_ROW", len(GOOD) - beyond)

    faults = _faults(_write(tmp_path, f"{GOOD}\n"))

    stops = [fault.code for fault in faults if fault.severity == "stop"]
    assert stops == ["long_row", "nothing_to_train"][: 1 * beyond]


def test_a_giant_row_is_left_out_of_the_repaired_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_files, "LONGEST_ROW", len(GOOD))
    repairs = Repairs()
    path = _write(tmp_path, f"{GOOD}\n{GOOD[:-1]}   }}\n{GOOD}\n")

    lines = list(repaired_lines(path, repairs))

    assert len(lines) == 2
    assert repairs.left_out == {"long_row": 1}
