"""Events become what a screen shows, over all starts of a run."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

from xtgui_cli.runs.progress import Progress, fold, trend
from xtgui_cli.shared.errors import Notice
from xtgui_cli.shared.events import Event


def start(run_id: str = "a", resumed_from: str | None = None, at: float = 0.0) -> Event:
    return {"event": "start", "at": at, "run_id": run_id, "pid": 7, "resumed_from": resumed_from}


def plan(total: int) -> Event:
    return {"event": "plan", "at": 0.0, "total_iters": total, "max_epochs": 3}


def iteration(number: int, loss: float = 1.0, at: float | None = None, **more: Any) -> Event:
    when = float(number) if at is None else at
    return {"event": "iter", "at": when, "iter": number, "loss": loss, "lr": 1e-4, **more}


def test_an_empty_run_has_a_snapshot() -> None:
    snapshot = fold([])

    assert snapshot.run_id is None
    assert snapshot.losses == ()


def test_the_loss_is_the_mean_of_the_last_ten_iterations() -> None:
    events = [start(), *(iteration(number, float(number)) for number in range(1, 21))]

    snapshot = fold(events)

    assert snapshot.loss == pytest.approx(15.5)
    assert snapshot.iteration == 20


def test_a_diverged_loss_is_shown_as_it_is_and_leaves_a_gap() -> None:
    events = [start(), iteration(1, 2.0), iteration(2, math.nan)]

    snapshot = fold(events)

    assert snapshot.loss is not None
    assert math.isnan(snapshot.loss)
    assert [math.isnan(point.value) for point in snapshot.losses] == [False, True]


def test_a_resumed_start_replaces_the_iterations_after_its_checkpoint() -> None:
    first = [start(), *(iteration(number, 1.0) for number in range(1, 16))]
    second = [start(resumed_from="iter_10.pth", at=100), iteration(11, 5.0), iteration(12, 5.0)]

    snapshot = fold([*first, *second])

    values = {point.iteration: point.value for point in snapshot.losses}
    assert values == dict.fromkeys(range(1, 11), 1.0) | {11: 5.0, 12: 5.0}
    assert len(snapshot.launches) == 2


def test_a_start_that_resumes_begins_where_its_checkpoint_is() -> None:
    events = [start(), *(iteration(number) for number in range(1, 16))]

    snapshot = fold([*events, start(resumed_from="iter_10.pth")])

    assert snapshot.iteration == 10


def test_another_run_forgets_the_one_before() -> None:
    snapshot = fold([start("a"), iteration(1), iteration(2), start("b"), iteration(1, 3.0)])

    assert snapshot.run_id == "b"
    assert [point.value for point in snapshot.losses] == [3.0]
    assert len(snapshot.launches) == 1


def test_answers_after_the_checkpoint_of_a_resume_are_forgotten() -> None:
    progress = Progress()
    answers = [{"question": "Q", "answer": "A"}]
    progress.add_all([start(), {"event": "evaluation", "at": 1, "iter": 10, "answers": answers}])
    progress.add({"event": "evaluation", "at": 2, "iter": 20, "answers": answers})

    progress.add(start(resumed_from="iter_10.pth"))

    assert list(progress.evaluations) == [10]


def test_a_plan_that_changes_in_mid_run_moves_the_end() -> None:
    events = [start(), plan(200), *(iteration(number) for number in range(1, 101))]
    early = {"total_iters": 150, "planned_iters": 200, "ends_early": "learned", "max_epochs": 2.25}

    before, after = fold(events), fold([*events, {"event": "plan", "at": 100.0, **early}])

    assert (before.total, before.planned_total, before.ends_early) == (200, 200, "")
    assert (after.total, after.planned_total, after.ends_early) == (150, 200, "learned")
    assert after.max_epochs == 2.25
    assert before.left_s == pytest.approx(100.0)
    assert after.left_s == pytest.approx(50.0)


def test_checks_between_checkpoints_are_told_apart_and_forgotten_by_a_resume() -> None:
    found = [
        {"event": name, "at": 0.0, "iter": at, "known": {"rows": [0], "known": [True]}}
        for name, at in (("learning", 0), ("recall", 10), ("learning", 20), ("recall", 20))
    ]
    progress = Progress()
    progress.add_all([start(), *found])
    before = progress.snapshot()

    progress.add(start(resumed_from="iter_10.pth"))

    assert [check.iter for check in before.learnings] == [0, 20]
    assert [check.iter for check in before.recalls] == [10, 20]
    assert before.checks == (*before.learnings[:1], before.recalls[0], before.learnings[1])
    assert [check.iter for check in progress.snapshot().checks] == [0, 10]


@pytest.mark.parametrize(
    ("asked", "total", "is_told"), [(4, 24, False), (16, 24, True), (3, 3, True)]
)
def test_a_check_that_stopped_after_a_few_rows_is_not_told(
    asked: int, total: int, *, is_told: bool
) -> None:
    known = {"rows": list(range(asked)), "known": [False] * asked, "total": total}

    snapshot = fold([start(), {"event": "recall", "at": 0.0, "iter": 10, "known": known}])

    assert len(snapshot.recalls) == 1
    assert bool(snapshot.checks) is is_told


def test_one_slow_iteration_does_not_change_the_time_that_is_left() -> None:
    times = [float(number) for number in range(1, 11)]
    times += [40.0 + number for number in range(1, 11)]
    events = [start(), plan(120)]
    events += [iteration(number + 1, at=at) for number, at in enumerate(times)]

    snapshot = fold(events)

    assert snapshot.iteration_s == pytest.approx(1.0)
    assert snapshot.left_s == pytest.approx(100.0)


def test_the_time_that_is_left_counts_pauses_for_saving_in() -> None:
    events: list[Event] = [start(), plan(200)]
    now = 0.0
    for number in range(1, 101):
        now += 1.0 if number % 10 != 1 or number == 1 else 11.0
        events.append(iteration(number, at=now, time_s=1.0))
        if number % 10 == 0:
            saved = {"event": "checkpoint", "at": now + 10, "iter": number, "file": "f", "bytes": 1}
            events.append(saved)

    left_s = fold(events).left_s

    assert left_s == pytest.approx(190, rel=0.05)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2.0, 1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3], "falling"),
        ([1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0], "rising"),
        ([1.0, 2.0, 1.1, 1.9, 1.0, 2.0, 1.1, 1.9], "level"),
        ([1.0, 1.0], "unknown"),
        ([math.nan] * 10, "unknown"),
    ],
)
def test_the_trend_looks_through_noise(values: list[float], expected: str) -> None:
    assert trend(values) == expected


def test_the_states_of_a_run() -> None:
    running = [start(), iteration(1)]
    stopping = [*running, {"event": "stopping", "at": 2.0}]
    ended = {"event": "end", "at": 3.0, "status": "stopped", "iter": 1, "checkpoint": "iter_1.pth"}

    assert fold(running).state(is_alive=True) == "running"
    assert fold(running).state(is_alive=False) == "died"
    assert fold(stopping).state(is_alive=True) == "stopping"
    assert fold([*stopping, ended]).state(is_alive=False) == "stopped"


def test_events_that_nobody_knows_or_that_are_broken_change_nothing() -> None:
    good = [start(), iteration(1)]
    broken: list[Event] = [
        {"event": "iter"},
        {"event": "news"},
        {"event": "checkpoint", "at": "noon"},
        {"event": "plan", "total_iters": None},
        {"event": "evaluation", "answers": 3},
    ]

    assert fold([*good, *broken]) == fold(good)


def test_a_hundred_thousand_events_are_folded_in_bounded_memory() -> None:
    progress = Progress()
    progress.add(start())
    begin = time.process_time()

    for number in range(1, 100_001):
        progress.add(iteration(number))

    snapshot = progress.snapshot()
    assert len(snapshot.losses) <= 1024
    assert snapshot.losses[-1].iteration == 100_000
    assert time.process_time() - begin < 10  # 0.4 s where it was made; a cost that grows: minutes


def test_what_the_engine_does_not_say_of_a_fault_is_left_open() -> None:
    fault = {"event": "end", "at": 3.0, "status": "failed", "code": "config_broken", "data": None}
    strange = fault | {"code": "of_another_version", "data": {"reason": "why"}}

    ends = [fold([start(), event]).end for event in (fault, strange)]

    assert [end and end.notice for end in ends] == [
        Notice("faults.config_broken", {"reason": "?"}),
        Notice("faults.unknown", {"reason": "why"}),
    ]


def test_an_iteration_after_an_end_belongs_to_another_start() -> None:
    ended = {"event": "end", "at": 3.0, "status": "stopped", "iter": 1}

    snapshot = fold([start(), iteration(1), ended, iteration(2)])

    assert snapshot.state(is_alive=False) == "died"
