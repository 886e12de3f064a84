"""What to change when a run is too big."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from published_runs import published_runs

from xtgui_cli.planning.memory.suggestions import find_remedies
from xtgui_cli.planning.memory.training_memory import GIB, training_memory
from xtgui_cli.planning.memory.training_setup import Device, arrange

SHAPE_7B = next(run.shape for run in published_runs() if run.model == "Qwen2.5-7B")
AMPERE = Device("cuda", "RTX 3090", 24, 24, True)
TURING = replace(AMPERE, name="RTX 2080 Ti", has_bf16=False)
CPU = Device("cpu", "", 16, 12, False)


def total_gib(device: Device = AMPERE, **settings: Any) -> float:
    given = {key.replace("__", "."): value for key, value in settings.items()}
    return training_memory(SHAPE_7B, arrange(given, SHAPE_7B, device)).total / GIB


def test_methods_are_as_large_as_their_names_promise() -> None:
    qlora, lora, full = (total_gib(train__method=name) for name in ("qlora", "lora", "full"))

    assert qlora < lora < full


def test_each_setting_moves_the_need_in_its_direction() -> None:
    usual = total_gib()

    assert total_gib(train__max_length=4096) > usual
    assert total_gib(train__batch_size=2) > usual
    assert total_gib(train__use_activation_checkpointing=False) > usual
    assert total_gib(lora__lora_r=8) < usual
    assert total_gib(train__optim_type="AdamW8bit") < usual
    assert total_gib(train__optim_type="SGD") < usual


def test_before_ampere_grouped_queries_cost_the_square_of_the_length() -> None:
    options = {"train__use_activation_checkpointing": False}
    short = total_gib(TURING, train__max_length=1024, **options)
    more = total_gib(TURING, train__max_length=2048, **options)
    ampere = total_gib(AMPERE, train__max_length=2048, **options)

    assert more > ampere
    assert more - short > ampere - total_gib(AMPERE, train__max_length=1024, **options)


def test_a_remedy_saves_what_it_says_and_fits_where_it_says_so() -> None:
    settings = {"train.max_length": 4096, "train.batch_size": 2}

    remedies = find_remedies(SHAPE_7B, settings, AMPERE, 24 * GIB)

    now = training_memory(SHAPE_7B, arrange(settings, SHAPE_7B, AMPERE)).total
    assert remedies.single
    for remedy in remedies.single:
        then = arrange({**settings, **remedy.changes}, SHAPE_7B, AMPERE)
        assert remedy.needs == training_memory(SHAPE_7B, then).total
        assert remedy.saves == now - remedy.needs
        assert remedy.fits == (remedy.needs <= 24 * GIB)


def test_those_that_are_enough_come_first() -> None:
    remedies = find_remedies(SHAPE_7B, {}, AMPERE, 20 * GIB)

    fits = [remedy.fits for remedy in remedies.single]
    assert fits[0]
    assert fits == sorted(fits, reverse=True)
    assert remedies.together is None


def test_where_none_is_enough_several_are_named_that_are() -> None:
    remedies = find_remedies(SHAPE_7B, {}, AMPERE, 11 * GIB)

    assert not any(remedy.fits for remedy in remedies.single)
    assert remedies.together is not None
    assert remedies.together.fits
    assert "train.method" in remedies.together.changes


def test_where_nothing_is_enough_it_is_said_how_large_a_model_may_be() -> None:
    remedies = find_remedies(SHAPE_7B, {}, AMPERE, 6 * GIB)

    assert remedies.together is not None
    assert not remedies.together.fits
    assert remedies.fitting_parameters is not None
    assert 0 < remedies.fitting_parameters < SHAPE_7B.parameters
    assert find_remedies(SHAPE_7B, {}, AMPERE, GIB).fitting_parameters is None


def test_nothing_is_named_that_is_set_already() -> None:
    smallest = {
        "train.method": "qlora",
        "train.max_length": 256,
        "train.optim_type": "PagedAdamW8bit",
        "lora.lora_r": 8,
        "train.use_activation_checkpointing": True,
    }

    assert find_remedies(SHAPE_7B, smallest, AMPERE, GIB).single == ()


@pytest.mark.parametrize(("free_gib", "is_on"), [(400.0, False), (12.0, True)])
def test_on_a_cpu_checkpointing_is_as_the_plan_has_it(free_gib: float, is_on: bool) -> None:
    device = replace(CPU, total_gib=free_gib, free_gib=free_gib)

    assert arrange({}, SHAPE_7B, device).checkpointing == is_on
