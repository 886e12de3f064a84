"""A config that `train` is given is Python code: it runs only where it lies in a trusted place."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripted import confirm_all

from xtgui_cli.project import trust
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder

STRANGER = 4711
"""The number of a user that is not oneself."""


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "xtgui.toml").touch()
    trust.trust(root)
    return root


@pytest.fixture
def downloaded(tmp_path: Path) -> Path:
    config = tmp_path / "downloads" / "x.py"
    config.parent.mkdir()
    config.write_text("lr = 1\n")
    return config


def assert_refused(config: Path, root: Path) -> None:
    with pytest.raises(XtguiError) as caught:
        trust.require_trusted_config(config, root, may_ask=False)
    assert (caught.value.code, caught.value.exit) == ("trust.config_not_trusted", Exit.ANSWERS)


def test_a_config_from_elsewhere_needs_trust_in_its_own_folder(
    project: Path, downloaded: Path
) -> None:
    assert_refused(downloaded, project)

    trust.trust_config(downloaded)

    trust.require_trusted_config(downloaded, project, may_ask=False)


def test_a_config_inside_the_trusted_project_is_its_own(project: Path) -> None:
    config = project / "runs" / "old" / "x.py"
    config.parent.mkdir(parents=True)
    config.write_text("lr = 1\n")

    trust.require_trusted_config(config, project, may_ask=False)


def test_a_config_that_somebody_else_has_put_into_the_project_is_asked_about(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = project / "x.py"
    config.write_text("lr = 1\n")
    owners_of = trust.owners_of
    monkeypatch.setattr(
        trust, "owners_of", lambda path: {STRANGER} if path == config else owners_of(path)
    )

    assert_refused(config, project)


def test_a_link_in_the_project_to_a_config_elsewhere_is_one_from_elsewhere(
    project: Path, downloaded: Path
) -> None:
    (project / "x.py").symlink_to(downloaded)

    assert_refused(project / "x.py", project)


def test_a_config_of_another_trusted_project_is_trusted(project: Path, tmp_path: Path) -> None:
    other = RunFolder(tmp_path / "other")
    other.work_dir.mkdir(parents=True)
    other.config_file.write_text("lr = 1\n")
    trust.trust(other.root)

    trust.require_trusted_config(other.config_file, project, may_ask=False)


def test_a_config_is_asked_about_once(
    project: Path, downloaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = confirm_all(monkeypatch, answer=True)

    trust.require_trusted_config(downloaded, project, may_ask=True)
    downloaded.write_text("lr = 2\n")
    trust.require_trusted_config(downloaded, project, may_ask=True)

    assert len(asked) == 1
