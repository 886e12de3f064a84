"""Training as the UI starts it, with the real xtuner on a tiny model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from training_runs import ITERATIONS, NewRun, TrainingRun, read_checkpoint

from xtgui_cli.engine.run_context import RunContext
from xtgui_cli.shared.run_folder import RunFolder

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

METHODS = ("lora", "qlora", "full")
Trained = Callable[[str], TrainingRun]


@pytest.mark.parametrize("method", METHODS)
def test_each_method_trains_and_says_what_it_did(method: str, trained_runs: Trained) -> None:
    run = trained_runs(method)

    names = [event["event"] for event in run.events()]
    start, end = run.events("start")[0], run.events("end")[0]
    losses = run.losses()

    assert names[0] == "start"
    assert (start["method"], start["device"], start["resumed_from"]) == (method, "cpu", None)
    assert list(losses) == list(range(1, ITERATIONS + 1))
    assert (end["status"], end["iter"], end["checkpoint"]) == ("finished", 27, "iter_27.pth")
    assert sum(list(losses.values())[-5:]) < sum(list(losses.values())[:5])


@pytest.mark.parametrize("method", METHODS)
def test_a_stopped_and_resumed_run_is_the_run_that_was_not_stopped(
    method: str, trained_runs: Trained, new_run: NewRun
) -> None:
    """Dropout is on and the stop comes in the middle of an accumulation cycle; equal to the bit."""
    whole, halves = trained_runs(method), new_run(method)

    halves.start()
    code = halves.stop_at(10)
    stopped = halves.events("end")[0]
    halves.train(resume=stopped["checkpoint"])

    assert (code, stopped["status"]) == (130, "stopped")
    assert stopped["iter"] % 8 != 0
    assert halves.losses() == whole.losses()
    ours = read_checkpoint(halves, "iter_27.pth")["state_dict"]
    theirs = read_checkpoint(whole, "iter_27.pth")["state_dict"]
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_processes_that_load_the_data_change_nothing_of_an_exact_resume(
    trained_runs: Trained, new_run: NewRun
) -> None:
    whole, halves = trained_runs("lora"), new_run("lora", dataloader_num_workers=2)

    halves.start()
    code = halves.stop_at(10)
    halves.train(resume=halves.events("end")[0]["checkpoint"])

    assert code == 130
    assert halves.losses() == whole.losses()


@pytest.fixture(scope="module")
def saved_at_20(new_run: NewRun) -> TrainingRun:
    run = new_run("lora", save_steps=20)
    run.train()
    return run


def remove_state(state: Path) -> None:
    """Leave what XtunerGUI would have left."""
    state.unlink()


def empty_state(state: Path) -> None:
    """Leave what a power cut may leave."""
    state.write_bytes(b"")


def flip_bit(state: Path) -> None:
    content = bytearray(state.read_bytes())
    content[len(content) // 2] ^= 1
    state.write_bytes(content)


def take_checkpoint(state: Path) -> None:
    shutil.copy(state.parents[2] / state.name, state)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (remove_state, "resume_not_exact"),
        (empty_state, "resume_state_damaged"),
        (flip_bit, "resume_state_damaged"),
        (take_checkpoint, "resume_state_damaged"),
    ],
)
def test_a_resume_without_an_intact_state_goes_on_and_says_that_it_is_not_exact(
    saved_at_20: TrainingRun, tmp_path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    shutil.copytree(saved_at_20.folder.root, tmp_path / "run")
    run = TrainingRun(saved_at_20.engine, RunFolder(tmp_path / "run"))
    spoil(run.folder.resume_dir / "iter_20.pth")

    events = run.train(resume="iter_20.pth")

    last_start = max(number for number, event in enumerate(events) if event["event"] == "start")
    again = events[last_start:]
    assert again[0]["resumed_from"] == "iter_20.pth"
    assert [event["code"] for event in again if event["event"] == "warning"][:1] == [code]
    assert [event["iter"] for event in again if event["event"] == "iter"] == list(range(21, 28))


def test_a_stop_at_the_last_iteration_is_a_finished_run() -> None:
    context = RunContext(RunFolder(Path()), say=lambda *_: None, iter=27, total_iters=27)  # type: ignore[arg-type]

    context.stop_requested = True

    assert not context.is_cut_short
