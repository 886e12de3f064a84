"""A folder that was found somewhere is a stranger's until the user says otherwise."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from scripted import confirm_all

from xtgui_cli.project import settings_file, trust
from xtgui_cli.project.nearest_project import find_project, remember_project
from xtgui_cli.project.trust import is_trusted, require_trust, was_trusted
from xtgui_cli.project.user_config import config_file, save_user_config, user_table
from xtgui_cli.shared import own_files
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder

STRANGER = 4711
"""The number of a user that is not oneself."""
WITH_CODE = '[model]\npath = "/models/a"\ntrust_remote_code = true\n'


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def found(tmp_path: Path) -> Path:
    root = tmp_path / "found"
    root.mkdir()
    (root / "xtgui.toml").write_text("[train]\nlr = 1e-4\n")
    return root


@pytest.fixture
def as_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be somebody else from now on: whatever the test has made belongs to another user."""
    monkeypatch.setattr(trust, "owners_of", lambda path: {STRANGER} if path.exists() else set())


def test_an_empty_folder_needs_no_trust(tmp_path: Path) -> None:
    require_trust(tmp_path, may_ask=False)


def test_a_found_folder_is_refused_where_nobody_can_be_asked(found: Path) -> None:
    with pytest.raises(XtguiError) as caught:
        require_trust(found, may_ask=False)

    assert (caught.value.code, caught.value.exit) == ("trust.not_trusted", Exit.ANSWERS)


