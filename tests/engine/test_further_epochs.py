"""`xtgui train --more`, with the real xtuner on a tiny model: the schedule starts over."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from mmengine.optim import OptimWrapper
from training_runs import ITERATIONS, NewRun, TrainingRun, copy_of, last_start, rates, train_further

from xtgui_cli.engine.hook_schedule import build_schedulers
from xtgui_cli.planning.plan_steps import lr_factor
from xtgui_cli.shared.events import Event
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.shared.schedule_restarts import ScheduleRestart, read_restarts

pytestmark = [
    pytest.mark.engine,
    pytest.mark.xdist_group("engine"),
    pytest.mark.filterwarnings("ignore:Detected call of:UserWarning"),
]

LR, WARMUP = 5e-3, 5
VALUES: dict[str, Any] = {
    "lr": LR,
    "warmup_ratio": 0.2,
    "warmup_iters": WARMUP,
    "accumulative_counts": 2,
}


def wrapper_of(*rates: float) -> Any:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in rates]
    return OptimWrapper(torch.optim.SGD(groups, lr=rates[0]))


def rates_of(restart: ScheduleRestart, wrapper: Any) -> list[float]:
    """Return the learning rate of each iteration of a restart, stepped as mmengine's hook does."""
    schedulers, rates = build_schedulers(restart, wrapper, restart.begin), []
    for _ in range(restart.begin, restart.end):
        rates.append(wrapper.param_groups[0]["lr"])
        for scheduler in schedulers:
            scheduler.step()
    return rates


@pytest.mark.parametrize("warmup", [0, 2, 5])
def test_the_rate_warms_up_and_falls_as_in_a_run_of_its_own(warmup: int) -> None:
    restart = ScheduleRestart(begin=27, end=54, warmup_iters=warmup, lr=LR)

    wrapper = wrapper_of(LR)
    wrapper.param_groups[0].update(lr=0.0, initial_lr=LR)  # as at the end of a run

    rates = rates_of(restart, wrapper)

    expected = [LR * lr_factor(number, warmup, 27) for number in range(27)]
    assert rates == pytest.approx(expected, rel=1e-9)


def test_a_resume_within_it_has_the_rates_of_one_that_was_not_stopped() -> None:
    restart = ScheduleRestart(begin=27, end=54, warmup_iters=5, lr=LR)
    whole = rates_of(restart, wrapper_of(LR))

    resumed = []
    for done in range(27, 54):
        wrapper = wrapper_of(LR)
        build_schedulers(restart, wrapper, done)
        resumed.append(wrapper.param_groups[0]["lr"])

    assert resumed == whole


def test_groups_keep_their_proportions() -> None:
    wrapper = wrapper_of(4e-4, 1e-4)

    build_schedulers(ScheduleRestart(begin=5, end=9, warmup_iters=0, lr=2e-4), wrapper, 5)

    assert [group["lr"] for group in wrapper.optimizer.param_groups] == [2e-4, 5e-5]


def test_one_last_iteration_has_a_schedule() -> None:
    restart = ScheduleRestart(begin=5, end=6, warmup_iters=0, lr=LR)

    assert rates_of(restart, wrapper_of(LR)) == [LR]


# --- whole runs ------------------------------------------------------------------------------


def stop_further(run: TrainingRun, iteration: int) -> Event:
    """Train further, stop once an iteration has been done, and give the end event."""
    checkpoint = train_further(run)
    run.folder.events_file.unlink()  # the end of the run before is not waited for
    run.start(checkpoint)
    assert run.stop_at(iteration) == 130, run.log()
    return run.events("end")[-1]


@pytest.fixture(scope="module")
def finished(new_run: NewRun) -> TrainingRun:
    run = new_run("lora", **VALUES)
    run.train()
    return run


@pytest.fixture(scope="module")
def continued(finished: TrainingRun, tmp_path_factory: pytest.TempPathFactory) -> TrainingRun:
    """A run of one epoch, finished, and one more epoch."""
    run = copy_of(finished, RunFolder(tmp_path_factory.mktemp("more") / "run"))
    run.train(resume=train_further(run))
    return run


