"""The built wheel, alone in a new environment with the user interface's packages only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import REPOSITORY

from xtgui_cli.runs import uv

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it, and give the environment's bin folder."""
    folder = tmp_path_factory.mktemp("wheel")
    environment = uv.uv_environment(os.environ, uv.read_pip_config(Path(sys.executable)))

    def run(*arguments: str) -> None:
        command = [*uv.find_uv(), *arguments]
        subprocess.run(command, check=True, capture_output=True, env=environment)

    run("build", "--wheel", "--out-dir", str(folder), str(REPOSITORY))
    (wheel,) = folder.glob("*.whl")
    run("venv", "--python", sys.executable, str(folder / "alone"))
    python = folder / "alone" / "bin" / "python"
    run("pip", "install", "--python", str(python), str(wheel))
    return python.parent


@pytest.fixture(autouse=True)
def nothing_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer's own path holds would be found before the wheel."""
    monkeypatch.delenv("PYTHONPATH", raising=False)


def test_it_says_its_help(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "xtgui", "--help"], capture_output=True, text=True, cwd=tmp_path
    )

    assert done.returncode == 0
    assert "xtgui" in done.stdout
    assert done.stderr == ""


def test_it_brings_its_configs_its_stacks_and_the_demo(installed: Path) -> None:
    code = (
        "from xtgui_cli.shared.config_file import config_templates_dir\n"
        "from xtgui_cli.runs.uv import STACKS_DIR\n"
        "from xtgui_cli.shared.methods import METHODS\n"
        "configs = [f'{method}.py' for method in METHODS]\n"
        "for name in (*configs, 'demo/identity.jsonl', 'demo/demo.toml'):\n"
        "    assert (config_templates_dir() / name).is_file(), name\n"
        "for name in ('modern.txt', 'demo.txt'):\n"
        "    assert (STACKS_DIR / name).is_file(), name\n"
        "print(config_templates_dir())"
    )

    done = subprocess.run(
        [installed / "python", "-c", code], capture_output=True, text=True, check=True
    )

    assert str(installed.parent) in done.stdout


def test_without_an_engine_it_says_how_to_get_one(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "xtgui", "demo", "--root", str(tmp_path / "demo")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"XTGUI_CONFIG_DIR": str(tmp_path / "config"), "COLUMNS": "200"},
    )

    assert done.returncode == 3
    assert "xtgui setup" in done.stderr
    assert not (tmp_path / "demo").exists()