def test_a_folder_is_asked_about_once(found: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = confirm_all(monkeypatch, answer=True)

    require_trust(found, may_ask=True)
    require_trust(found, may_ask=True)

    assert len(asked) == 1


def test_no_is_an_answer_and_is_not_remembered(
    found: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm_all(monkeypatch, answer=False)

    with pytest.raises(XtguiError):
        require_trust(found, may_ask=True)

    assert not is_trusted(found)


def test_trust_is_for_one_folder_and_not_for_those_in_it(found: Path) -> None:
    inner = found / "inner"
    (inner / "work_dir").mkdir(parents=True)

    trust.trust(found)

    assert is_trusted(found)
    assert not is_trusted(inner)


def test_a_link_to_a_trusted_folder_is_the_folder(found: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(found)

    trust.trust(found)

    assert is_trusted(link)


def test_what_a_found_folder_says_about_trust_counts_for_nothing(found: Path) -> None:
    (found / "config.toml").write_text(f'[trust]\nroots = ["{found}"]\n')

    assert not is_trusted(found)


def test_a_name_that_is_no_utf8_can_be_trusted(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"caf\xe9")
    (root / "work_dir").mkdir(parents=True)

    trust.trust(root)

    assert is_trusted(root)


# --- when it is asked again -------------------------------------------------------------------


def test_ones_own_changes_are_never_asked_about(found: Path) -> None:
    trust.trust(found)

    folder = RunFolder(found)
    settings_file.save(folder.settings_file, {"train.lr": 1e-3, "paths.cache": "/data"})
    folder.work_dir.mkdir()
    folder.config_file.write_text("lr = 1\nimport os\n")

    assert is_trusted(found)


def test_another_folder_under_the_same_name_is_another_folder(found: Path, tmp_path: Path) -> None:
    trust.trust(found)
    found.rename(tmp_path / "away")

    shutil.copytree(tmp_path / "away", found)

    assert not is_trusted(found)


def test_a_folder_that_somebody_else_owns_by_now_is_asked_about(
    found: Path, as_stranger: None
) -> None:
    """Trust was given while the files were one's own: simulated by a record without owners."""
    trust.trust(found)
    assert is_trusted(found)
    name = str(found)
    save_user_config({f"trusted.{name}": user_table("trusted")[name] | {"owners": []}})

    assert not is_trusted(found)


@pytest.mark.parametrize("planted", ["xtgui.toml", "work_dir"])
def test_what_somebody_else_puts_into_a_trusted_folder_is_not_trusted(
    found: Path, planted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a shared folder that everybody may write in."""
    trust.trust(found)
    (found / "work_dir").mkdir(exist_ok=True)
    owners_of = trust.owners_of

    def with_planted(path: Path) -> set[int]:
        return {STRANGER} if path == found / planted else owners_of(path)

    monkeypatch.setattr(trust, "owners_of", with_planted)

    assert not is_trusted(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("planted", [".", "xtgui.toml", "work_dir", "work_dir/xtuner_config.py"])
def test_files_that_really_belong_to_another_user_are_noticed(found: Path, planted: str) -> None:
    folder = RunFolder(found)
    folder.work_dir.mkdir()
    folder.config_file.touch()
    trust.trust(found)
    assert trust.is_own(found)

    os.chown(found / planted, STRANGER, -1)

    assert not trust.is_own(found)
    assert not is_trusted(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_link_of_another_user_to_a_file_of_ones_own_is_noticed(
    found: Path, tmp_path: Path
) -> None:
    (found / "xtgui.toml").rename(tmp_path / "mine.toml")
    (found / "xtgui.toml").symlink_to(tmp_path / "mine.toml")

    os.lchown(found / "xtgui.toml", STRANGER, -1)

    assert not trust.is_own(found)


def test_what_root_has_left_in_ones_own_project_is_no_strangers(
    found: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a container does that runs as root; root can change all files anyway."""
    trust.trust(found)

    monkeypatch.setattr(trust, "owners_of", lambda path: {0, own_files.user_id()})

    assert trust.is_own(found)
    assert is_trusted(found)


def test_code_of_a_model_that_is_switched_on_by_hand_is_asked_about(found: Path) -> None:
    trust.trust(found)

    (found / "xtgui.toml").write_text(WITH_CODE)

    with pytest.raises(XtguiError) as caught:
        require_trust(found, may_ask=False)
    assert caught.value.data["why"].code == "trust.why_code"


def test_code_that_was_agreed_to_is_not_asked_about_again_nor_when_it_is_switched_off(
    found: Path,
) -> None:
    (found / "xtgui.toml").write_text(WITH_CODE)
    trust.trust(found)
    assert is_trusted(found)

    (found / "xtgui.toml").write_text(WITH_CODE.replace("true", "false"))

    assert is_trusted(found)


def test_another_model_that_brings_code_is_asked_about(found: Path) -> None:
    (found / "xtgui.toml").write_text(WITH_CODE)
    trust.trust(found)

    (found / "xtgui.toml").write_text(WITH_CODE.replace("/models/a", "/models/b"))

    assert not is_trusted(found)


def test_code_that_the_config_switches_on_counts_as_well(found: Path) -> None:
    trust.trust(found)
    folder = RunFolder(found)
    folder.work_dir.mkdir()

    folder.config_file.write_text(
        "pretrained_model_name_or_path = '/models/a'\ntrust_remote_code = True\n"
    )

    assert not is_trusted(found)


def test_toml_and_config_that_name_the_same_model_are_one_consent(found: Path) -> None:
    (found / "xtgui.toml").write_text(WITH_CODE)
    trust.trust(found)
    folder = RunFolder(found)
    folder.work_dir.mkdir()

    folder.config_file.write_text(
        "pretrained_model_name_or_path = '/models/a'\ntrust_remote_code = True\n"
    )

    assert is_trusted(found)


def test_broken_files_switch_nothing_on(found: Path) -> None:
    trust.trust(found)
    folder = RunFolder(found)
    folder.work_dir.mkdir()

    folder.settings_file.write_text("model = [\n")
    folder.config_file.write_text("trust_remote_code = (\n")

    assert is_trusted(found)


# --- records of before ------------------------------------------------------------------------


def test_a_folder_that_an_older_version_trusted_stays_trusted(found: Path, tmp_path: Path) -> None:
    (found / "xtgui.toml").write_text(WITH_CODE)
    save_user_config({"trust.roots": [str(tmp_path / "other"), str(found)]})

    assert is_trusted(found)

    assert user_table("trust")["roots"] == [str(tmp_path / "other")]
    assert user_table("trusted")[str(found)]["inode"] == found.stat().st_ino


def test_a_folder_that_is_not_ones_own_is_asked_about_in_spite_of_an_older_record(
    found: Path, as_stranger: None
) -> None:
    save_user_config({"trust.roots": [str(found)]})

    assert not is_trusted(found)


def test_an_older_record_counts_where_it_cannot_be_replaced(
    found: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    save_user_config({"trust.roots": [str(found)]})
    monkeypatch.setattr(trust, "save_user_config", refuse)

    assert is_trusted(found)


@pytest.mark.parametrize("record", ["5", '{inode = "x"}', "{}", '{owners = ["a"], code = 5}'])
def test_a_record_that_makes_no_sense_is_none(found: Path, record: str) -> None:
    trust.trust(found)
    config_file().write_text(f'[trusted]\n"{found}" = {record}\n')

    assert not is_trusted(found)


# --- a project of somebody else ---------------------------------------------------------------


def test_a_project_of_somebody_else_above_is_named_and_not_used(
    found: Path, as_stranger: None, capsys: pytest.CaptureFixture[str]
) -> None:
    below = found / "mine"
    below.mkdir()

    assert find_project(below) is None

    said = " ".join(capsys.readouterr().err.split())
    assert str(found) in said
    assert f"xtgui trust {found}" in said


def test_a_project_of_somebody_else_is_used_once_it_is_trusted(
    found: Path, as_stranger: None
) -> None:
    trust.trust(found)

    assert find_project(found) == found
    assert was_trusted(found)
    require_trust(found, may_ask=False)


def test_a_hostile_name_of_a_folder_is_quoted_in_the_command(
    tmp_path: Path, as_stranger: None, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "x; touch $(PWNED)"
    root.mkdir()
    (root / "xtgui.toml").touch()

    find_project(root)

    assert f"xtgui trust '{root}'" in capsys.readouterr().err


def test_ones_own_project_is_found_as_ever(found: Path) -> None:
    assert find_project(found) == found


# --- a run that was put away ------------------------------------------------------------------


def put_away(root: Path, config: str = "lr = 1e-4\n") -> Path:
    run = root / "runs" / "20240131_145313"
    run.mkdir(parents=True)
    RunFolder(run).config_file.write_text(config)
    return run


def test_a_run_that_was_put_away_is_trusted_with_its_project(found: Path) -> None:
    run = put_away(found)
    assert not is_trusted(run)

    trust.trust(found)

    assert is_trusted(run)
    assert list(user_table("trusted")) == [str(found)]


def test_a_run_that_was_put_away_without_a_project_is_trusted_by_itself(tmp_path: Path) -> None:
    run = put_away(tmp_path / "copied")
    assert not is_trusted(run)

    trust.trust(run)

    assert is_trusted(run)
    assert list(user_table("trusted")) == [str(run)]


def test_a_run_that_lets_a_model_run_its_code_is_asked_about_as_its_project_is(found: Path) -> None:
    trust.trust(found)
    code = 'pretrained_model_name_or_path = "/models/a"\ntrust_remote_code = True\n'
    run = put_away(found, code)
    assert not is_trusted(run)

    trust.trust(run)

    assert is_trusted(run)
    assert is_trusted(found)


def test_a_project_of_somebody_else_right_below_is_named_and_not_used(
    found: Path, as_stranger: None, capsys: pytest.CaptureFixture[str]
) -> None:
    remember_project(found)

    assert find_project(found.parent) is None
    assert f"xtgui trust {found}" in capsys.readouterr().err
