"""Rows that the checker calls clean: xtuner trains every answer of each, in all templates."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from places import SUPPORT

from xtgui_cli.data.data_check import DataCheck
from xtgui_cli.data.formats.convert import convert
from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.shared.templates import all_templates

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

Row = dict[str, Any]
EXAMPLES = 300
_ODD = ["<|im_end|>", "{round} {}", "</s>", "null", "2024-01-01", "12", "\u2028", "\0"]
_TEXTS = some.sampled_from(_ODD) | some.text(
    some.characters(exclude_categories=["Cs"]), min_size=1, max_size=20
)
_SAID = _TEXTS.filter(lambda text: not text.isspace())


@some.composite
def _rows(draw: some.DrawFn) -> Row:
    messages = [{"role": "system", "content": draw(_TEXTS)}] if draw(some.booleans()) else []
    for _ in range(draw(some.integers(1, 3))):
        messages.append({"role": "user", "content": draw(_SAID)})
        messages.append({"role": "assistant", "content": draw(_SAID)})
    return {"messages": messages}


def _examples() -> list[Row]:
    found: dict[str, Row] = {}

    @settings(
        max_examples=2 * EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(row=_rows())
    def gather(row: Row) -> None:
        found[json.dumps(row)] = row

    gather()
    return list(found.values())[:EXAMPLES]


@dataclass(frozen=True)
class Truth:
    """The rows, and what xtuner trains of them."""

    path: Path
    rows: list[Row]
    trained: dict[str, list[str]]


PAIRS = [
    {"instruction": "Add.", "input": "1 2", "output": "3"},
    {"instruction": "翻译", "input": "a\nb ", "output": "c"},
    {"instruction": "Who?", "input": "", "output": "me"},
]


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Truth:
    path = tmp_path_factory.mktemp("clean") / "rows.jsonl"
    rows = _examples()
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    path.with_suffix(".pairs").write_text(json.dumps(PAIRS), "utf-8")
    script = str(SUPPORT / "xtuner_samples.py")
    done = subprocess.run(
        [sys.executable, script, str(path), str(tiny_model)],
        env=engine_environment() | {"OMP_NUM_THREADS": "1", "HF_HOME": str(path.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return Truth(path, rows, json.loads(path.with_suffix(".answer").read_text("utf-8")))


def test_the_examples_are_many_and_called_clean(truth: Truth) -> None:
    assert list(DataCheck(truth.path).faults()) == []
    assert len(truth.rows) == EXAMPLES


@pytest.mark.parametrize("name", sorted(all_templates()))
def test_every_answer_of_every_clean_row_is_trained(truth: Truth, name: str) -> None:
    rows = [
        row
        for row in truth.rows
        if all_templates()[name].system or row["messages"][0]["role"] != "system"
    ]
    trained = truth.trained[name]

    assert len(trained) == len(rows)
    for row, text in zip(rows, trained, strict=True):
        place = 0
        for message in row["messages"]:
            if message["role"] == "assistant":
                place = text.index(message["content"], place) + len(message["content"])


def test_alpaca_columns_are_joined_as_xtuner_joins_them(truth: Truth, tmp_path: Path) -> None:
    """Without an input xtuner ends the question with a newline, which nobody types in a chat."""
    source = tmp_path / "pairs.json"
    source.write_text(json.dumps(PAIRS), "utf-8")
    convert(source, tmp_path / "out.jsonl")

    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    ours = [row["messages"][0]["content"] for row in rows]

    assert truth.trained["alpaca"] == [*ours[:2], f"{ours[2]}\n"]
