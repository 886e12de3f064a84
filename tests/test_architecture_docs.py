"""The architecture page names what is there: files, rooms, and the paths of a project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from places import DOCS, REPOSITORY

from xtgui_cli.shared.run_folder import RunFolder

SOURCE = REPOSITORY / "src" / "xtgui_cli"
PAGES = ("architecture.md", "architecture.zh.md")
OF_THE_USER = {"xtgui.toml", "config.toml"}


def read(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def named(page: str) -> list[str]:
    """Return the files and folders that a page names outside of its pictures."""
    prose = re.sub(r"```.*?```", "", read(page), flags=re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", prose)
    files = re.compile(r"(?:python )?([\w./-]+(?:/|\.(?:py|md|json|toml)))")
    return [match[1] for span in spans if (match := files.fullmatch(span))]


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_the_page_names_is_there(page: str) -> None:
    names = set(named(page)) - OF_THE_USER

    missing = [
        name for name in names if not any((at / name).exists() for at in (SOURCE, REPOSITORY))
    ]

    assert len(names) > 40
    assert missing == []


def test_both_languages_name_the_same_paths() -> None:
    english, chinese = map(named, PAGES)

    assert sorted(chinese) == sorted(english)


@pytest.mark.parametrize("page", PAGES)
def test_the_rooms_stand_in_the_order_that_the_import_contracts_hold(page: str) -> None:
    contract = re.search(
        r"^layers = \[(.*?)^\]", (REPOSITORY / "pyproject.toml").read_text("utf-8"), re.M | re.S
    )
    assert contract
    layers = [
        ", ".join(re.findall(r"xtgui_cli\.(\w+)", line))
        for line in contract[1].strip().splitlines()
    ]

    assert f"{' → '.join(layers)} ← engine" in read(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_room_has_its_line(page: str) -> None:
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")}

    assert set(re.findall(r"^\| `(\w+)` \|", read(page), re.M)) == rooms


@pytest.mark.parametrize("page", PAGES)
def test_every_path_of_a_project_stands_in_the_picture(page: str) -> None:
    folder = RunFolder(Path("ROOT"))
    properties = (name for name, one in vars(RunFolder).items() if isinstance(one, property))
    paths = [value for name in properties if isinstance(value := getattr(folder, name), Path)]
    picture = re.search(r"^ROOT/\n(.*?)^```", read(page), re.M | re.S)
    assert picture

    names = [path.name for path in paths if path != folder.root]

    assert len(names) > 10
    assert [name for name in names if f" {name}" not in picture[1]] == []
