"""Whatever a file holds, it is read or refused in words; what is written is read again as it is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from xtgui_cli.data.data_check import DataCheck
from xtgui_cli.data.formats.cells import LeftOutError
from xtgui_cli.data.formats.convert import Report, convert
from xtgui_cli.data.formats.data_format import ColumnMapping
from xtgui_cli.data.formats.registry import recognize_rows, to_conversations
from xtgui_cli.shared.errors import XtguiError

often = settings(
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# --- what stands in files ----------------------------------------------------------------------

_WORDS = some.sampled_from(
    [
        "",
        " ",
        "a",
        "你好",
        "é\r\n",
        "\u2028",
        "\x85",
        "\ufeff",
        "\x00",
        "\ud800",
        "[",
        '["a"]',
        "{x}",
    ]
)
_TEXTS = _WORDS | some.text(max_size=6)
_NAMES = some.one_of(
    some.sampled_from(["messages", "conversations", "conversation", "role", "content", "loss"]),
    some.sampled_from(["from", "value", "text", "data", "system", "input", "output", "history"]),
    some.sampled_from(["instruction", "prompt", "completion", "question", "answer", "answers"]),
    some.sampled_from(["context", "chosen", "问题", "回答"]),
)
_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | _TEXTS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=10,
)
_ROLE = some.sampled_from(["system", "user", "assistant", "human", "gpt", "tool", "User", "用户"])
_ROLES = _ROLE | _VALUES
_TURN = some.one_of(
    some.fixed_dictionaries({"role": _ROLES, "content": _VALUES}, optional={"loss": _VALUES}),
    some.fixed_dictionaries({"from": _ROLES, "value": _VALUES}),
    some.fixed_dictionaries({"input": _VALUES, "output": _VALUES}, optional={"system": _VALUES}),
)
_TURNS = some.lists(_TURN, max_size=4) | _VALUES
_ROWS = some.lists(
    some.one_of(
        some.fixed_dictionaries({"messages": _TURNS}, optional={"system": _VALUES}),
        some.fixed_dictionaries({"conversations": _TURNS}),
        some.fixed_dictionaries({"instruction": _VALUES, "input": _VALUES, "output": _VALUES}),
        some.fixed_dictionaries({"prompt": _TURNS, "completion": _TURNS}),
        some.dictionaries(_NAMES, _VALUES, max_size=4),
        _VALUES,
    ),
    max_size=5,
)


def _as_lines(rows: list[Any]) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def _as_table(separator: str) -> Callable[[list[Any]], str]:
    def write(rows: list[Any]) -> str:
        text = io.StringIO(newline="")
        table = csv.writer(text, delimiter=separator)
        for row in rows:
            table.writerow(map(str, row if isinstance(row, (list, dict)) else [row]))
            table.writerow(map(str, row.values()) if isinstance(row, dict) else [])
        return text.getvalue()

    return write


_CONTAINERS = {
    "lines": _as_lines,
    "array": lambda rows: json.dumps(rows, ensure_ascii=False),
    "pretty": lambda rows: json.dumps(rows, ensure_ascii=False, indent=1),
    "wrapped": lambda rows: json.dumps({"data": rows}, ensure_ascii=False),
    "csv": _as_table(","),
    "tsv": _as_table("\t"),
}


def _converted(folder: Path, content: bytes, name: str = "in") -> tuple[Report, list[Any]] | None:
    """Return the account and the rows of a conversion, or None where it is refused in words."""
    source, target = folder / name, folder / "out.jsonl"
    source.write_bytes(content)
    target.unlink(missing_ok=True)
    try:
        report = convert(source, target)
    except XtguiError:
        assert not target.exists()
        return None
    return report, _rows(target)


def _rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def _stops(path: Path) -> set[str]:
    return {fault.code for fault in DataCheck(path).faults() if fault.severity == "stop"}


def _hold_what_is_written(folder: Path, outcome: tuple[Report, list[Any]] | None) -> None:
    """What was written passes the checker, and becomes itself when it is converted again."""
    if outcome is None:
        return
    report, rows = outcome
    assert len(rows) == report.written > 0
    assert report.written + sum(left.count for left in report.left_out.values()) == report.rows
    assert _stops(folder / "out.jsonl") <= {"nothing_to_train"}
    again = _converted(folder, (folder / "out.jsonl").read_bytes(), "again")
    assert again is not None
    assert again[1] == rows


@often
@given(content=some.binary(max_size=80) | some.text(max_size=80).map(lambda t: t.encode("utf-8")))
def test_no_bytes_make_a_conversion_crash(tmp_path: Path, content: bytes) -> None:
    _hold_what_is_written(tmp_path, _converted(tmp_path, content))


@often
@given(
    rows=_ROWS,
    container=some.sampled_from(sorted(_CONTAINERS)),
    encoding=some.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"]),
    cut=some.integers(0, 30),
)
def test_no_rows_in_any_container_and_encoding_make_a_conversion_crash(
    tmp_path: Path, rows: list[Any], container: str, encoding: str, cut: int
) -> None:
    content = _CONTAINERS[container](rows).encode(encoding, "replace")
    _hold_what_is_written(tmp_path, _converted(tmp_path, content[: len(content) - cut // 10]))


@often
@given(rows=_ROWS)
def test_a_row_becomes_messages_or_has_a_reason(rows: list[Any]) -> None:
    mapping = recognize_rows([row for row in rows if isinstance(row, dict)])
    assume(isinstance(mapping, ColumnMapping))
    assert isinstance(mapping, ColumnMapping)

    for row in rows:
        try:
            conversations = to_conversations(row, mapping)
        except LeftOutError as left:
            reason, conversations = left.reason, []
        messages = [message for messages in conversations for message in messages]
        assert messages or reason.startswith("formats.out_")
        assert all(one["role"] in ("system", "user", "assistant") for one in messages)
        assert all(isinstance(one["content"], str) for one in messages)


# --- texts are kept ------------------------------------------------------------------------------

_SAID = some.text(
    some.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
_PAIRS = some.lists(some.tuples(_SAID, _SAID), min_size=1, max_size=4)


def _written_as(layout: str, pairs: list[tuple[str, str]]) -> list[Any]:
    layouts: dict[str, list[Any]] = {
        "openai": [
            {"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]}
            for q, a in pairs
        ],
        "sharegpt": [
            {"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]}
            for q, a in pairs
        ],
        "xtuner": [{"conversation": [{"system": "", "input": q, "output": a}]} for q, a in pairs],
        "alpaca": [{"instruction": q, "input": "", "output": a} for q, a in pairs],
        "pairs": [{"question": q, "answer": a} for q, a in pairs],
        "trl": [
            {
                "prompt": [{"role": "user", "content": q}],
                "completion": [{"role": "assistant", "content": a}],
            }
            for q, a in pairs
        ],
    }
    return layouts[layout]


@pytest.mark.parametrize("layout", ["openai", "sharegpt", "xtuner", "alpaca", "pairs", "trl"])
@often
@given(pairs=_PAIRS, container=some.sampled_from(["lines", "array", "pretty", "parquet"]))
def test_texts_are_kept_to_the_character(
    tmp_path: Path, layout: str, pairs: list[tuple[str, str]], container: str
) -> None:
    rows = _written_as(layout, pairs)
    is_parquet = container == "parquet"
    content = _as_parquet(rows) if is_parquet else _CONTAINERS[container](rows).encode()

    outcome = _converted(tmp_path, content)

    kept = [(q, a) for q, a in pairs if a != "<nooutput>"]
    assert outcome is not None
    assert [tuple(message["content"] for message in row["messages"]) for row in outcome[1]] == kept
    _hold_what_is_written(tmp_path, outcome)


def _as_parquet(rows: list[Any]) -> bytes:
    import pyarrow
    import pyarrow.parquet

    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), file)
    return file.getvalue()


@often
@given(pairs=_PAIRS, separator=some.sampled_from(",\t;|"))
def test_the_cells_of_a_table_are_kept_to_the_character(
    tmp_path: Path, pairs: list[tuple[str, str]], separator: str
) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
    table.writerows([("question", "answer"), *pairs])

    outcome = _converted(tmp_path, text.getvalue().encode())

    assert outcome is not None
    assert [tuple(one["content"] for one in row["messages"]) for row in outcome[1]] == pairs


# --- parquet -------------------------------------------------------------------------------------


@often
@given(rows=_ROWS, damage=some.lists(some.tuples(some.floats(0, 1), some.integers(0, 255))))
def test_no_parquet_whole_or_damaged_makes_a_conversion_crash(
    tmp_path: Path, rows: list[Any], damage: list[tuple[float, int]]
) -> None:
    import pyarrow

    try:
        content = bytearray(_as_parquet([row for row in rows if isinstance(row, dict)]))
    except (pyarrow.ArrowException, UnicodeEncodeError, OverflowError):
        return  # not every mix of values fits into a column
    for place, value in damage[:3]:
        content[int(place * (len(content) - 1))] = value

    _hold_what_is_written(tmp_path, _converted(tmp_path, bytes(content)))
