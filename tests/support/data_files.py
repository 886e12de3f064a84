"""Data files in several layouts and containers, each with the same question and answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from xtgui_cli.data.formats.convert import Report, convert
from xtgui_cli.shared.errors import XtguiError

QUESTION, ANSWER = "你好，谁？", "助手"
WANTED = [[("user", QUESTION), ("assistant", ANSWER)]]
PAIR = {"question": QUESTION, "answer": ANSWER}
CONTAINERS = {
    "lines": json.dumps(PAIR, ensure_ascii=False) + "\r\n",
    "blank lines": "\r\n\n" + json.dumps(PAIR, ensure_ascii=False) + "\n\n",
    "array": json.dumps([PAIR], ensure_ascii=False),
    "pretty": json.dumps([PAIR], ensure_ascii=False, indent=2).replace("\n", "\r\n"),
    "objects": json.dumps(PAIR, ensure_ascii=False, indent=2),
    "data": json.dumps({"data": [PAIR]}, ensure_ascii=False),
    "csv": f"question,answer\r\n{QUESTION},{ANSWER}\r\n",
    "semicolons": f'"question";"answer"\n"{QUESTION}";"{ANSWER}"\n',
    "tsv": f"question\tanswer\n{QUESTION}\t{ANSWER}\n",
    "empty column": f"id,question,answer,\n1,{QUESTION},{ANSWER},\n".replace(",\n", ",note\n", 1),
}


def converted(path: Path) -> tuple[list[list[tuple[str, str]]], Report]:
    """Return the (role, text) of each row that comes of a file or folder, and the account."""
    target = path.parent / "converted.jsonl"
    target.unlink(missing_ok=True)
    report = convert(path, target)
    rows = [json.loads(line)["messages"] for line in target.read_bytes().split(b"\n") if line]
    return [[(one["role"], one["content"]) for one in row] for row in rows], report


def write_rows(folder: Path, rows: Any, name: str = "in") -> Path:
    path = folder / name
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(XtguiError) as caught:
        converted(path)
    return caught.value.code


def write_parquet(path: Path, table: Any, **how: Any) -> Path:
    pyarrow.parquet.write_table(table, path, **how)
    return path
