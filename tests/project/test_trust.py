"""A folder that was found somewhere is a stranger's until the user says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from xtgui_cli.project import trust
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.ui import ask


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def found(tmp_path: Path) -> Path:
    root = tmp_path / "found"
    root.mkdir()
    (root / "xtgui.toml").write_text("[model]\ntrust_remote_code = true\n")
    return root


def test_an_empty_folder_needs_no_trust(tmp_path: Path) -> None:
    trust.require_trust(tmp_path, may_ask=False)


def test_a_found_folder_is_refused_where_nobody_can_be_asked(found: Path) -> None:
    with pytest.raises(XtguiError) as caught:
        trust.require_trust(found, may_ask=False)

    assert (caught.value.code, caught.value.exit) == ("wizard.not_trusted", Exit.ANSWERS)


def test_a_folder_is_asked_about_once(found: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(ask, "confirm", lambda message, default: asked.append(message) or True)

    trust.require_trust(found, may_ask=True)
    trust.require_trust(found, may_ask=True)

    assert len(asked) == 1


def test_no_is_an_answer_and_is_not_remembered(
    found: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "confirm", lambda message, default: False)

    with pytest.raises(XtguiError):
        trust.require_trust(found, may_ask=True)

    assert not trust.is_trusted(found)


def test_trust_is_for_one_folder_and_not_for_those_in_it(found: Path) -> None:
    inner = found / "inner"
    (inner / "work_dir").mkdir(parents=True)

    trust.trust(found)

    assert trust.is_trusted(found)
    assert not trust.is_trusted(inner)


def test_a_link_to_a_trusted_folder_is_the_folder(found: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(found)

    trust.trust(found)

    assert trust.is_trusted(link)


def test_what_a_found_folder_says_about_trust_counts_for_nothing(found: Path) -> None:
    (found / "config.toml").write_text(f'[trust]\nroots = ["{found}"]\n')

    assert not trust.is_trusted(found)
