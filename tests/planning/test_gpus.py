"""Cards by the names that people type."""

from __future__ import annotations

import pytest

from xtgui_cli.planning.gpus import find_card
from xtgui_cli.shared.errors import Exit, XtguiError


@pytest.mark.parametrize(
    ("asked", "name", "gib", "has_bf16"),
    [
        ("RTX 3090", "RTX 3090", 24, True),
        ("3090", "RTX 3090", 24, True),
        ("rtx3090", "RTX 3090", 24, True),
        ("NVIDIA GeForce RTX 3090", "RTX 3090", 24, True),
        ("4060 8g", "RTX 4060", 8, True),
        ("4060ti 16G", "RTX 4060 Ti", 16, True),
        ("2080 ti", "RTX 2080 Ti", 11, False),
        ("2080Ti-22G", "RTX 2080 Ti", 22, False),
        ("NVIDIA A100-SXM4-80GB", "A100", 80, True),
        ("A100", "A100", 40, True),
        ("Tesla T4", "Tesla T4", 16, False),
        ("v100 32gb", "Tesla V100", 32, False),
        ("4090d", "RTX 4090 D", 24, True),
        ("24GB", "", 24, True),
        ("  11 GiB ", "", 11, True),
        ("7.5g", "", 7.5, True),
    ],
)
def test_a_card_is_found_by_any_of_its_names(
    asked: str, name: str, gib: float, has_bf16: bool
) -> None:
    card = find_card(asked)

    assert (card.name, card.memory_gib, card.has_bf16) == (name, gib, has_bf16)


@pytest.mark.parametrize(
    ("asked", "near"), [("RTX 3091", "RTX 3090"), ("RTX 2080Tii", "RTX 2080 Ti")]
)
def test_an_unknown_card_gives_those_with_a_name_like_it(asked: str, near: str) -> None:
    with pytest.raises(XtguiError) as error:
        find_card(asked)

    assert (error.value.code, error.value.exit) == ("estimate.unknown_gpu", Exit.ANSWERS)
    assert near in error.value.data["near"]


@pytest.mark.parametrize("asked", ["", "Radeon", "0GB", "999999GB", "\x1b[31m"])
def test_what_is_no_card_is_refused_with_examples(asked: str) -> None:
    with pytest.raises(XtguiError) as error:
        find_card(asked)

    assert error.value.data["near"]
