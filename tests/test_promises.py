"""Each promise of the documentation names a test that there is, the same one in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"


def named(page: str) -> list[str]:
    return re.findall(r"`([\w/]+\.py::\w+)`", (DOCS / page).read_text("utf-8"))


@pytest.mark.parametrize("test", named("promises.md"))
def test_the_test_of_a_promise_is_there(test: str) -> None:
    file, _, name = test.partition("::")

    assert f"\ndef {name}(" in (TESTS / file).read_text("utf-8")


def test_both_languages_promise_the_same() -> None:
    assert len(named("promises.md")) > 30
    assert named("promises.zh.md") == named("promises.md")


def test_the_tests_that_the_security_page_names_are_there() -> None:
    page = (TESTS.parent / "SECURITY.md").read_text("utf-8")

    files = re.findall(r"`([\w/]*test_\w+\.py)`", page)

    assert len(files) > 8
    assert [file for file in files if not (TESTS / file).is_file()] == []
