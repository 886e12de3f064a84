"""Where a loss has gone: on series of real runs, and at the edges of the rule."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.runs.loss_course import TaughtLoss, loss_course
from xtgui_cli.runs.series import Point, Series

RUNS: dict[str, Any] = json.loads(Path(__file__).with_name("loss_series.json").read_text())["runs"]


def points_of(losses: list[float]) -> list[Point]:
    return [Point(number, loss) for number, loss in enumerate(losses, start=1)]


def kinds(name: str) -> list[str]:
    """Return what is said of a run after each iteration, without repetitions."""
    points, per_epoch = points_of(RUNS[name]["losses"]), RUNS[name]["iters_per_epoch"]
    told = [loss_course(points[:end], per_epoch).kind for end in range(1, len(points) + 1)]
    return [kind for number, kind in enumerate(told) if number == 0 or kind != told[number - 1]]


@pytest.mark.parametrize(
    "name",
    [
        "tiny full 1e-3",
        "tiny lora 5e-3",
        "tiny lora 1e-4, 200 rows",
        "smollm2 lora 8.5e-4",
    ],
)
def test_a_real_run_that_learns_is_never_warned_of(name: str) -> None:
    assert kinds(name) == ["unknown", "falling"]


@pytest.mark.parametrize(
    "name", ["tiny full 1e-7", "tiny full 1e-5", "tiny lora 1e-5", "tiny lora 0.1"]
)
def test_a_real_run_that_learns_nothing_is_flat_after_two_epochs(name: str) -> None:
    per_epoch = RUNS[name]["iters_per_epoch"]
    after_two = points_of(RUNS[name]["losses"][: 2 * per_epoch])

    assert kinds(name) == ["unknown", "flat"]
    assert loss_course(after_two, per_epoch).kind == "flat"


@pytest.mark.parametrize("name", ["tiny full 1", "tiny full 1, 200 rows"])
def test_a_real_run_at_a_rate_of_1_is_warned_of_at_the_20th_iteration(name: str) -> None:
    course = loss_course(points_of(RUNS[name]["losses"][:20]), RUNS[name]["iters_per_epoch"])

    assert course.kind == "rising"
    assert course.first is not None
    assert course.now is not None
    assert course.first < 7 < 17 < course.now


def test_a_loss_that_rises_from_5_to_30_is_rising() -> None:
    course = loss_course(points_of([5.0] * 10 + [30.0] * 10))

    assert (course.kind, course.first, course.now) == ("rising", 5.0, 30.0)
    assert course.is_bad


def test_noise_alone_is_no_rise() -> None:
    noisy = [0.3, 3.9] * 5 + [3.9, 0.9] * 5

    assert loss_course(points_of(noisy)).kind == "unknown"


def test_ten_iterations_without_a_number_have_diverged_and_one_has_not() -> None:
    fine = [2.0 - number / 20 for number in range(20)]

    assert loss_course(points_of([*fine, math.nan])).kind == "falling"
    assert loss_course(points_of([*fine, *[math.nan] * 10])).kind == "diverged"
    assert loss_course(points_of([math.nan] * 10)).kind == "diverged"
    assert loss_course(points_of([math.nan] * 3)).kind == "unknown"


def test_a_rise_on_the_taught_rows_counts_however_few_the_iterations_are() -> None:
    course = loss_course(points_of([3.9, 6.0, 6.1]), taught=TaughtLoss(3.9, 6.0))

    assert (course.kind, course.first, course.now) == ("rising", 3.9, 6.0)
    assert loss_course(points_of([3.9, 3.8, 3.7]), taught=TaughtLoss(3.9, 3.8)).kind == "unknown"


def test_a_loss_far_above_that_of_the_base_is_rising_though_it_falls_again() -> None:
    """SmolLM2-135M at a rate of 1: the base's loss is 3.9, and the first iterations blew up."""
    run = RUNS["smollm2 lora 1"]
    points = points_of(run["losses"])

    course = loss_course(points, run["iters_per_epoch"], TaughtLoss(3.857))

    assert (course.kind, course.first) == ("rising", 3.857)
    assert loss_course(points, run["iters_per_epoch"]).kind == "falling"


def test_a_loss_with_nothing_left_to_learn_need_not_fall() -> None:
    assert loss_course(points_of([0.05] * 100), iters_per_epoch=25).kind == "unknown"


def test_one_epoch_of_many_rows_that_falls_slowly_is_not_flat() -> None:
    slow = [1.4 - 0.3 * min(1.0, number / 400) for number in range(1200)]

    assert loss_course(points_of(slow), iters_per_epoch=400).kind == "falling"


@pytest.mark.parametrize(("lr", "kind"), [(1e-5, "flat"), (1e-3, "falling")])
def test_the_rule_holds_for_means_of_neighbours_too(lr: float, kind: str) -> None:
    run = RUNS[f"tiny full {lr:.0e}".replace("e-0", "e-")]
    series = Series(limit=20)
    for number, loss in enumerate(run["losses"], start=1):
        series.put(number, loss)

    assert loss_course(series.points(), run["iters_per_epoch"]).kind == kind


def test_without_any_iteration_nothing_is_known() -> None:
    course = loss_course([])

    assert (course.kind, course.in_short) == ("unknown", {"first": "?", "now": "?"})
    assert not course.is_bad
