"""Which source decides about a setting."""

from __future__ import annotations

from hypothesis import given as over
from hypothesis import strategies as st

from xtgui_cli.settings.layers import Layer, Layers, differing, given, replace_values, resolve
from xtgui_cli.settings.table import BY_KEY, Origin, Value

LR, LIMIT = BY_KEY["train.lr"], BY_KEY["train.save_total_limit"]
ORIGINS = [Origin.PLANNED, Origin.SAVED, Origin.EDITED, Origin.ANSWERS, Origin.FLAG]


def test_without_layers_defaults_hold() -> None:
    settings = resolve({})

    assert settings.train.method == "lora"
    assert settings.train.lr == LR.default_for(settings.method)
    assert settings.origin(LR) is Origin.DEFAULT
    assert given(settings) == {}


def test_a_default_may_follow_the_method() -> None:
    full = resolve({Origin.SAVED: {"train.method": "full"}})

    assert full.train.save_total_limit == LIMIT.default_for(full.method)
    assert full.train.save_total_limit != resolve({}).train.save_total_limit


@over(st.dictionaries(st.sampled_from(ORIGINS), st.none() | st.floats(1e-6, 1e-2)))
def test_the_highest_layer_that_has_a_key_decides(said: dict[Origin, float | None]) -> None:
    layers: dict[Origin, Layer] = {origin: {"train.lr": value} for origin, value in said.items()}

    settings = resolve(layers)

    highest = max(said, default=None)
    value = None if highest is None else said[highest]
    if value is None or highest is None:  # None takes back what lower layers say
        assert settings.train.lr == LR.default_for(settings.method)
        assert settings.origin(LR) is Origin.DEFAULT
    else:
        assert settings.train.lr == value
        assert settings.origin(LR) is highest


def test_layers_rank_from_the_plan_to_the_flags() -> None:
    sources: dict[str, dict[str, Value]] = {
        "planned": {"train.lr": 1e-4},
        "saved": {"train.lr": 2e-4},
        "edited": {"train.lr": 3e-4},
        "answers": {"train.lr": 4e-4},
        "flags": {"train.lr": 5e-4},
    }

    for count, value in enumerate([1e-4, 2e-4, 3e-4, 4e-4, 5e-4], start=1):
        lower = dict(list(sources.items())[:count])
        assert Layers(**lower).in_force().train.lr == value


def test_a_new_plan_leaves_out_what_the_last_one_decided() -> None:
    layers = Layers(planned={"train.max_length": 512}, saved={"train.lr": 1e-3})

    assert layers.in_force().train.max_length == 512
    assert layers.to_plan().train.max_length is None
    assert layers.to_plan().train.lr == 1e-3


def test_what_was_planned_for_another_method_does_not_count() -> None:
    planned: dict[str, Value] = {"train.method": "qlora", "train.max_length": 512}

    assert Layers(planned=planned).in_force().train.max_length == 512
    assert (
        Layers(planned=planned, flags={"train.method": "lora"}).in_force()
        == Layers(flags={"train.method": "lora"}).to_plan()
    )


def test_a_replaced_value_has_a_new_origin_and_the_others_keep_theirs() -> None:
    settings = resolve({Origin.SAVED: {"train.lr": 1e-3, "train.max_epochs": 2}})

    replaced = replace_values(
        settings, {"train.max_epochs": 4, "train.lr": 1e-3, "train.seed": None}, Origin.PLANNED
    )

    assert replaced.train.max_epochs == 4
    assert replaced.origin(BY_KEY["train.max_epochs"]) is Origin.PLANNED
    assert replaced.origin(LR) is Origin.SAVED
    assert replaced.train.seed == settings.train.seed
    assert settings.train.max_epochs == 2


def test_only_what_differs_from_the_default_is_named() -> None:
    settings = resolve({Origin.SAVED: {"train.max_norm": 1.0, "train.max_epochs": 9}})

    assert [setting.key for setting in differing(settings)] == ["train.max_epochs"]
    assert given(settings) == {"train.max_norm": 1.0, "train.max_epochs": 9}
