"""What is said of a run follows from its checks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xtgui_cli.runs.verdict import is_measurable, judge
from xtgui_cli.shared import learning
from xtgui_cli.shared.learning import Kept, KnownRows, Learning

BASE_KEPT = Kept(asked=60, right=48, base_right=48, of_base_right=48)


def check(iteration: int, known: int, of: int = 24, **found: object) -> Learning:
    rows = KnownRows(tuple(range(of)), tuple(row < known for row in range(of)), total=of)
    return replace(Learning(iteration, full=True, known=rows), **found)  # type: ignore[arg-type]


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


def test_where_answers_are_long_the_loss_on_held_out_rows_decides() -> None:
    assert codes(check(0, 0, held_out=2.0), check(90, 1, held_out=1.2)) == ["held_out_better"]
    assert codes(check(0, 0, held_out=2.0), check(90, 1, held_out=2.4)) == ["held_out_worse"]


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
