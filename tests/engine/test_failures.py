"""What can go wrong in a run, and the code that tells the user why."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
import torch
from training_runs import ITERATIONS, NewRun, TrainingRun

from xtgui_cli.engine.faults import LossNotFiniteError
from xtgui_cli.engine.hook_progress import NOT_FINITE_IN_A_ROW, ProgressHook
from xtgui_cli.engine.run_context import RunContext
from xtgui_cli.shared.events import EventReader, EventWriter
from xtgui_cli.shared.run_folder import RunFolder, list_checkpoints

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_a_config_that_is_not_python_is_a_broken_config(new_run: NewRun) -> None:
    run = new_run("lora")
    run.folder.config_file.write_text("lr = = 1\n", "utf-8")

    end = run.fail()

    assert (end["status"], end["code"]) == ("failed", "config_broken")
    assert end["data"]["reason"].startswith("SyntaxError")


def test_a_model_that_is_gone_is_named(new_run: NewRun, tmp_path: Path) -> None:
    run = new_run("lora", pretrained_model_name_or_path=str(tmp_path / "gone"))

    assert run.fail()["code"] == "model_missing"


@pytest.mark.parametrize("pack_to_max_length", [True, False])
def test_data_without_an_answer_to_learn_is_empty(
    pack_to_max_length: bool, new_run: NewRun, tmp_path: Path
) -> None:
    """The prompt alone is longer than max_length, so that xtuner drops every row."""
    rows = tmp_path / "rows.jsonl"
    question = {"role": "user", "content": "Who is number 3? " * 50}
    answer = {"role": "assistant", "content": "Anna."}
    rows.write_text(json.dumps({"messages": [question, answer]}) + "\n", "utf-8")
    run = new_run("lora", data_path=str(rows), pack_to_max_length=pack_to_max_length)

    assert run.fail()["code"] == "data_empty"


def test_a_tokenizer_without_bos_trains(new_run: NewRun, tiny_model: Path, tmp_path: Path) -> None:
    """xtuner alone adds None to a list."""
    model = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    settings = json.loads((model / "tokenizer_config.json").read_text("utf-8"))
    del settings["bos_token"]
    (model / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    run = new_run("lora", pretrained_model_name_or_path=str(model))

    assert run.train()[-1]["status"] == "finished"


def test_a_chat_template_that_never_ends_keeps_nobody_from_training(
    new_run: NewRun, tiny_model: Path, tmp_path: Path
) -> None:
    model = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    forever = "{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}"
    (model / "chat_template.jinja").write_text(tiny.CHATML + forever, "utf-8")
    run = new_run("lora", pretrained_model_name_or_path=str(model))

    assert run.train()[-1]["status"] == "finished"
    assert run.events("evaluation")


def test_our_own_code_makes_no_library_warn(trained_runs: Callable[[str], TrainingRun]) -> None:
    log = trained_runs("lora").log()

    warned = [line for line in log.splitlines() if "Warning" in line and "xtgui_cli" in line]
    assert warned == []


NAN = float("nan")


class Runner:
    """As much of a runner as watching a loss needs."""

    def __init__(self, *, weight: float = 1.0, **cfg: bool) -> None:
        self.model = torch.nn.Linear(1, 1)
        torch.nn.init.constant_(self.model.weight, weight)
        self.cfg = cfg


def watch(context: RunContext, losses: list[float], runner: Runner) -> int:
    """Show a hook some losses, and give how many it has taken."""
    hook = ProgressHook(context)
    for number, loss in enumerate(losses):
        try:
            hook._watch(runner, loss)
        except LossNotFiniteError:
            return number + 1
    return len(losses)


@pytest.fixture
def context(tmp_path: Path) -> RunContext:
    folder = RunFolder(tmp_path)
    return RunContext(folder, EventWriter(folder.events_file))


@pytest.mark.parametrize(
    ("losses", "weight", "taken"),
    [
        ([1.0, *[NAN] * 20], 1.0, 1 + NOT_FINITE_IN_A_ROW),
        ([1.0, *[NAN] * 20], NAN, 2),
        ([1.0, *[NAN] * 9, 1.0, *[NAN] * 9], 1.0, 20),
    ],
)
def test_a_run_whose_loss_stays_nan_is_stopped(
    losses: list[float], weight: float, taken: int, context: RunContext
) -> None:
    assert watch(context, losses, Runner(weight=weight)) == taken
    assert context.code_of_nan == "loss_not_finite"


def test_one_that_may_go_on_is_warned_of_once(context: RunContext) -> None:
    assert watch(context, [1.0, *[NAN] * 20], Runner(stop_on_nan=False)) == 21

    events = list(EventReader(context.folder.events_file)())
    assert [event["code"] for event in events] == ["loss_not_finite"]


def test_a_loss_that_never_was_a_number_is_not_called_diverged(context: RunContext) -> None:
    watch(context, [NAN] * 20, Runner())

    assert context.code_of_nan == "loss_never_finite"


def test_weights_that_are_no_numbers_replace_no_checkpoint(new_run: NewRun) -> None:
    """At a learning rate beyond all measure, without clipping."""
    values = {"lr": 1e30, "max_norm": 1e9, "accumulative_counts": 1}
    run = new_run(
        "full", save_steps=1, save_total_limit=2, evaluation_inputs=[], **values, stop_on_nan=False
    )

    run.train()

    losses = run.losses()
    first_nan = min(number for number, loss in losses.items() if not math.isfinite(float(loss)))
    left = [item.iter for item in list_checkpoints(run.folder.work_dir)]
    codes = [event["code"] for event in run.events("warning")]
    assert first_nan < ITERATIONS
    assert left
    assert max(left) < first_nan
    assert codes.count("not_saved") == codes.count("loss_not_finite") == 1
