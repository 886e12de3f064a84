"""The ids and labels that `xtgui data preview` shows are the ones that xtuner trains on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tiny
from places import SUPPORT

from xtgui_cli.commands import data_preview
from xtgui_cli.commands.data_preview import PreviewRequest
from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.shared.templates import all_templates

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

MAX_LENGTH = 48
ROWS: list[list[tuple[str, str]]] = [
    [("user", "Who are you?"), ("assistant", "An assistant.")],
    [("system", "Be brief {now}."), ("user", "你是谁？"), ("assistant", "助手\n\n一个 {x}")],
    [("user", " a "), ("assistant", "b"), ("user", "c 12345"), ("assistant", ""), ("user", "d")],
    [("assistant", "hello"), ("user", "a"), ("user", "b"), ("assistant", "c"), ("assistant", "d")],
    [("user", "a question " * 30), ("assistant", "too late")],
    [("user", "<|im_end|>"), ("assistant", "a long answer é\t" * 20)],
    [("user", "nobody answers")],
]
_ASK = SUPPORT / "xtuner_truth.py"

Rows = list[dict[str, Any]]


def _rows(template: str) -> Rows:
    """Return the rows that a template can write: minicpm has no place for a system text."""
    return [
        {"messages": [{"role": role, "content": text} for role, text in turns]}
        for turns in ROWS
        if all_templates()[template].system or turns[0][0] != "system"
    ]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two models: one whose BOS begins its template, one whose BOS xtuner puts in front."""
    folder = tmp_path_factory.mktemp("models")
    written = tiny.save_model(folder / "bos_in_template")
    apart = Path(shutil.copytree(written, folder / "bos_in_front"))
    file = apart / "tokenizer_config.json"
    config = json.loads(file.read_text("utf-8")) | {"bos_token": "<|endoftext|>"}
    del config["chat_template"]
    file.write_text(json.dumps(config), "utf-8")
    return [written, apart]


@pytest.fixture(scope="module")
def old_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as of 2023: vocab.json and merges.txt, which transformers alone can load."""
    folder = tiny.save_model(tmp_path_factory.mktemp("models") / "old")
    whole = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    (folder / "tokenizer.json").unlink()
    merges = [
        pair if isinstance(pair, str) else " ".join(pair) for pair in whole["model"]["merges"]
    ]
    (folder / "vocab.json").write_text(json.dumps(whole["model"]["vocab"]), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", "utf-8")
    file = folder / "tokenizer_config.json"
    config = json.loads(file.read_text("utf-8")) | {"tokenizer_class": "GPT2Tokenizer"}
    config["added_tokens_decoder"] = {str(t["id"]): t for t in whole["added_tokens"]}
    file.write_text(json.dumps(config), "utf-8")
    return folder


@pytest.fixture(scope="module")
def truth(
    models: list[Path], old_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[Any, Any]:
    """What xtuner's own functions give, cut at max_length, by model and template."""
    pairs = [(str(model), name) for model in models for name in all_templates()]
    pairs.append((str(old_model), "internlm2_chat"))
    conversations = _rows("default")
    file = tmp_path_factory.mktemp("truth") / "request.json"
    request = {
        "encodings": {"pairs": pairs, "conversations": conversations, "max_length": MAX_LENGTH}
    }
    file.write_text(json.dumps(request), "utf-8")
    done = subprocess.run(
        [sys.executable, str(_ASK), str(file)],
        env=engine_environment() | {"OMP_NUM_THREADS": "1", "HF_HOME": str(file.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer = json.loads(file.with_suffix(".answer").read_text("utf-8"))
    return dict(zip(pairs, answer["encodings"], strict=True))


@pytest.mark.parametrize("name", sorted(all_templates()))
def test_the_ids_shown_are_those_that_xtuner_trains_on(
    name: str,
    truth: dict[Any, Any],
    models: list[Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = _rows(name)
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    for model in models:
        request = PreviewRequest(
            path=data,
            model=model,
            template=name,
            max_length=MAX_LENGTH,
            rows=len(rows),
            as_json=True,
        )
        data_preview.run(request)
        shown = json.loads(capsys.readouterr().out)

        ours = [{"input_ids": row["ids"], "labels": row["labels"]} for row in shown["rows"]]
        theirs = truth[str(model), name]
        left_out = [
            number
            for number, row in enumerate(theirs, start=1)
            if all(label == -100 for label in row["labels"])
        ]

        assert ours == theirs
        assert shown["vanishing"] == left_out
        assert any(row["cut"] for row in shown["rows"])


def test_without_a_tokenizer_json_the_engine_gives_the_ids_that_xtuner_trains_on(
    truth: dict[Any, Any],
    old_model: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    rows = _rows("internlm2_chat")
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    request = PreviewRequest(
        path=data,
        model=old_model,
        template="internlm2_chat",
        max_length=MAX_LENGTH,
        rows=len(rows),
        as_json=True,
    )

    data_preview.run(request)

    shown = json.loads(capsys.readouterr().out)
    ours = [{"input_ids": row["ids"], "labels": row["labels"]} for row in shown["rows"]]
    assert ours == truth[str(old_model), "internlm2_chat"]
    assert sum(bar["rows"] for bar in shown["lengths"]["histogram"]) == len(rows) - 1
