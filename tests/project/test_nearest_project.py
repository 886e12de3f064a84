"""The project that the wizard has just made is found from where one stands."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from xtgui_cli.cli.entry import main
from xtgui_cli.project import nearest_project
from xtgui_cli.project.nearest_project import enter_command, find_project, recent_projects
from xtgui_cli.shared.errors import Exit


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder one stands in, with a file of one's own."""
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    shop = tmp_path / "shop"
    shop.mkdir()
    monkeypatch.chdir(shop)
    return shop


def make(root: Path) -> Path:
    root.mkdir(parents=True)
    (root / "xtgui.toml").write_text("")
    nearest_project.remember_project(root)
    return root


def test_after_the_wizard_its_commands_work_in_the_folder_above(
    shop: Path, tiny_model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = tiny.save_data(shop / "rows.jsonl", rows=20)
    sets = ["--set", f"model.path={tiny_model}", "--set", f"data.path={data}"]
    main(["init", "--root", "my-assistant", "--yes", "--no-train", *sets])
    capfd.readouterr()

    assert main([]) == Exit.DONE

    said = capfd.readouterr().out
    assert "xtgui · my-assistant" in said
    assert f"xtgui train --root {shop / 'my-assistant'}" in said
    assert find_project(shop) == shop / "my-assistant"


def test_a_project_above_comes_first(shop: Path) -> None:
    make(shop / "my-assistant")
    (shop / "xtgui.toml").write_text("")

    assert find_project(shop) == shop


def test_of_several_none_is_guessed_and_all_are_named(
    shop: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(shop / "one")
    make(shop / "my two")

    assert find_project(shop) is None
    assert main(["status"]) == Exit.ANSWERS
    said = capfd.readouterr().err
    assert "  cd 'my two'\n  cd one\n" in said
    assert "xtgui init" in said


def test_a_project_that_the_user_has_not_made_is_not_entered(shop: Path) -> None:
    (shop / "strange").mkdir()
    (shop / "strange" / "xtgui.toml").write_text("")

    assert find_project(shop) is None


def test_outside_of_any_project_the_latest_ones_are_offered(
    shop: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    elsewhere = make(tmp_path / "elsewhere" / "old")

    assert main([]) == Exit.DONE

    assert f"cd {elsewhere}" in capfd.readouterr().out


def test_what_is_gone_is_not_offered_and_no_more_than_ten_are_kept(shop: Path) -> None:
    projects = [make(shop / f"p{number}") for number in range(12)]
    (projects[-1] / "xtgui.toml").unlink()

    assert recent_projects() == tuple(reversed(projects[2:-1]))


def test_the_command_is_as_short_as_it_can_be(shop: Path, tmp_path: Path) -> None:
    assert enter_command(shop / "my-assistant") == "cd my-assistant"
    assert enter_command(tmp_path) == f"cd {tmp_path}"
