"""Every page of the documentation is in the index, in both languages, and every link works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from places import DOCS, REPOSITORY

ENGLISH, CHINESE = "README.md", "README.zh.md"
PAGES = [*sorted(DOCS.glob("*.md")), *sorted(REPOSITORY.glob("*.md"))]


def links_of(page: Path) -> list[Path]:
    """Return the files that a page links to, without anchors and without what is elsewhere."""
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    files = (target.partition("#")[0] for target in targets if "://" not in target)
    return [(page.parent / file).resolve() for file in files if file]


def listed(index: str) -> list[str]:
    """Return the pages of docs/ that the lines of an index name, in order."""
    lines = (DOCS / index).read_text("utf-8").splitlines()
    firsts = (line.partition("](")[2].partition(")")[0] for line in lines if line.startswith("- ["))
    return [name for name in firsts if "/" not in name]


def test_every_page_is_listed_once() -> None:
    english = [page.name for page in DOCS.glob("*.md") if not page.name.endswith(".zh.md")]

    assert sorted(listed(ENGLISH)) == sorted(set(english) - {ENGLISH})


def test_both_languages_list_the_same_pages_in_the_same_order() -> None:
    assert listed(CHINESE) == [name.replace(".md", ".zh.md") for name in listed(ENGLISH)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_link_leads_nowhere(page: Path) -> None:
    assert [str(link) for link in links_of(page) if not link.exists()] == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readme_links_to_the_index(readme: str) -> None:
    assert DOCS / readme in links_of(REPOSITORY / readme)
