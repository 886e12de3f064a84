"""`xtgui setup`, run as a user runs it: what it does, and what it says where it cannot."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest
from engine_python import needs_engine_python
from setup_command import make_python, run_setup

from xtgui_cli.project import engine_environment, engine_install
from xtgui_cli.runs import uv
from xtgui_cli.shared.errors import Exit, XtguiError

pytestmark = pytest.mark.process


@pytest.mark.engine
def test_a_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    done = run_setup(tmp_path)

    assert done.returncode == 0
    assert "Nothing to do" in done.stderr
    assert not (tmp_path / "config").exists()


def test_a_python_without_engine_packages_is_refused_by_version(tmp_path: Path) -> None:
    python = make_python(tmp_path, version=[3, 13, 1])

    done = run_setup(tmp_path, "--python", str(python))

    assert done.returncode == 3
    assert "is Python 3.13.1; the training engine needs 3.11 to 3.12" in done.stderr
    assert "xtgui setup --python" in done.stderr


def test_the_systems_own_python_is_left_alone(tmp_path: Path) -> None:
    python = make_python(tmp_path, managed=True)

    done = run_setup(tmp_path, "--python", str(python))

    assert done.returncode == 3
    assert f"{python} -m venv" in done.stderr


def test_another_environments_versions_are_not_changed_unasked(tmp_path: Path) -> None:
    python = make_python(tmp_path, versions={"torch": "2.1.0"})

    done = run_setup(tmp_path, "--python", str(python))

    assert done.returncode == 2
    assert "torch 2.1.0" in done.stderr
    assert not (tmp_path / "config").exists()


def test_another_build_of_the_same_versions_is_left_as_it_is(tmp_path: Path) -> None:
    wanted = uv.pinned_versions("modern") | uv.pinned_versions("demo")
    python = make_python(tmp_path, versions={**wanted, "torch": f"{wanted['torch']}+cu126"})

    done = run_setup(tmp_path, "--python", str(python))

    assert done.returncode == 0, done.stderr
    assert "Nothing to do" in done.stderr


@pytest.mark.parametrize("name", ["nowhere/python", "/etc/passwd"])
def test_a_path_that_is_no_python_is_said_so(tmp_path: Path, name: str) -> None:
    done = run_setup(tmp_path, "--python", name)

    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


@needs_engine_python
def test_an_index_that_cannot_be_reached_is_a_reason_and_a_hint(tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=False)

    done = run_setup(
        tmp_path,
        "--yes",
        "--python",
        str(tmp_path / "empty" / "bin" / "python"),
        UV_DEFAULT_INDEX="http://127.0.0.1:9/simple",
        UV_CACHE_DIR=str(tmp_path / "uv"),
        UV_HTTP_RETRIES="0",
    )

    assert done.returncode == 1
    assert "Cannot connect to the package index" in done.stderr
    assert "run xtgui setup again" in done.stderr
    assert (tmp_path / "cache" / "xtgui" / "setup.log").read_text()
    assert not (tmp_path / "config").exists()


@needs_engine_python
def test_without_a_terminal_gigabytes_are_installed_only_with_a_yes(tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=False)
    python = str(tmp_path / "empty" / "bin" / "python")

    done = run_setup(tmp_path, "--python", python, UV_DEFAULT_INDEX="http://127.0.0.1:9/simple")

    assert done.returncode == 2
    assert "8 GB" in done.stderr
    assert "add --yes" in done.stderr
    assert not (tmp_path / "cache" / "xtgui" / "setup.log").exists()


def test_a_disk_that_is_too_small_is_noticed_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(XtguiError) as caught:
        engine_install.check_space([tmp_path / "venv" / "site"], free=lambda folder: 3_000_000_000)

    assert caught.value.code == "setup.no_space"
    assert caught.value.data == {
        "needed": 8,
        "folder": tmp_path / "venv" / "site",
        "free": "3.0 GB",
    }


@needs_engine_python
def test_without_uv_its_own_installation_is_the_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uv, "find_uv", list)
    environment = engine_environment.inspect_environment(Path(sys.executable), [])

    with pytest.raises(XtguiError) as caught:
        engine_install.check_target(environment, {})

    assert caught.value.code == "setup.uv_missing"


def test_training_beside_a_python_that_no_engine_exists_for_says_which_one_to_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_environment, "chosen_python", lambda *_: None)
    monkeypatch.setattr(engine_environment, "_NEEDED", ("no_such_package",))
    monkeypatch.setattr(sys, "version_info", (3, 13, 0, "final", 0))

    with pytest.raises(XtguiError) as caught:
        engine_environment.find_engine()

    assert (caught.value.code, caught.value.exit) == ("setup.wrong_python", Exit.ENVIRONMENT)
    assert caught.value.data["newest"] == "3.12"
