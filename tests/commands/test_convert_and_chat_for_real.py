"""`xtgui convert` and `xtgui chat` as a script uses them, on a checkpoint of the tiny model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_checkpoints import save_checkpoint
from places import CONFIGS

from xtgui_cli.project.config_filler import fill
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> RunFolder:
    folder = RunFolder(tmp_path_factory.mktemp("project"))
    folder.work_dir.mkdir()
    text = (CONFIGS / "lora.py").read_text("utf-8")
    values = {
        "pretrained_model_name_or_path": str(tiny_model),
        "prompt_template": "qwen_chat",
        "SYSTEM": "Be kind.",
    }
    folder.config_file.write_text(fill(text, values), "utf-8")
    for iteration in (10, 20):
        save_checkpoint(folder.work_dir / f"iter_{iteration}.pth", tiny_model, "lora", iteration)
    EventWriter(folder.events_file)("plan", iters_per_epoch=10)
    return folder


def xtgui(folder: RunFolder, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, OMP_NUM_THREADS="1", XTGUI_LANG="en")
    environment["XTGUI_CONFIG_DIR"] = str(folder.root / "user")
    return subprocess.run(
        [sys.executable, "-m", "xtgui_cli", *arguments, "--trust", "--root", str(folder.root)],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_an_epoch_is_converted_and_merged_and_the_folders_go_to_stdout(folder: RunFolder) -> None:
    done = xtgui(folder, "convert", "--epoch", "1")

    expected = [folder.work_dir / f"xtuner_epoch_1_{kind}" for kind in ("hf", "merge")]
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(path) for path in expected]
    assert all((path / "tokenizer.json").is_file() for path in expected)
    assert "200 of 200" in " ".join(done.stderr.split())
    cards = [(path / "README.md").read_text("utf-8") for path in expected]
    assert "library_name: peft" in cards[0]
    assert "library_name: transformers" in cards[1]


def test_each_prompt_of_a_file_gives_one_line_of_json_with_both_answers(folder: RunFolder) -> None:
    prompts = folder.root / "prompts.txt"
    prompts.write_text("Who are you?\n你是谁？\n", "utf-8")

    done = xtgui(
        folder, "chat", "--compare", "--prompts", str(prompts), "--json", "--max-new-tokens", "4"
    )

    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["prompt"] for line in lines] == ["Who are you?", "你是谁？"]
    assert [answer["model"] for answer in lines[0]["answers"]] == ["iter_20", "base"]
    assert set(lines[0]["answers"][0]) == {"model", "text", "tokens", "seconds", "stop"}
    assert "is not converted yet" in done.stderr


def test_without_a_terminal_the_lines_of_stdin_are_questions(folder: RunFolder) -> None:
    done = xtgui(
        folder, "chat", "--base", "--json", "--max-new-tokens", "3", stdin="Hi\n\nAnd you?\n"
    )

    assert done.returncode == 0, done.stderr
    prompts = [json.loads(line)["prompt"] for line in done.stdout.splitlines()]
    assert prompts == ["Hi", "And you?"]


def test_a_question_whose_bytes_are_no_utf8_keeps_nobody_waiting(folder: RunFolder) -> None:
    """你好 in GBK."""
    done = xtgui(folder, "chat", "--base", "--max-new-tokens", "3", "--prompt", "\udcc4\udce3")

    assert done.returncode in (0, 1, 2)
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (done.returncode == 0), done.stderr
