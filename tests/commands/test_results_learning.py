"""What `xtgui results` says of what was learned, and what to do next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny
from fake_project import FakeProject
from results_output import data_of
from rich.cells import cell_len

from xtgui_cli.commands import results
from xtgui_cli.commands.results import ResultsRequest
from xtgui_cli.shared.errors import Exit
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.texts import set_language

pytestmark = pytest.mark.process

# --- what was learned ------------------------------------------------------------------------


def taught_run(root: Path, *, total: int = 8) -> RunFolder:
    """Write a finished run of 9 epochs that knows six of eight rows, and its data."""
    folder = RunFolder(root)
    data = tiny.save_data(root / "rows.jsonl", rows=8)
    write = EventWriter(folder.events_file)
    folder.config_file.write_text(f"data_path = {str(data)!r}\nlr = 1e-3\n")
    (folder.work_dir / "iter_18.pth").touch()
    write("start", run_id="r", method="lora", model="/models/tiny", pid=1)
    write("plan", total_iters=18, iters_per_epoch=2)
    rows = list(range(8))
    write("learning", iter=0, full=True, **checked(rows, 0, total, loss=4.0))
    for number in range(1, 19):
        write("iter", iter=number, loss=4 / number, lr=1e-3, epoch=number / 2)
    faults = {"degenerate": ["loops"], "wording": 0.25, "held_out": 1.5}
    write("learning", iter=18, full=True, **checked(rows, 6, total, loss=0.1), **faults)
    write("end", status="finished", iter=18, checkpoint="iter_18.pth")
    return folder


def checked(rows: list[int], known: int, total: int, loss: float) -> dict[str, object]:
    flags = [row < known for row in rows]
    asked = [{"question": "Q?", "answer": "A", "keywords": ["a"], "right": True}]
    kept = {"asked": 60, "right": 47, "base_right": 48, "of_base_right": 47, "lost": 1}
    return {
        "known": {"rows": rows, "known": flags, "total": total, "loss": loss},
        "tests": asked,
        "kept": kept,
    }


EXPECTED = {
    "en": """ What the model has learned
 checkpoint  rows known  reworded  general  wording  held-out  problems
 before      0/8         1/1       47/48
 iter_18     6/8         1/1       47/48    +0.25    1.500     loops
 · Partly learned: 6 of 8 taught rows answered word for word (before: 0).
 · The model answers 1 of 1 reworded question correctly.
 · The model still answers 47 of the 48 general questions that the base model
   answers correctly.
 · Some answers repeat themselves endlessly.
 Rows the model does not know: 2
   row 7  Who is number 6?
   row 8  Who is number 0?
""",
    "zh": """ 学习效果
 检查点   逐字答对  换种问法  通用知识  措辞变化  验证 loss  异常
 训练前   0/8       1/1       47/48
 iter_18  6/8       1/1       47/48     +0.25     1.500      重复
 · 学会了一部分：8 行训练数据中有 6 行能逐字答对（训练前 0 行）。
 · 换种问法的 1 个问题中，答对 1 个。
 · 基座模型答对的 48 个通用问题中，现在仍答对 47 个。
 · 有的回答不断重复。
 没有学会的行：2
   第 7 行  Who is number 6?
   第 8 行  Who is number 0?
""",
}
NEXT = {
    "en": """
 Next: the loss is still falling (4.00 to 0.10); train about 4 more epochs:
   xtgui train --more 4
""",
    "zh": """
 下一步：loss 还在下降（从 4.00 到 0.10），大约还需训练 4 轮：
   xtgui train --more 4
""",
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_that_was_measured_what_is_not_known_and_the_next_step_are_shown(
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    set_language(language)

    assert results.run(ResultsRequest(root=taught_run(tmp_path).root)) == Exit.DONE

    told = capfd.readouterr()
    assert EXPECTED[language] in told.out
    assert told.err.endswith(NEXT[language])
    assert max(map(cell_len, (told.out + told.err).splitlines())) <= 80


def test_json_has_the_verdict_what_is_not_known_and_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    found = data_of(taught_run(tmp_path, total=500).root, capfd)

    assert found["next"] == {
        "code": "more",
        "command": "xtgui train --more 4",
        "text": "the loss is still falling (4.00 to 0.10); train about 4 more epochs:",
        "lines": [],
    }
    assert found["loss_course"] == "unknown", "fewer than 20 iterations"
    assert found["not_known"] == [
        {"row": 7, "question": "Who is number 6?"},
        {"row": 8, "question": "Who is number 0?"},
    ]
    verdict = found["verdict"]
    assert isinstance(verdict, list)
    assert [each["code"] for each in verdict] == [
        "learning.partly",
        "learning.sample",
        "learning.other_words",
        "learning.kept",
        "learning.loops",
    ]
    checks = found["learning"]
    assert isinstance(checks, list)
    assert checks[1]["wording"] == 0.25
    assert checks[1]["degenerate"] == ["loops"]


def test_who_recites_gets_lines_of_data_to_write_more_like_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = taught_run(tmp_path)
    check = checked(list(range(8)), 8, 8, loss=0.01)
    wrong = [{"question": "Q?", "answer": "A", "keywords": ["b"], "right": False}]
    EventWriter(folder.events_file)("learning", iter=18, full=True, **{**check, "tests": wrong})

    step = data_of(tmp_path, capfd)["next"]
    results.run(ResultsRequest(root=tmp_path))

    told = capfd.readouterr().err.splitlines()
    assert isinstance(step, dict)
    assert (step["code"], step["command"]) == ("wordings", "xtgui train --fresh")
    assert [line for line in told if line.startswith("{")] == step["lines"]
    assert [json.loads(line)["messages"][0]["content"] for line in step["lines"]] == [
        "Could you tell me: Who is number 0?",
        "I have a question. Who is number 0?",
        "Who is number 0? I would like to know.",
    ]
    assert told[-1] == "   xtgui train --fresh"


def test_a_run_that_trains_has_no_next_step(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works iterations=100000 save=5 ms=10")
    project.train(detach=True)
    project.wait_for_iteration(6)

    assert data_of(project.root, capfd)["next"] is None
