"""The options of an answer: one record each, whose range holds everywhere."""

from __future__ import annotations

import pytest

from xtgui_cli.cli import commands
from xtgui_cli.project.chat_session import change_option
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.generation_options import OPTIONS, GenerationOptions, Use
from xtgui_cli.texts import has


@pytest.mark.parametrize("name", OPTIONS)
def test_the_default_is_in_range_and_explained(name: str) -> None:
    option = OPTIONS[name]

    assert option.checked(option.default) == option.default
    assert has(f"cli.{name}")


@pytest.mark.parametrize("name", OPTIONS)
def test_a_flag_and_a_setting_of_the_chat_refuse_the_same_values(name: str) -> None:
    option = OPTIONS[name]
    for value in (str(option.low - 1), str(option.high + 1), "much", "nan"):
        with pytest.raises(XtguiError) as by_setting:
            change_option(GenerationOptions(), name, value)
        with pytest.raises(XtguiError) as by_flag:
            commands.run(["chat", f"--{name.replace('_', '-')}", value])

        assert by_setting.value.code == "chat.set_wrong"
        assert by_flag.value.code in ("cli.usage", "chat.set_wrong"), value


def test_the_ends_of_a_range_belong_to_it() -> None:
    for name, option in OPTIONS.items():
        for value in (option.low, option.high):
            assert getattr(change_option(GenerationOptions(), name, str(value)), name) == value


def test_sampling_is_left_out_where_nothing_is_drawn_at_random() -> None:
    given = GenerationOptions(temperature=0.0).for_transformers()

    assert given == {
        "do_sample": False,
        "max_new_tokens": 512,
        "num_beams": 1,
        "repetition_penalty": 1.0,
    }


def test_every_option_but_the_seed_reaches_transformers() -> None:
    given = GenerationOptions().for_transformers()

    seeds = {name for name, option in OPTIONS.items() if option.use is Use.SEED}
    assert given.keys() - {"do_sample"} == OPTIONS.keys() - seeds
