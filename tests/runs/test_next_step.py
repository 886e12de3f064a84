"""Every run has one next step: a test for each rule, and for which comes first."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from xtgui_cli.runs.loss_course import Kind, LossCourse
from xtgui_cli.runs.next_step import MEMORY_FAULTS, RunFacts, next_step
from xtgui_cli.runs.step_actions import Chat, Convert, NextStep, Train
from xtgui_cli.shared import learning
from xtgui_cli.shared.learning import Kept, KnownRows, Learning
from xtgui_cli.texts import LANGUAGES, has, in_language, t

LR = 8.5e-4
CHECKPOINTING = "train.use_activation_checkpointing=true"
KEPT = Kept(asked=60, right=48, base_right=48, of_base_right=47, lost=1, p_value=0.5)
FORGOT = Kept(asked=60, right=34, base_right=48, of_base_right=34, lost=14, p_value=0.0005)
FALLING = LossCourse("falling", 3.0, 0.3)


def check(iteration: int, known: int, loss: float | None = None, **found: Any) -> Learning:
    rows = KnownRows(tuple(range(24)), tuple(row < known for row in range(24)), 24, loss)
    return replace(Learning(iteration, full=True, known=rows), **found)


def answers(right: int, of: int) -> tuple[learning.TestAnswer, ...]:
    return tuple(learning.TestAnswer("Q?", "A", ("a",), right=n < right) for n in range(of))


def facts(*checks: Learning, **more: Any) -> RunFacts:
    """Return a finished run of 8 epochs at the planned rate, with general questions mixed in."""
    usual: dict[str, Any] = {
        "state": "finished",
        "latest": "iter_90.pth",
        "learnings": checks,
        "course": FALLING,
        "answers_are_long": False,
        "checkpoints": frozenset({30, 60, 90}),
        "epochs": 8.0,
        "lr": LR,
        "lr_now": LR,
        "find_usual_lr": lambda: LR,
        "mix_general": 24,
        "find_usual_mix": lambda: 24,
    }
    return RunFacts(**{**usual, **more})


def step(*checks: Learning, **more: Any) -> NextStep:
    found = next_step(facts(*checks, **more))
    assert found is not None
    assert has(f"next_step.{found.code}"), "its reason"
    assert has(f"next_step.do_{found.code}"), "its entry in the wizard"
    return found


def command(*checks: Learning, **more: Any) -> str:
    return " ".join(step(*checks, **more).action.arguments)


LEARNED = (check(0, 0, 3.9), check(90, 24, 0.005))
PARTLY = (check(0, 0, 3.9), check(90, 14, 0.3))
HARDLY = (check(0, 0, 3.9), check(90, 0, 2.8))


# --- what was learned ------------------------------------------------------------------------


def test_what_was_learned_is_talked_to() -> None:
    assert step(*LEARNED).action == Chat()
    assert command(*LEARNED) == "chat --compare"


def test_without_a_checkpoint_there_is_nothing_to_talk_to() -> None:
    assert next_step(facts(*LEARNED, latest="")) is None


def test_without_any_check_one_looks_for_oneself() -> None:
    assert (step().code, step().action) == ("see", Chat())


@pytest.mark.parametrize(
    ("loss", "epochs"),
    [(0.45, 12), (0.3, 9), (0.1, 4), (0.025, 1), (0.01, 1)],
)
def test_a_part_and_a_falling_loss_get_as_many_epochs_as_the_loss_has_left_to_fall(
    loss: float, epochs: int
) -> None:
    found = step(check(0, 0, 3.9), check(90, 14, loss), epochs=8.0)

    assert found.action == Train(more=epochs)


def test_a_run_of_few_epochs_at_the_planned_rate_gets_more_of_them() -> None:
    """Measured: two of the nine epochs that were planned for 24 rows on SmolLM2-135M."""
    found = step(check(0, 0, 3.857), check(90, 0, 1.677), epochs=2.0)

    assert found.action == Train(more=11)


def test_a_resumed_run_without_a_check_of_the_base_goes_by_its_iterations() -> None:
    found = step(check(30, 5, 1.0), check(90, 14, 0.3))

    assert found.action == Train(more=10)
    assert found.data == {"count": 10, "first": "3.00", "now": "0.30"}


def test_a_loss_that_hardly_fell_gets_a_higher_rate() -> None:
    found = step(*HARDLY)

    assert found.action == Train(is_fresh=True, sets=("train.lr=0.0017",))
    assert command(*HARDLY) == "train --fresh --set train.lr=0.0017"
    assert found.data == {"lr": "0.00085", "first": "3.90", "now": "2.80"}


@pytest.mark.parametrize(
    ("lr", "higher"), [(1e-5, "0.00085"), (6e-4, "0.00085"), (8e-4, "0.0016"), (1.2e-3, "0.0017")]
)
def test_the_higher_rate_is_the_planned_one_or_twice_and_bounded(lr: float, higher: str) -> None:
    assert step(*HARDLY, lr=lr, lr_now=lr).action == Train(
        is_fresh=True, sets=(f"train.lr={higher}",)
    )


def test_where_no_higher_rate_is_left_more_epochs_are() -> None:
    found = step(*HARDLY, lr=1.7e-3, lr_now=1.7e-3)

    assert (found.code, found.action) == ("more_at_least", Train(more=16))


def test_a_loss_that_rose_on_the_taught_rows_gets_a_higher_rate_only_where_that_is_lower() -> None:
    worse = (check(0, 0, 3.9), check(90, 0, 4.0))

    assert step(*worse, lr=1e-5, lr_now=1e-5).code == "higher"


def test_xtuners_own_values_give_way_to_planned_ones_where_they_teach_nothing() -> None:
    assert command(*HARDLY, is_xtuners=True) == "train --fresh --set train.recipe=planned"
    assert step(*LEARNED, is_xtuners=True).code == "chat"


def test_a_flat_loss_calls_for_a_higher_rate_where_nothing_was_checked() -> None:
    flat = LossCourse("flat", 3.0, 2.99)

    assert step(course=flat).code == "higher"


def test_who_recites_is_asked_for_several_wordings() -> None:
    recites = replace(LEARNED[1], tests=answers(1, 5))
    knows = replace(LEARNED[1], tests=answers(4, 5))

    assert step(LEARNED[0], recites).code == "wordings"
    assert command(LEARNED[0], recites) == "train --fresh"
    assert step(LEARNED[0], knows).code == "chat"


# --- what was forgotten ----------------------------------------------------------------------


def test_who_forgot_without_general_questions_gets_some() -> None:
    forgot = replace(LEARNED[1], kept=FORGOT)

    found = step(LEARNED[0], forgot, mix_general=0)

    assert found.action == Train(is_fresh=True, sets=("data.mix_general=24",))
    assert found.code == "mix_forgot"


def test_who_gives_taught_answers_to_anything_gets_general_questions_too() -> None:
    repeats = replace(LEARNED[1], degenerate=("repeats_taught",))

    assert step(LEARNED[0], repeats, mix_general=0).code == "mix_repeats"
    assert step(LEARNED[0], repeats).code == "chat"


def test_an_earlier_checkpoint_that_kept_more_is_taken() -> None:
    forgot = replace(LEARNED[1], kept=FORGOT)
    history = (LEARNED[0], check(30, 9, 1.0, kept=KEPT), check(60, 23, 0.1, kept=KEPT), forgot)

    assert step(*history).action == Convert(checkpoint="iter_60")
    assert command(*history) == "convert --checkpoint iter_60"
    assert step(*history, checkpoints=frozenset({90})).code == "lower_forgot"


def test_an_earlier_checkpoint_that_knows_far_less_is_not() -> None:
    forgot = replace(LEARNED[1], kept=FORGOT)

    found = step(LEARNED[0], check(30, 9, 1.0, kept=KEPT), forgot)

    assert found.action == Train(is_fresh=True, sets=("train.lr=0.00042",))


def test_forgetting_comes_before_what_is_not_known() -> None:
    assert step(HARDLY[0], replace(HARDLY[1], kept=FORGOT)).code == "lower_forgot"


# --- a style, and conversations --------------------------------------------------------------


def style(*held_out: float) -> list[Learning]:
    losses = dict(zip((0, 30, 60, 90), held_out, strict=True))
    return [check(at, 0, 2.0, held_out=loss) for at, loss in losses.items()]


def test_a_style_is_not_to_be_known_by_heart() -> None:
    assert step(*style(2.0, 1.5, 1.3, 1.2), answers_are_long=True).code == "chat"


def test_a_style_whose_held_out_loss_was_lower_before_takes_that_checkpoint() -> None:
    found = step(*style(2.0, 1.5, 1.3, 1.4), answers_are_long=True)

    assert found.action == Convert(checkpoint="iter_60")
    assert found.data == {"name": "iter_60", "best": "1.30", "now": "1.40"}


def test_a_style_that_is_only_learned_by_heart_gets_fewer_epochs() -> None:
    rising = style(2.0, 2.3, 2.2, 2.2)

    assert command(*rising, answers_are_long=True) == "train --fresh --set train.max_epochs=4"
    assert step(*rising, answers_are_long=True, epochs=1.0).code == "lower_held_out"


def test_a_style_without_held_out_rows_goes_by_its_loss() -> None:
    fell = (check(0, 0, 2.0), check(90, 0, 1.2))
    stood = (check(0, 0, 2.0), check(90, 0, 1.95))

    assert step(*fell, answers_are_long=True).code == "chat"
    assert step(*stood, answers_are_long=True).code == "higher"


def test_where_nobody_knows_how_long_answers_are_a_held_out_loss_counts_if_no_row_is_known() -> (
    None
):
    assert step(*style(2.0, 1.5, 1.3, 1.2), answers_are_long=None).code == "chat"
    assert step(*HARDLY, answers_are_long=None).code == "higher"


# --- runs that went wrong, or not to their end -------------------------------------------------


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "died"])
@pytest.mark.parametrize("kind", ["diverged", "rising"])
def test_a_loss_that_diverged_or_rose_gets_a_lower_rate_and_never_a_resume(
    state: str, kind: Kind
) -> None:
    course = LossCourse(kind, 5.0, None if kind == "diverged" else 30.0)

    found = step(state=state, course=course, lr=1.0, lr_now=1.0, has_rest=True)

    assert found.code == f"lower_{kind}"
    assert found.action == Train(is_fresh=True, sets=("train.lr=0.00085",))


def test_the_planned_rate_that_diverged_is_halved() -> None:
    course = LossCourse("diverged")

    assert step(course=course).action == Train(is_fresh=True, sets=("train.lr=0.00042",))


def test_a_rate_that_was_lowered_since_is_left_alone() -> None:
    course = LossCourse("diverged")

    assert step(course=course, lr=1.0, lr_now=1e-4).action == Train(is_fresh=True)


def test_a_run_that_was_stopped_is_resumed() -> None:
    assert command(*HARDLY, state="stopped", has_rest=True) == "train --resume"
    assert step(*LEARNED, state="stopped").code == "chat"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("faults.cuda_out_of_memory", "failed"),
        ("faults.host_out_of_memory", "failed"),
        ("faults.oom_killed", "died"),
    ],
)
@pytest.mark.parametrize(
    ("saver", "has_rest", "then"),
    [
        ("train.max_length=512", True, "train --fresh --set train.max_length=512"),
        (CHECKPOINTING, True, f"train --resume --set {CHECKPOINTING}"),
        (CHECKPOINTING, False, f"train --fresh --set {CHECKPOINTING}"),
        ("", True, "estimate"),
    ],
)
def test_a_run_that_ran_out_of_memory_is_changed_and_not_only_resumed(
    fault: str, state: str, saver: str, has_rest: bool, then: str
) -> None:
    found = command(state=state, fault=fault, has_rest=has_rest, find_memory_saver=lambda: saver)

    assert found == then


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", sorted(MEMORY_FAULTS))
def test_no_hint_for_want_of_memory_proposes_a_plain_resume(fault: str, language: str) -> None:
    hint = in_language(language, lambda: t(f"{fault}.hint"))

    assert "xtgui" in hint
    assert "--resume" not in hint


def test_a_config_from_elsewhere_is_edited_before_it_takes_less_memory() -> None:
    found = step(
        state="failed",
        fault="faults.cuda_out_of_memory",
        find_memory_saver=lambda: "train.max_length=512",
        foreign_config="other.py",
    )

    assert found.action == Train(config="other.py", is_fresh=True)
    assert found.edit is not None
    assert found.edit.data == {"file": "other.py", "name": "max_length", "value": "512"}


def test_a_run_whose_base_model_is_broken_is_not_resumed() -> None:
    fault = "faults.loss_never_finite"

    assert next_step(facts(state="failed", fault=fault, has_rest=True)) is None


def test_a_run_that_failed_is_resumed_where_it_can_be() -> None:
    assert command(state="failed", has_rest=True) == "train --resume"
    assert next_step(facts(state="failed", latest="")) is None


@pytest.mark.parametrize("state", ["starting", "running", "stopping"])
def test_a_run_that_trains_has_no_step(state: str) -> None:
    assert next_step(facts(*HARDLY, state=state)) is None


def test_a_config_from_elsewhere_is_changed_by_hand() -> None:
    found = step(*HARDLY, foreign_config="mine.py")

    assert found.action == Train(config="mine.py", is_fresh=True)
    assert found.edit is not None
    assert found.edit.data == {"file": "mine.py", "name": "lr", "value": "0.0017"}
    more = step(*PARTLY, foreign_config="mine.py")
    assert more.edit is not None
    assert more.edit.data == {"file": "mine.py", "name": "max_epochs", "value": "17"}


def test_a_loss_that_is_no_number_at_the_last_check_breaks_no_rule() -> None:
    assert step(check(0, 0, 3.9), check(90, 0, math.nan)).code == "higher"
