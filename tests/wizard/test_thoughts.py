"""Answers with thoughts of their own under a template that writes an empty thinking block."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from xtgui_cli.cli import entry
from xtgui_cli.shared.errors import Exit

pytestmark = pytest.mark.usefixtures("only_the_wizard")

THINKS = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}"
    "{% if m.role == 'assistant' and loop.last %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}"
    "{{ m.content + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}"
    "{% if enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}{% endif %}"
)


@pytest.fixture
def model(tiny_model: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "thinks"))
    file = folder / "tokenizer_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "chat_template": THINKS}))
    return folder


def init(
    tmp_path: Path, model: Path, answer: str, capsys: pytest.CaptureFixture[str], *sets: str
) -> str:
    data = tmp_path / "rows.jsonl"
    row = {"messages": [{"role": "user", "content": "Who?"}]}
    row["messages"].append({"role": "assistant", "content": answer})
    data.write_text(json.dumps(row) + "\n")
    chosen = (f"model.path={model}", f"data.path={data}", *sets)
    flags = [flag for each in chosen for flag in ("--set", each)]
    code = entry.main(["init", "--root", str(tmp_path / "p"), "--yes", "--no-train", *flags])
    said = " ".join(capsys.readouterr().err.split())
    assert code == Exit.DONE, said
    return said


def test_it_is_said_that_the_thoughts_would_come_after_the_empty_block(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = init(tmp_path, model, "<think>\nHm.\n</think>\n\nI.", capsys)

    assert "1 answer begins with thoughts (<think>)," in said
    assert "--set model.prompt_template=qwen_chat" in said


@pytest.mark.parametrize(
    ("answer", "sets"),
    [("I.", ()), ("<think>\nHm.\n</think>\n\nI.", ("model.prompt_template=qwen_chat",))],
    ids=["no thoughts", "no block"],
)
def test_nothing_is_said_without_thoughts_or_without_the_block(
    tmp_path: Path,
    model: Path,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    sets: tuple[str, ...],
) -> None:
    assert "<think>" not in init(tmp_path, model, answer, capsys, *sets)