def test_the_iterations_go_on_and_the_rate_starts_over(continued: TrainingRun) -> None:
    events = last_start(continued)

    iterations = [event for event in events if event["event"] == "iter"]
    plan = next(event for event in events if event["event"] == "plan")
    assert events[0]["resumed_from"] == "iter_27.pth"
    assert [event["iter"] for event in iterations] == list(range(28, 55))
    assert (plan["total_iters"], plan["warmup_iters"], plan["max_epochs"]) == (54, WARMUP, 2)
    expected = [LR * lr_factor(number, WARMUP, ITERATIONS) for number in range(ITERATIONS)]
    assert [event["lr"] for event in iterations] == pytest.approx(expected, rel=1e-6)
    assert iterations[0]["lr"] < 1e-4 * LR
    assert max(event["lr"] for event in iterations) == pytest.approx(LR)
    assert iterations[-1]["lr"] < 0.02 * LR
    assert not [event for event in events if event["event"] == "warning"]
    assert events[-1]["checkpoint"] == "iter_54.pth"


def test_the_loss_goes_on_from_where_it_was(continued: TrainingRun) -> None:
    losses = list(continued.losses().values())

    before, after, start = losses[ITERATIONS - 5 : ITERATIONS], losses[-5:], losses[:5]
    assert sum(losses[ITERATIONS : ITERATIONS + 5]) < sum(start)
    assert sum(after) < sum(before)


@pytest.mark.parametrize("iteration", [29, 40])
def test_a_stop_and_a_resume_within_it_change_nothing(
    finished: TrainingRun,
    continued: TrainingRun,
    tmp_path_factory: pytest.TempPathFactory,
    iteration: int,
) -> None:
    """Stopped in the warm-up or after it; equal to the bit."""
    halves = copy_of(finished, RunFolder(tmp_path_factory.mktemp("halves") / "run"))

    stopped = stop_further(halves, iteration)
    halves.train(resume=stopped["checkpoint"])

    further = range(ITERATIONS + 1, 2 * ITERATIONS + 1)
    assert iteration <= stopped["iter"] < 2 * ITERATIONS
    assert halves.losses() == {number: continued.losses()[number] for number in further}
    assert rates(halves) == {number: rates(continued)[number] for number in further}


def test_a_resume_from_before_it_starts_over_at_the_same_iteration(
    new_run: NewRun, continued: TrainingRun
) -> None:
    """The losses after it differ a little: iteration 27 no longer ends an accumulation cycle."""
    run = new_run("lora", **VALUES, save_steps=20)
    run.train()
    train_further(run)

    run.train(resume="iter_20.pth")

    done = range(1, ITERATIONS + 1)
    assert [run.losses()[n] for n in done] == [continued.losses()[n] for n in done]
    assert rates(run) == rates(continued)


def test_epochs_can_be_added_twice_and_in_the_middle_of_one(
    continued: TrainingRun, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = copy_of(continued, RunFolder(tmp_path_factory.mktemp("twice") / "run"))
    stopped = stop_further(run, 60)["iter"]

    run.train(resume=train_further(run))

    begun = [restart.begin for restart in read_restarts(run.folder.schedule_restarts_file)]
    iterations = [event for event in last_start(run) if event["event"] == "iter"]
    assert begun == [27, 54, stopped]
    assert iterations[-1]["iter"] == 4 * ITERATIONS
    assert iterations[0]["lr"] < 1e-4 * LR
    assert max(event["lr"] for event in iterations) == pytest.approx(LR)
    assert iterations[-1]["lr"] < 0.02 * LR


def test_a_run_from_scratch_forgets_the_restarts_of_another(new_run: NewRun) -> None:
    run = new_run("lora", **VALUES)
    write = run.folder.schedule_restarts_file
    write.parent.mkdir(parents=True, exist_ok=True)
    write.write_text('[{"begin": 5, "end": 27, "warmup_iters": 0, "lr": 1.0}]')

    run.train()

    assert not write.exists()
    assert max(rates(run).values()) == pytest.approx(LR)
