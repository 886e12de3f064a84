"""What our reader makes of each dataset of the catalogue, beside what xtuner's own function makes.

Both as xtuner's conversation: ours goes through its openai_map_fn, which is what trains our files.
Where we differ on purpose, `CORRECTED` says how; nothing else may differ.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.catalogue import Dataset, datasets
from xtgui_cli.data.formats.convert import convert

pytestmark = pytest.mark.engine

TOOLS = (
    "你可以使用以下插件：\n1. "
    '{"name": "weather", "description": "查天气", "paths": [{"parameters": '
    '[{"name": "city", "description": "城市"}]}]}\n'
    '2. {"name": "clock", "description": "报时"} {"other": 1}'
)
CALL = (
    "我来查一下<|startofthink|>```JSON\n"
    '{"api_name": "weather", "parameters": {"city": "上海"}}```<|endofthink|>'
    '<|startofexec|>```JSON\n{"temp": 21}```<|endofexec|>上海今天 21 度。'
)
MSAGENT = [
    {"from": "system", "value": TOOLS},
    {"from": "user", "value": "上海天气如何？"},
    {"from": "assistant", "value": CALL},
    {"from": "user", "value": "谢谢"},
    {"from": "assistant", "value": "不客气。"},
]

ROWS: dict[str, list[dict[str, Any]]] = {
    "alpaca_map_fn": [
        {"instruction": "Add", "input": "1, 2", "output": "3", "text": "all of it"},
        {"instruction": "Say hi", "input": "", "output": "hi"},
        {"instruction": "Nothing", "input": "x", "output": "<nooutput>"},
    ],
    "alpaca_zh_map_fn": [
        {"instruction_zh": "相加", "input_zh": "1、2", "output_zh": "3"},
        {"instruction_zh": "问好", "input_zh": "", "output_zh": "你好"},
    ],
    "code_alpaca_map_fn": [{"prompt": "Print 1", "completion": "print(1)"}],
    "tiny_codes_map_fn": [{"prompt": "Print 1", "response": "print(1)"}],
    "colors_map_fn": [
        {"description": "Sky: a light: pale blue", "color": "#87ceeb"},
        {"description": "no name here", "color": "#000000"},
    ],
    "medical_map_fn": [
        {"instruction": "头疼怎么办", "input": "三天了", "output": "多休息"},
        {"instruction": "感冒怎么办", "input": "", "output": "多喝水"},
    ],
    "sql_map_fn": [{"context": "CREATE TABLE t (a INT)", "question": "All?", "answer": "SELECT *"}],
    "openorca_map_fn": [
        {"system_prompt": "Be brief.", "question": "Why?", "response": "So."},
        {"system_prompt": "", "question": "Why?", "response": "So."},
    ],
    "stack_exchange_map_fn": [{"question": "How?", "response": "Thus."}],
    "wizardlm_map_fn": [
        {
            "conversations": [
                {"from": "gpt", "value": "Hello, I begin."},
                {"from": "human", "value": "one"},
                {"from": "gpt", "value": "two"},
                {"from": "human", "value": "three"},
                {"from": "gpt", "value": "four"},
            ]
        }
    ],
    "openai_map_fn": [
        {
            "messages": [
                {"role": "user", "content": "one"},
                {"role": "assistant", "content": "two"},
            ]
        }
    ],
    "oasst1_map_fn": [
        {"text": "### Human: a?### Assistant: b.### Human: c?### Assistant: d."},
        {"text": "### Human: a?### Assistant: b.### Human: unanswered"},
        {"text": "### Human: a?### Assistant: # One\n### Two\nthree"},
    ],
    "msagent_react_map_fn": [{"conversations": MSAGENT}, {"conversations": repr(MSAGENT)}],
}

Turns = list[tuple[str, str, str]]
CORRECTED: dict[tuple[str, int], tuple[str, Turns]] = {
    ("alpaca_map_fn", 1): (
        "no line break behind a question without an input",
        [("", "Say hi", "hi")],
    ),
    ("alpaca_zh_map_fn", 1): ("the same", [("", "问好", "你好")]),
    ("medical_map_fn", 1): (
        "the same",
        [("如果你是一名医生，请根据患者的描述回答医学问题。\n", "感冒怎么办", "多喝水")],
    ),
    ("colors_map_fn", 1): (
        "a description without a name is the question; xtuner trains an empty one",
        [
            (
                "You are a professional color designer. Please provide the corresponding colors "
                "based on the description of Human.\n",
                "no name here",
                "#000000",
            )
        ],
    ),
    ("oasst1_map_fn", 2): (
        "a heading within an answer does not end it",
        [("", "a?", "# One\n### Two\nthree")],
    ),
}

ASK_XTUNER = """
import json, sys
from xtuner.dataset.map_fns import dataset_map_fns as functions
from xtuner.utils import SYSTEM_TEMPLATE

