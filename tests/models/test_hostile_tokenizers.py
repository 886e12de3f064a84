"""A tokenizer.json that a stranger wrote: it takes neither the process nor its memory along."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.cli.entry import main
from xtgui_cli.models.model_folder import check_model
from xtgui_cli.models.tokenization import load_tokenizer
from xtgui_cli.models.tokenizer_limits import require_bounded
from xtgui_cli.shared.errors import XtguiError

DOUBLES = {"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}
ANYWHERE = {"type": "Replace", "pattern": {"Regex": "(?=a)"}, "content": "a"}
FILLED = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000}
ENDLESS = {"type": "Replace", "pattern": {"Regex": "(a+a+)+b"}, "content": ""}
BACKTRACKS = {
    "type": "Split",
    "pattern": {"Regex": "(a+)+$"},
    "behavior": "Isolated",
    "invert": False,
}


@pytest.fixture
def model(tmp_path: Path, tiny_model: Path) -> Path:
    return Path(shutil.copytree(tiny_model, tmp_path / "model"))


def spoil(folder: Path, /, **parts: Any) -> None:
    file = folder / "tokenizer.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **parts}), "utf-8")


def sequence(kind: str, *steps: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Sequence", kind: list(steps)}


@pytest.mark.parametrize(
    "parts",
    [
        {"normalizer": sequence("normalizers", *[DOUBLES] * 40)},
        {"normalizer": sequence("normalizers", sequence("normalizers", *[FILLED] * 4))},
        {"normalizer": sequence("normalizers", *[ANYWHERE] * 40)},
        {"decoder": sequence("decoders", *[DOUBLES] * 40)},
        {"normalizer": {"type": "Precompiled", "precompiled_charsmap": "/////w=="}},
        {"normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAAA"}},
        {"normalizer": {"type": "Precompiled", "precompiled_charsmap": "\u00e9"}},
        {"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["zzz", "qqq"]]}},
        {"pre_tokenizer": BACKTRACKS | {"pattern": {"Regex": "(("}}},
    ],
    ids=[
        "doubling",
        "nested",
        "between letters",
        "decoder",
        "4 GiB",
        "too short",
        "no base64",
        "merges",
        "pattern",
    ],
)
def test_what_cannot_be_bounded_is_refused_before_it_is_used(
    parts: dict[str, Any], model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(model, **parts)

    with pytest.raises(XtguiError) as caught:
        load_tokenizer(check_model(model))

    assert caught.value.code == "model.broken_tokenizer"
    assert main(["check", "model", str(model)]) == caught.value.exit
    assert "tokenizer.json cannot be read" in " ".join(capfd.readouterr().err.split())


@pytest.mark.parametrize("part", [{"pre_tokenizer": BACKTRACKS}, {"normalizer": ENDLESS}])
def test_a_pattern_that_takes_too_long_is_an_error_in_words(
    part: dict[str, Any], model: Path
) -> None:
    spoil(model, **part)
    tokenizer = load_tokenizer(check_model(model))
    text = "a" * 40 + "c"

    uses: list[Callable[[], object]] = [
        lambda: tokenizer.encode(text),
        lambda: tokenizer.lengths([text]),
    ]
    for use in uses:
        with pytest.raises(XtguiError) as caught:
            use()
        assert caught.value.code == "model.broken_tokenizer"


@pytest.mark.parametrize("part", [{"pre_tokenizer": BACKTRACKS}, {"normalizer": ENDLESS}])
def test_the_library_itself_writes_nothing_to_the_terminal(
    part: dict[str, Any], model: Path, tmp_path: Path
) -> None:
    spoil(model, **part)
    row = {"messages": [{"role": r, "content": "a" * 40 + "c"} for r in ("user", "assistant")]}
    data = tmp_path / "rows.jsonl"
    data.write_text(json.dumps(row) + "\n")
    command = ["data", "preview", str(data), "--model", str(model), "--template", "qwen_chat"]

    done = subprocess.run(
        [sys.executable, "-m", "xtgui_cli", *command, "--lang", "en"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 2, done.stderr
    assert "tokenizer.json cannot be read" in " ".join(done.stderr.split())
    assert "panicked" not in done.stderr
    assert "backtrace" not in done.stderr


def test_steps_of_real_tokenizers_are_bounded() -> None:
    one_by_one = [
        {"type": "Replace", "pattern": {"String": mark}, "content": "'"} for mark in "‘’‚‛“”" * 20
    ]
    spaces = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    runs = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "▁"}
    whole = sequence("normalizers", *one_by_one, spaces, runs, {"type": "NFKC"})

    require_bounded(json.dumps({"normalizer": whole, "decoder": None, "model": {}}).encode())
