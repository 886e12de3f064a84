"""`xtgui results`: curves over all starts, and answers across checkpoints."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from fake_project import FakeProject
from results_output import data_of, shown
from rich.cells import cell_len

from xtgui_cli.commands import results
from xtgui_cli.commands.results import ResultsRequest
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder


def test_curves_numbers_and_answers_are_shown(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works")
    project.train()

    screen = shown(project.root, capfd)

    assert "my-assistant · lora · tiny-llama · finished" in screen
    assert "loss (mean of 10)" in screen
    assert "learning rate" in screen
    assert "lowest 0.568 at iter 30" in screen
    assert "iter_10.pth, iter_20.pth, iter_30.pth" in screen
    assert max(map(cell_len, screen.splitlines())) <= 80


def test_answers_stand_question_by_question_across_checkpoints(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works iterations=20")
    project.train()

    lines = shown(project.root, capfd).splitlines()

    at = lines.index(" Q 你是谁？")
    assert [line.split()[0] for line in lines[at + 1 : at + 4]] == ["before", "iter_10", "iter_20"]


def test_one_checkpoint_shows_its_answers_in_full(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works")
    project.train()

    screen = shown(project.root, capfd, "iter_20")

    assert "Answer 20" in screen
    assert "Answer 10" not in screen


def test_a_checkpoint_without_answers_is_named_with_those_that_have_some(
    project: FakeProject,
) -> None:
    project.behave("works")
    project.train()

    with pytest.raises(XtguiError) as caught:
        results.run(ResultsRequest(root=project.root, checkpoint="iter_7"))

    assert (caught.value.code, caught.value.exit) == ("results.no_answers_at", Exit.ANSWERS)
    assert caught.value.data["there"] == "iter_0, iter_10, iter_20, iter_30"


def test_curves_join_all_starts_of_the_run(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("fails at=25")
    project.train()
    project.behave("works")
    project.train(resume="iter_10.pth")

    found = data_of(project.root, capfd)

    curves = found["curves"]
    assert [iteration for iteration, _ in curves["loss"]] == list(range(1, 31))
    starts = found["starts"]
    assert isinstance(starts, list)
    assert [start["resumed_from"] for start in starts] == [None, "iter_10.pth"]


def test_a_diverged_run_is_json_that_any_reader_takes(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("diverges at=1")
    project.train()

    found = data_of(project.root, capfd)

    assert found["loss"] == dict.fromkeys(("first", "last", "lowest", "lowest_iteration"))
    assert "diverged" in shown(project.root, capfd)


def test_nothing_trained_is_said(project: FakeProject) -> None:
    with pytest.raises(XtguiError) as caught:
        results.run(ResultsRequest(root=project.root))

    assert (caught.value.code, caught.value.exit) == ("results.nothing_here", Exit.ANSWERS)


@pytest.mark.parametrize(
    ("before", "after", "is_warned"),
    [
        (("a", "b"), ("x", "x"), True),
        (("a", "b"), ("x", "y"), False),
        (("a", "a"), ("x", "x"), False),
    ],
)
def test_one_answer_to_every_question_is_pointed_out(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    before: tuple[str, str],
    after: tuple[str, str],
    is_warned: bool,
) -> None:
    say = EventWriter(RunFolder(tmp_path).events_file)
    say("start", run_id="r", pid=1, resumed_from=None)
    for iteration, answers in ((0, before), (10, after)):
        asked = zip(("One?", "Two?"), answers, strict=True)
        say("evaluation", iter=iteration, answers=[{"question": q, "answer": a} for q, a in asked])

    screen = shown(tmp_path, capfd)

    assert ("all questions get the same answer" in screen) == is_warned


# --- a folder that XtunerGUI made ---------------------------------------------------------------


def write_start(work_dir: Path, name: str, rows: list[dict[str, object]]) -> Path:
    vis_data = work_dir / name / "vis_data"
    vis_data.mkdir(parents=True)
    lines = [json.dumps(row) for row in rows]
    (vis_data / "scalars.json").write_text("\n".join(lines) + "\n")
    return vis_data


def row(iteration: int, loss: float) -> dict[str, object]:
    return {"lr": 1e-4, "loss": loss, "time": 0.5, "iter": iteration, "memory": 2048}


def test_xtuners_own_logs_are_read_over_all_its_folders(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path)
    folder.work_dir.mkdir()
    folder.config_file.write_text(
        "evaluation_inputs = ['Who are you?']\nprompt_template = PROMPT_TEMPLATE.qwen_chat\n"
        "pretrained_model_name_or_path = '/models/tiny'\n"
    )
    first = write_start(
        folder.work_dir, "20240131_145313", [row(10, 2.0), row(20, math.nan), row(30, 1.0)]
    )
    write_start(folder.work_dir, "20240201_080000", [row(30, 0.9), row(40, 0.5)])
    (first / "eval_outputs_iter_19.txt").write_text(
        "Eval output 1:\n<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n"
        "I am a test.<|im_end|>\n\n\n"
    )

    found = data_of(tmp_path, capfd)

    curves = found["curves"]
    assert curves["loss"] == [[10, 2.0], [20, "nan"], [30, 0.9], [40, 0.5]]
    assert found["evaluations"] == [
        {"iteration": 20, "answers": [{"question": "Who are you?", "answer": "I am a test."}]}
    ]
    assert found["model"] == "/models/tiny"


def test_a_later_start_from_the_beginning_is_another_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path)
    folder.work_dir.mkdir()
    write_start(folder.work_dir, "20240131_145313", [row(10, 2.0), row(20, 1.5)])
    write_start(folder.work_dir, "20240201_080000", [row(10, 3.0)])

    curves = data_of(tmp_path, capfd)["curves"]

    assert curves["loss"] == [[10, 3.0]]


def checked_run(root: Path) -> RunFolder:
    """Write the events of a run whose checks measured the loss on held-out rows."""
    folder = RunFolder(root)
    write = EventWriter(folder.events_file)
    write("start", run_id="run-1", method="lora", model="/models/tiny", pid=1)
    write("learning", iter=0, held_out=3.5)
    for number in range(1, 31):
        write("iter", iter=number, loss=3 / number, lr=1e-4, epoch=1.0)
    write("learning", iter=20, held_out=1.25)
    write("learning", iter=30, held_out=math.nan)
    return folder


def test_the_held_out_loss_is_drawn_into_the_curve(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = shown(checked_run(tmp_path).root, capfd).splitlines()

    at = lines.index("  loss (mean of 10)   o held-out loss")
    curve = [line[6:] for line in lines[at + 1 : at + 7]]
    assert curve[0].startswith("o···")
    assert "".join(curve).count("o") == 2
    assert max(map(cell_len, lines)) <= 80


def test_without_held_out_rows_nothing_speaks_of_them(
    project: FakeProject, capfd: pytest.CaptureFixture[str]
) -> None:
    project.behave("works")
    project.train()

    assert "held-out" not in shown(project.root, capfd)
    assert data_of(project.root, capfd)["curves"]["held_out"] == []


def test_json_has_the_held_out_loss_of_every_check(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    curves = data_of(checked_run(tmp_path).root, capfd)["curves"]

    assert curves["held_out"][:2] == [[0, 3.5], [20, 1.25]]


@pytest.mark.parametrize("checkpoint", [None, "iter_10"])
def test_a_word_wider_than_its_column_stays_in_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], checkpoint: str | None
) -> None:
    write = EventWriter(RunFolder(tmp_path).events_file)
    write("start", run_id="r", pid=1, resumed_from=None)
    write("iter", iter=10, loss=1.0, lr=1e-4)
    answers = [{"question": "?" * 100, "answer": "say 墨" + "0" * 700 + " and\ufffd"}]
    write("evaluation", iter=10, answers=answers)

    lines = shown(tmp_path, capfd, checkpoint).splitlines()

    zeros = [line for line in lines if "00000" in line]
    assert len(zeros) > 1
    assert all(line.startswith(" " * 3) for line in zeros)
    assert max(map(cell_len, lines)) <= 80
    assert not any(line.strip() == "…" or "\ufffd" in line for line in lines)
