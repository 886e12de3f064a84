"""The plan loses next to nothing, trains at the set rate, and obeys what is set."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_example import SMOLLM2
from settings_of import settings_of
from update_iterations import update_iterations

from xtgui_cli.planning.base_facts import BaseFacts
from xtgui_cli.planning.machine import Machine
from xtgui_cli.planning.memory.training_setup import device_of
from xtgui_cli.planning.packing import Measured
from xtgui_cli.planning.plan import Plan, make_plan
from xtgui_cli.planning.plan_steps import MOST_EPOCHS, best_factor, lr_factor
from xtgui_cli.planning.recipe import plan_rates
from xtgui_cli.planning.row_facts import RowFacts
from xtgui_cli.project.requirements import find_needs
from xtgui_cli.texts import LANGUAGES, set_language
from xtgui_cli.ui.console import in_words


def computer(device: str = "cpu", free_gib: float = 12.0) -> Machine:
    return Machine(device, False, "card", 8, 8, free_gib, free_gib, 2)


HERE = computer()


def make(
    measured: Measured,
    settings: dict[str, Any],
    max_positions: int = 8192,
    machine: Machine = HERE,
    model_type: str = "llama",
) -> Plan:
    base = BaseFacts(shape=SMOLLM2, max_positions=max_positions, model_type=model_type)
    return make_plan(measured, settings_of(settings), machine, base)


def plan_for(
    lengths: list[int], max_positions: int = 8192, machine: Machine = HERE, **given: Any
) -> Plan:
    settings = {f"train.{name}": value for name, value in given.items() if value is not None}
    measured = Measured(len(lengths), lengths, [5] * len(lengths))
    return make(measured, settings, max_positions, machine)


def codes(plan: Plan, warnings_only: bool = False) -> list[str]:
    return [reason.notice.code for reason in plan.reasons if reason.is_warning or not warnings_only]


@given(
    lengths=st.lists(st.integers(6, 5000), min_size=1, max_size=400),
    copies=st.sampled_from([1, 2, 30]),
)
def test_whatever_the_data_some_update_comes_near_the_set_rate_and_little_is_lost(
    lengths: list[int], copies: int
) -> None:
    plan = plan_for(lengths * copies)

    assert plan.lost_share <= 0.02
    assert plan.optimizer_steps >= 100 or plan.max_epochs == MOST_EPOCHS
    assert plan.warmup_iters == 0 or plan.warmup_iters >= 2
    assert best_factor(plan.warmup_iters, plan.total_iters, plan.accumulative_counts) >= 0.9
    assert plan.samples >= 1
    assert plan.total_iters == plan.iters_per_epoch * plan.max_epochs
    expected = {"plan.cuts", "plan.one_row", "plan.very_few_rows"}
    assert set(codes(plan, warnings_only=True)) <= expected


@given(total=st.integers(1, 400), accumulation=st.integers(1, 40), warmup=st.integers(0, 200))
def test_the_best_rate_is_that_of_all_updates(total: int, accumulation: int, warmup: int) -> None:
    warmup = min(warmup, total - 1)
    warmup = warmup if warmup >= 2 else 0

    rates = [lr_factor(i, warmup, total) for i in update_iterations(total, accumulation)]

    assert best_factor(warmup, total, accumulation) == max(rates)


def test_few_rows_stay_apart_and_epochs_rise_to_a_hundred_updates() -> None:
    plan = plan_for([60] * 5)

    assert (plan.samples, plan.pack_to_max_length, plan.lost_share) == (5, False, 0)
    assert (plan.max_epochs, plan.optimizer_steps, plan.batch_size) == (20, 100, 1)
    assert {"plan.apart", "plan.epochs_by_updates"} <= set(codes(plan))


def test_some_hundred_short_rows_stay_apart_and_share_a_batch() -> None:
    plan = plan_for([60] * 300)

    assert not plan.pack_to_max_length
    assert (plan.batch_size, plan.accumulative_counts) == (8, 1)


def test_long_rows_are_accumulated_instead() -> None:
    plan = plan_for([1500] * 300)

    assert (plan.batch_size, plan.accumulative_counts) == (1, 8)


def test_many_rows_are_packed() -> None:
    plan = plan_for([60] * 20_000)

    assert plan.pack_to_max_length
    assert plan.samples >= 67
    assert plan.batch_size == plan.accumulative_counts == 1


@pytest.mark.parametrize("model_type", ["opt", "qwen3_5_text", "lfm2"])
def test_a_model_that_mixes_packed_samples_gets_them_apart(model_type: str) -> None:
    measured = Measured(20_000, [60] * 20_000, [5] * 20_000)

    assert not make(measured, {}, model_type=model_type).pack_to_max_length
    told = make(measured, {"train.pack_to_max_length": True}, model_type=model_type)
    assert "plan.packs_mixed" in codes(told, warnings_only=True)


def test_rows_that_repeat_their_answers_take_fewer_epochs() -> None:
    facts = RowFacts(answers=10, answered=100)

    once, often = plan_for([60] * 100), make(Measured(100, [60] * 100, [5] * 100, facts), {})

    assert often.max_epochs < once.max_epochs


@pytest.mark.parametrize("repeats", [1, 2])
def test_rows_that_are_repeated_in_an_epoch_take_fewer_epochs(repeats: int) -> None:
    facts = RowFacts(answers=50, answered=50)
    measured = Measured(50, [60] * 50, [5] * 50, facts).repeated(repeats)

    assert make(measured, {}).max_epochs * repeats == pytest.approx(7, abs=1)


@pytest.mark.parametrize("rows", [1, 3, 10, 24, 60, 300, 3000])
def test_more_epochs_never_make_fewer_updates(rows: int) -> None:
    updates = [plan_for([60] * rows, max_epochs=epochs).optimizer_steps for epochs in range(1, 50)]

    assert updates == sorted(updates)
    assert len(set(updates)) == len(updates)


def test_xtuners_own_defaults_are_one_setting_away() -> None:
    plan = plan_for([60] * 500, recipe="xtuner")

    assert (plan.lr, plan.warmup_ratio, plan.max_length) == (2e-4, 0.03, 2048)
    assert (plan.lora_r, plan.lora_alpha, plan.lora_dropout) == (64, 16, 0.1)
    assert (plan.batch_size, plan.accumulative_counts, plan.max_epochs) == (1, 16, 3)
    assert plan.pack_to_max_length


def test_a_wider_model_takes_a_lower_rate_and_full_fine_tuning_a_tenth() -> None:
    narrow = plan_rates(settings_of({}), 576, 24).lr
    wide = plan_rates(settings_of({}), 4096, 24).lr
    full = plan_rates(settings_of({"train.method": "full"}), 576, 24).lr

    assert 2e-4 < wide < narrow < 1e-3
    assert full == pytest.approx(narrow / 10, rel=0.05)


@pytest.mark.parametrize(
    ("rows", "code"), [(1, "plan.one_row"), (3, "plan.very_few_rows"), (10, "plan.very_few_rows")]
)
def test_very_few_rows_get_a_sentence_on_what_to_expect(rows: int, code: str) -> None:
    assert code in codes(plan_for([60] * rows), warnings_only=True)


def test_what_is_asked_while_a_run_trains_comes_from_the_rows() -> None:
    facts = RowFacts(questions=("When?", "Where?"), outside="What is snow?", system="Be kind.")

    plan = make(Measured(2, [60] * 2, [5] * 2, facts), {})

    assert plan.evaluation_inputs == ("When?", "Where?", "What is snow?")
    assert plan.SYSTEM == "Be kind."


def test_very_many_rows_are_read_once() -> None:
    plan = plan_for([2000] * 40_000)

    assert plan.max_epochs == 1
    assert "plan.one_epoch" in codes(plan)


def test_packs_are_never_shorter_than_the_longest_row() -> None:
    assert plan_for([*[60] * 500, 1800]).max_length >= 1800


def test_rows_longer_than_the_model_are_cut_there() -> None:
    plan = plan_for([700] * 400, 512)

    assert (plan.max_length, plan.cut_rows) == (512, 400)
    assert codes(plan, warnings_only=True) == ["plan.cuts"]


def test_a_row_whose_answer_lies_beyond_the_cut_vanishes() -> None:
    measured = Measured(3, [100, 100, 100], [5, 64, 100])

    plan = make(measured, {"train.max_length": 64})

    assert (plan.samples, plan.vanished_rows, plan.cut_rows) == (1, 2, 3)


def test_where_everything_vanishes_the_plan_is_empty() -> None:
    plan = make(Measured(1, [100], [100]), {})

    assert (plan.samples, plan.total_iters) == (0, 0)
    assert "plan.nothing_left" in codes(plan)


@pytest.mark.parametrize(
    ("given", "warning"),
    [
        ({"max_length": 2048, "pack_to_max_length": True}, "plan.loses"),
        ({"max_epochs": 1}, "plan.few_updates"),
        ({"accumulative_counts": 64, "max_epochs": 2}, "plan.never_full_rate"),
        ({"warmup_ratio": 0.01}, "plan.no_warmup"),
        ({"max_length": 10_000}, "plan.too_long"),
    ],
)
def test_what_is_set_is_obeyed_with_a_warning_where_it_hurts(
    given: dict[str, Any], warning: str
) -> None:
    plan = plan_for([100] * 30, **given)

    assert {name: getattr(plan, name) for name in given} == given
    assert warning in codes(plan, warnings_only=True)


def test_a_warm_up_that_is_set_is_kept() -> None:
    plan = plan_for([100] * 200, warmup_ratio=0.2, pack_to_max_length=False)

    assert plan.warmup_iters == int(0.2 * plan.max_epochs * plan.iters_per_epoch)


def test_batches_and_gpus_share_the_samples() -> None:
    measured = Measured(101, [60] * 101, [5] * 101)
    given = {"train.pack_to_max_length": False, "train.batch_size": 4, "launch.num_gpus": 2}

    plan = make(measured, given)

    assert plan.iters_per_epoch == math.ceil(math.ceil(101 / 2) / 4)


@pytest.mark.parametrize(
    ("machine", "expected"),
    [(computer(), False), (computer(free_gib=0.1), True), (computer("cuda"), True)],
)
def test_activations_are_recomputed_where_memory_is_short(machine: Machine, expected: bool) -> None:
    assert plan_for([200] * 300, machine=machine).use_activation_checkpointing is expected


@pytest.mark.parametrize("rows", [5, 20, 80, 500, 1500])
def test_the_plan_saves_a_few_times_and_answers_when_it_saves(rows: int) -> None:
    plan = plan_for([60] * rows)

    assert 1 <= plan.total_iters // plan.save_steps <= 10
    assert plan.evaluation_freq == plan.save_steps or plan.total_iters > 200
    assert plan.total_iters > 200 or plan.save_steps % (plan.total_iters // plan.max_epochs) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    set_language(language)
    plans = [
        plan_for([60] * 5),
        plan_for([60] * 500),
        plan_for([700] * 400, 512, computer("cuda")),
        plan_for([2000] * 40_000),
        plan_for([100] * 30, max_length=10_000, pack_to_max_length=True, accumulative_counts=64),
        plan_for([60] * 300, machine=computer(free_gib=0.1), use_activation_checkpointing=None),
        plan_for([60] * 300, use_activation_checkpointing=True, warmup_ratio=0.001),
        make(Measured(1, [100], [100]), {}),
    ]

    for reason in (reason for plan in plans for reason in plan.reasons):
        assert "{" not in in_words(reason.notice)
    set_language("en")


# --- what a batch's logits take -----------------------------------------------------------------


def needs_on(kind: str, plan: Plan, **given: Any) -> int:
    device = replace(device_of(HERE), kind=kind)
    settings = settings_of({"train.batch_size": plan.batch_size, **given})
    return find_needs(SMOLLM2, settings, device, Path(), plan).memory.work


def test_a_cpu_needs_room_for_the_logits_of_trained_tokens_alone() -> None:
    measured = Measured(40, [60] * 39 + [100], [45] * 39 + [30])
    plan = make(measured, {"train.batch_size": 2})

    assert plan.logit_tokens == 2 * 70
    assert needs_on("cpu", plan) == 2 * 70 * SMOLLM2.vocabulary * 12
    assert needs_on("cuda", plan) > 2 * 100 * SMOLLM2.vocabulary * 12


@pytest.mark.parametrize(
    ("lengths", "model_type"),
    [([60] * 20_000, "llama"), ([600] * 40, "llama"), ([60] * 40, "opt")],
)
def test_packs_long_batches_and_other_models_have_logits_for_all_tokens(
    lengths: list[int], model_type: str
) -> None:
    measured = Measured(len(lengths), lengths, [5] * len(lengths))

    assert make(measured, {}, model_type=model_type).logit_tokens is None
