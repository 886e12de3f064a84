"""What is said of a run follows from its checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from xtgui_cli.runs.loss_course import LossCourse
from xtgui_cli.runs.verdict import is_measurable, judge, sample_interval
from xtgui_cli.shared import learning
from xtgui_cli.shared.learning import Kept, KnownRows, Learning

BASE_KEPT = Kept(asked=60, right=48, base_right=48, of_base_right=48)


def check(iteration: int, known: int, of: int = 24, **found: Any) -> Learning:
    rows = KnownRows(tuple(range(of)), tuple(row < known for row in range(of)), total=of)
    return replace(Learning(iteration, full=True, known=rows), **found)


def answers(right: int, of: int) -> tuple[learning.TestAnswer, ...]:
    return tuple(learning.TestAnswer("Q?", "A", ("a",), right=n < right) for n in range(of))


def codes(*checks: Learning) -> list[str]:
    return [notice.code.removeprefix("learning.") for notice in judge(checks)]


def test_without_a_check_after_the_start_nothing_is_said() -> None:
    assert judge([]) == []
    assert judge([check(0, 1)]) == []


@pytest.mark.parametrize(
    ("known", "code"), [(24, "learned"), (23, "learned"), (20, "partly"), (3, "hardly")]
)
def test_how_much_was_learned_is_said_by_the_rows_that_are_known(known: int, code: str) -> None:
    (notice,) = judge([check(0, 1), check(90, known)])

    assert notice.code == f"learning.{code}"
    assert notice.data == {"known": known, "asked": 24, "before": 1}


def test_what_was_known_before_is_said_of_the_rows_that_are_asked_now() -> None:
    before = check(0, 0)
    before = replace(before, known=KnownRows((0, 1, 2, 3), (True, False, True, True), total=4))
    now = replace(check(90, 0), known=KnownRows((0, 1), (True, True), total=4))

    notice, *_ = judge([before, now])

    assert notice.data == {"known": 2, "asked": 2, "before": 1}


def sampled(known: int, asked: int, total: int) -> list[Learning]:
    rows = KnownRows(tuple(range(asked)), tuple(row < known for row in range(asked)), total)
    return [check(0, 0), replace(check(90, 0), known=rows)]


def test_what_a_sample_says_of_all_rows_is_said_with_its_interval() -> None:
    _, notice = judge(sampled(60, 64, 500))

    assert notice.code == "learning.sample_interval"
    assert notice.data == {"asked": 64, "total": 500, "low": 85, "high": 98}


def test_of_fewer_than_twenty_rows_no_percentage_is_given() -> None:
    assert sample_interval(KnownRows(tuple(range(19)), (True,) * 19, total=500)) is None
    assert sample_interval(KnownRows(tuple(range(20)), (True,) * 20, total=500)) == (83, 100)
    assert [notice.code for notice in judge(sampled(16, 16, 500))] == [
        "learning.learned",
        "learning.sample",
    ]


def test_where_all_rows_were_asked_there_is_no_interval() -> None:
    assert sample_interval(KnownRows(tuple(range(24)), (True,) * 24, total=24)) is None


def test_where_nobody_knows_how_long_answers_are_the_loss_on_held_out_rows_decides() -> None:
    assert codes(check(0, 0, held_out=2.0), check(90, 1, held_out=1.2)) == ["held_out_better"]
    assert codes(check(0, 0, held_out=2.0), check(90, 1, held_out=2.4)) == ["held_out_worse"]


@pytest.mark.parametrize(("long", "code"), [(True, "held_out_better"), (False, "hardly")])
def test_of_a_style_the_held_out_loss_is_the_headline_and_of_facts_what_is_known(
    long: bool, code: str
) -> None:
    history = [check(0, 0, held_out=2.0), check(90, 1, held_out=1.2)]

    assert judge(history, answers_are_long=long)[0].code == f"learning.{code}"


@pytest.mark.parametrize(("loss", "code"), [(1.2, "loss_fell"), (1.95, "loss_hardly_fell")])
def test_of_a_style_without_held_out_rows_the_loss_on_the_taught_ones_is(
    loss: float, code: str
) -> None:
    history = [
        replace(each, known=replace(each.known, loss=value))  # type: ignore[type-var]
        for each, value in ((check(0, 0), 2.0), (check(90, 0), loss))
    ]

    (notice,) = judge(history, answers_are_long=True)

    assert notice.code == f"learning.{code}"
    assert notice.data == {"before": "2.00", "now": f"{loss:.2f}"}


def test_a_loss_that_went_wrong_is_said_first_and_without_any_check() -> None:
    rising = LossCourse("rising", 5.0, 30.0)

    assert [notice.code for notice in judge([], rising)] == ["learning.rising"]
    assert judge([check(0, 0), check(90, 0)], rising)[0].data == {"first": "5.00", "now": "30.00"}
    assert judge([], LossCourse("falling", 5.0, 1.0)) == []


def test_reciting_is_told_from_knowing() -> None:
    assert codes(check(0, 0), check(90, 24, tests=answers(1, 5))) == ["learned", "recites"]
    assert codes(check(0, 0), check(90, 24, tests=answers(4, 5))) == ["learned", "other_words"]
    assert codes(check(0, 0), check(90, 3, tests=answers(1, 5))) == ["hardly", "other_words"]


def test_a_run_that_forgets_is_recognised() -> None:
    lost = Kept(asked=60, right=34, base_right=48, of_base_right=34, lost=14, p_value=0.0005)

    assert "forgot" in codes(check(0, 0, kept=BASE_KEPT), check(90, 24, kept=lost))


def test_a_few_items_lost_are_not_called_forgetting() -> None:
    few = Kept(asked=60, right=46, base_right=48, of_base_right=45, lost=3, p_value=0.3)

    assert "kept" in codes(check(0, 0, kept=BASE_KEPT), check(90, 24, kept=few))


def test_another_way_of_speaking_alone_is_not_forgetting() -> None:
    found = codes(check(0, 0, kept=BASE_KEPT), check(90, 24, kept=BASE_KEPT, wording=0.5))

    assert found == ["learned", "kept", "style_changed"]


def test_a_base_that_only_guesses_cannot_be_measured() -> None:
    guesses = Kept(asked=60, right=17, base_right=17, of_base_right=9, lost=8, p_value=0.01)

    assert not is_measurable(guesses)
    assert "not_measurable" in codes(check(0, 0), check(90, 24, kept=guesses))


def test_only_faults_that_the_base_did_not_have_are_told() -> None:
    before, after = check(0, 0, degenerate=("loops",)), check(90, 24)

    told = codes(before, replace(after, degenerate=("loops", "repeats_taught")))

    assert told == ["learned", "repeats_taught"]
