"""docs/settings is what its script writes from the table of settings, in both languages."""

from __future__ import annotations

import runpy

import pytest
from places import REPOSITORY

SCRIPT = runpy.run_path(str(REPOSITORY / "scripts" / "write_settings_docs.py"))


@pytest.mark.parametrize("language", SCRIPT["FILES"])
def test_the_page_is_up_to_date(language: str) -> None:
    """If not: python scripts/write_settings_docs.py."""
    page = REPOSITORY / "docs" / SCRIPT["FILES"][language]

    assert page.read_text("utf-8") == SCRIPT["page"](language)
