"""What to change when a run is too big."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from published_runs import published_runs
from settings_of import settings_of

from xtgui_cli.planning.memory.suggestions import Run, Suggestions, find_suggestions
from xtgui_cli.planning.memory.training_memory import GIB, training_memory
from xtgui_cli.planning.memory.training_setup import Device, set_up

SHAPE_7B = next(run.shape for run in published_runs() if run.model == "Qwen2.5-7B")
AMPERE = Device(kind="cuda", name="RTX 3090", total_gib=24, free_gib=24, has_bf16=True)
TURING = replace(AMPERE, name="RTX 2080 Ti", has_bf16=False)
CPU = Device(kind="cpu", name="", total_gib=16, free_gib=12, has_bf16=False)


def total_gib(device: Device = AMPERE, **settings: Any) -> float:
    given = {key.replace("__", "."): value for key, value in settings.items()}
    return training_memory(SHAPE_7B, set_up(settings_of(given), SHAPE_7B, device)).total / GIB


def suggest(settings: dict[str, Any], room_bytes: float) -> Suggestions:
    run = Run(shape=SHAPE_7B, settings=settings_of(settings), device=AMPERE, room_bytes=room_bytes)
    return find_suggestions(run)


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


def test_a_suggestion_saves_what_it_says_and_fits_where_it_says_so() -> None:
    settings = {"train.max_length": 4096, "train.batch_size": 2}

    suggestions = suggest(settings, 24 * GIB)

    now = training_memory(SHAPE_7B, set_up(settings_of(settings), SHAPE_7B, AMPERE)).total
    assert suggestions.single
    for suggestion in suggestions.single:
        then = set_up(settings_of({**settings, **suggestion.changes}), SHAPE_7B, AMPERE)
        assert suggestion.needs == training_memory(SHAPE_7B, then).total
        assert suggestion.saves == now - suggestion.needs
        assert suggestion.fits == (suggestion.needs <= 24 * GIB)


def test_those_that_are_enough_come_first() -> None:
    suggestions = suggest({}, 20 * GIB)

    fits = [suggestion.fits for suggestion in suggestions.single]
    assert fits[0]
    assert fits == sorted(fits, reverse=True)
    assert suggestions.together is None


def test_where_none_is_enough_several_are_named_that_are() -> None:
    suggestions = suggest({}, 11 * GIB)

    assert not any(suggestion.fits for suggestion in suggestions.single)
    assert suggestions.together is not None
    assert suggestions.together.fits
    assert "train.method" in suggestions.together.changes


def test_where_nothing_is_enough_all_that_helps_is_named_together() -> None:
    suggestions = suggest({}, 6 * GIB)

    assert suggestions.together is not None
    assert not suggestions.together.fits
    assert not suggestions.is_enough


def test_nothing_is_named_that_is_set_already() -> None:
    smallest = {
        "train.method": "qlora",
        "train.max_length": 256,
        "train.optim_type": "PagedAdamW8bit",
        "lora.lora_r": 8,
        "train.use_activation_checkpointing": True,
    }

    assert suggest(smallest, GIB).single == ()


@pytest.mark.parametrize(("free_gib", "is_on"), [(400.0, False), (12.0, True)])
def test_on_a_cpu_checkpointing_is_as_the_plan_has_it(free_gib: float, is_on: bool) -> None:
    device = replace(CPU, total_gib=free_gib, free_gib=free_gib)

    assert set_up(settings_of(), SHAPE_7B, device).checkpointing == is_on
