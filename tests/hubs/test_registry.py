"""What each hub needs outside its own file: words, and its name among the choices of --source."""

from __future__ import annotations

from typing import get_args

import pytest

from xtgui_cli.cli import flags
from xtgui_cli.hubs.hub import Hub, Kind
from xtgui_cli.hubs.names import repository_id
from xtgui_cli.hubs.registry import HUBS, USUAL_HUB
from xtgui_cli.texts import has

EACH = pytest.mark.parametrize("hub", HUBS.values(), ids=HUBS)


def test_source_takes_every_hub() -> None:
    optional, option = get_args(flags.Source)
    choices = get_args(get_args(optional)[0])

    assert choices == tuple(HUBS)
    assert option.metavar == "|".join(HUBS)


@EACH
def test_a_hub_that_cannot_be_reached_has_a_sentence_and_advice(hub: Hub) -> None:
    for code in (f"download.unreachable_{hub.name}", f"download.unreachable_{hub.name}_mirror"):
        assert has(code)
        assert has(f"{code}.hint")


@EACH
def test_the_wizard_offers_each_other_hub_in_words(hub: Hub) -> None:
    assert hub is USUAL_HUB or has(f"from_hub.way_{hub.name}")


@EACH
@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_the_address_of_its_page_is_understood(hub: Hub, kind: Kind) -> None:
    assert repository_id(hub.page_of(kind, "user/repo"), kind) == "user/repo"
