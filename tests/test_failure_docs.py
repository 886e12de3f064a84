"""docs/when-it-fails is what its script writes from the table of causes, in both languages."""

from __future__ import annotations

import re
import runpy
import shlex
from typing import Any

import pytest
from places import REPOSITORY
from typer.main import get_command

from xtgui_cli.cli.commands import app
from xtgui_cli.project.settings_file import parse_sets

SCRIPT = runpy.run_path(str(REPOSITORY / "scripts" / "write_failure_docs.py"))


@pytest.mark.parametrize("language", SCRIPT["FILES"])
def test_the_page_is_up_to_date(language: str) -> None:
    """If not: python scripts/write_failure_docs.py."""
    page = REPOSITORY / "docs" / SCRIPT["FILES"][language]

    assert page.read_text("utf-8") == SCRIPT["page"](language)


@pytest.mark.parametrize("language", SCRIPT["FILES"])
def test_every_cause_has_its_place_on_the_page(language: str) -> None:
    page = SCRIPT["page"](language)

    missing = [cause.code for cause in SCRIPT["CAUSES"] if f"\n`{cause.code}`\n" not in page]

    assert missing == []


def test_a_command_within_a_sentence_is_shown_as_code() -> None:
    page = SCRIPT["page"]("en")

    assert "`xtgui train --fresh --set train.warmup_ratio=0`" in page
    assert "`MASTER_PORT=29511 xtgui train`" in page
    assert "``xtgui" not in page


@pytest.mark.parametrize("language", SCRIPT["FILES"])
def test_every_command_that_it_names_is_one_that_xtgui_takes(language: str) -> None:
    """Their options exist, and their settings too, with those values."""
    root: Any = get_command(app)
    commands = re.findall(
        r"`(?:[A-Z_]+=\S+ |ulimit -n \d+ && )*xtgui ([^`]+)`", SCRIPT["page"](language)
    )
    assert len(commands) > 40
    for command in commands:
        name, *arguments = shlex.split(command)
        known = root.commands[name]
        options = {spelling for option in known.params for spelling in option.opts}
        assert {word for word in arguments if word.startswith("--")} <= options, command
        parse_sets([word for word in arguments if "=" in word])
