"""`xtgui data convert`: what the formats of others become, and what is refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.commands import data_convert
from xtgui_cli.commands.data_convert import DataConvertRequest
from xtgui_cli.data.messages import check_data
from xtgui_cli.shared.errors import Exit, XtguiError

WANTED = [
    {"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]}
    for q, a in (("你好", "hi"), ("two\nlines", "b"))
]
PAIRS = [tuple(message["content"] for message in row["messages"]) for row in WANTED]


def write(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_bytes(text.encode(encoding))
    return file


def lines(rows: list[Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def convert(source: Path, columns: tuple[str, ...] = ()) -> list[Any]:
    target = source.parent / "out.jsonl"
    assert (
        data_convert.run(DataConvertRequest(source=source, target=target, columns=columns))
        == Exit.DONE
    )
    check_data(target)
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


ALPACA = [{"instruction": question, "input": "", "output": answer} for question, answer in PAIRS]
SHAREGPT = [
    {"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]}
    for q, a in PAIRS
]
XTUNER = [{"conversation": [{"input": q, "output": a}]} for q, a in PAIRS]
QUESTIONS = [{"question": question, "answer": answer} for question, answer in PAIRS]


@pytest.mark.parametrize("rows", [WANTED, ALPACA, SHAREGPT, XTUNER, QUESTIONS])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("is_array", [True, False])
def test_every_layout_in_every_encoding_becomes_openai_messages(
    tmp_path: Path, rows: list[Any], encoding: str, is_array: bool
) -> None:
    text = json.dumps(rows, ensure_ascii=False, indent=1) if is_array else lines(rows)

    assert convert(write(tmp_path / "data.txt", text, encoding)) == WANTED


def test_a_table_in_chinese_and_a_packed_file_are_read(tmp_path: Path) -> None:
    table = '问题,回答\n你好,hi\n"two\nlines",b\n'
    assert convert(write(tmp_path / "table.csv", table, "gb18030")) == WANTED

    (tmp_path / "out.jsonl").unlink()
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress(lines(ALPACA).encode()))
    assert convert(packed) == WANTED


def test_a_parquet_file_is_read(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    file = tmp_path / "train.parquet"
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(QUESTIONS), file)

    assert convert(file) == WANTED


def test_columns_that_say_nothing_are_asked_for_and_taken_as_told(tmp_path: Path) -> None:
    rows = [{"left": question, "right": answer} for question, answer in PAIRS]
    file = write(tmp_path / "rows.jsonl", lines(rows))
    with pytest.raises(XtguiError) as caught:
        data_convert.run(DataConvertRequest(source=file, target=tmp_path / "out.jsonl"))
    assert caught.value.exit == Exit.ANSWERS
    assert not (tmp_path / "out.jsonl").exists()

    assert convert(file, ("user=left", "assistant=right")) == WANTED


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.jsonl", lines(ALPACA))
    there = write(tmp_path / "out.jsonl", "mine")

    for target in (there, file):
        before = target.read_bytes()
        with pytest.raises(XtguiError) as caught:
            data_convert.run(DataConvertRequest(source=file, target=target))
        assert caught.value.exit == Exit.ANSWERS
        assert target.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"just a line of prose\n", b"[1, 2"])
def test_what_holds_no_conversations_is_refused_and_leaves_nothing(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "odd"
    file.write_bytes(content)

    with pytest.raises(XtguiError) as caught:
        data_convert.run(DataConvertRequest(source=file, target=tmp_path / "out.jsonl"))

    assert caught.value.exit == Exit.ANSWERS
    assert [path.name for path in tmp_path.iterdir()] == ["odd"]


def test_as_json_the_account_is_one_object(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "rows.jsonl", lines([*ALPACA, {"instruction": "q", "output": ""}]))

    data_convert.run(DataConvertRequest(source=file, target=tmp_path / "out.jsonl", as_json=True))

    assert json.loads(capfd.readouterr().out)