asked = json.load(sys.stdin)
answers = {"systems": dict(SYSTEM_TEMPLATE)}
for name, rows in asked["rows"].items():
    function = getattr(functions, name)
    answers[name] = [function(row)["conversation"] for row in rows]
answers["ours"] = {
    name: [functions.openai_map_fn(row)["conversation"] for row in rows]
    for name, rows in asked["ours"].items()
}
print("answer:" + json.dumps(answers))
"""


def of_xtuner(dataset: Dataset) -> bool:
    return dataset.map_fn is not None and dataset.kind == "chat"


def converted(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each map function as our reader turns them into messages."""
    found = {}
    for dataset in filter(of_xtuner, datasets()):
        name = str(dataset.map_fn)
        source = folder / f"{name}.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in ROWS[name]), "utf-8")
        target = folder / f"{name}-{dataset.id.replace('/', '_')}.jsonl"
        convert(source, target, dataset.mapping)
        found[dataset.id] = list(map(json.loads, target.read_text("utf-8").splitlines()))
    return found


def turns(conversation: list[dict[str, Any]]) -> Turns:
    return [(one.get("system", ""), one.get("input", ""), one["output"]) for one in conversation]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Start xtuner once, for all of them. Importing it prints, so the answer has a mark."""
    asked = {"rows": ROWS, "ours": converted(tmp_path_factory.mktemp("converted"))}
    done = subprocess.run(
        [sys.executable, "-c", SHIM + ASK_XTUNER],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    marked = [line for line in done.stdout.splitlines() if line.startswith("answer:")]
    answer: dict[str, Any] = json.loads(marked[-1].removeprefix("answer:"))
    return answer


SHIM = "import transformers.utils as u; u.is_safetensors_available = lambda *a: True\n"
"""xtuner 0.2.0 cannot be imported on transformers 5 without it (see engine/compat.py)."""


@pytest.mark.parametrize("dataset", [*filter(of_xtuner, datasets())], ids=lambda one: one.id)
def test_our_reader_gives_what_xtuner_trains(dataset: Dataset, answers: dict[str, Any]) -> None:
    name = str(dataset.map_fn)
    wanted = []
    for number, conversation in enumerate(answers[name]):
        _why, corrected = CORRECTED.get((name, number), ("", turns(conversation)))
        if corrected:
            wanted.append(corrected)

    assert [turns(one) for one in answers["ours"][dataset.id]] == wanted


def test_what_we_correct_is_really_wrong_in_xtuner(answers: dict[str, Any]) -> None:
    for (name, number), (why, corrected) in CORRECTED.items():
        assert turns(answers[name][number]) != corrected, (name, why)


def test_system_lines_are_xtuners(answers: dict[str, Any]) -> None:
    used = {one.mapping.system_line for one in datasets() if one.mapping.system_line}

    assert len(used) == 4
    assert used <= set(answers["systems"].values())


def test_every_function_of_the_catalogue_was_compared() -> None:
    assert set(ROWS) == {one.map_fn for one in filter(of_xtuner, datasets())}
