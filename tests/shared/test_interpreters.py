"""No process that is started imports, or is configured, from the folder one stands in."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from engine_python import needs_engine_python
from places import PACKAGE

from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.shared import interpreters
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder

pytestmark = pytest.mark.process

XTGUI = Path(sys.executable).with_name("xtgui")
MODULES = (
    *("json", "email", "runpy", "signal", "random", "platform", "sysconfig", "tempfile"),
    *("uv", "pip", "jinja2", "numpy", "matplotlib", "multiprocessing", "sitecustomize"),
    *("contextlib", "functools", "types", "warnings"),
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder with modules that leave a mark when they are imported, and files for uv."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name in MODULES:
        mark = f"open({str(folder)!r} + '/PWNED_{name}', 'w').close()\n"
        if name in ("uv", "pip"):
            (folder / name).mkdir()
            (folder / name / "__init__.py").write_text(mark)
            (folder / name / "__main__.py").write_text(mark)
        else:
            (folder / f"{name}.py").write_text(mark)
    (folder / "uv.toml").write_text('[pip]\nextra-index-url = ["http://127.0.0.1:1/hostile"]\n')
    (folder / "matplotlibrc").write_text("text.usetex: True\n")  # all words go through LaTeX
    return folder


@pytest.fixture
def empty_python(tmp_path: Path) -> Path:
    venv.create(tmp_path / "empty", with_pip=False)
    return tmp_path / "empty" / "bin" / "python"


def run(hostile: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run xtgui as a user does, by its script, and see that nothing left its mark."""
    done = subprocess.run(
        [XTGUI, *arguments],
        cwd=hostile,
        env={
            **os.environ,
            "XTGUI_CONFIG_DIR": str(hostile.parent / "config"),
            "XDG_CACHE_HOME": str(hostile.parent / "cache"),
            "XTGUI_LANG": "en",
            "COLUMNS": "400",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert sorted(path.name for path in hostile.glob("PWNED_*")) == []
    assert "Unexpected error" not in done.stderr, done.stderr
    return done


@needs_engine_python
def test_setup_runs_nothing_of_the_folder_one_stands_in(hostile: Path, empty_python: Path) -> None:
    done = run(
        hostile,
        *("setup", "--yes", "--python", str(empty_python)),
        UV_DEFAULT_INDEX="http://127.0.0.1:9/simple",
        UV_CACHE_DIR=str(hostile.parent / "uv"),
        UV_HTTP_RETRIES="0",
    )

    assert "Cannot connect to the package index" in done.stderr
    log = (hostile.parent / "cache" / "xtgui" / "setup.log").read_text()
    assert "127.0.0.1:9" in log
    assert "hostile" not in log  # the index of the folder's uv.toml was not asked


def test_looking_for_the_engine_runs_nothing_of_the_folder(
    hostile: Path, empty_python: Path
) -> None:
    (hostile.parent / "config").mkdir()
    named = f'[engine]\npython = "{empty_python}"\n'
    (hostile.parent / "config" / "config.toml").write_text(named)

    assert run(hostile, "demo", "--yes").returncode == 3


def test_checking_a_model_runs_nothing_of_the_folder(hostile: Path, tiny_model: Path) -> None:
    assert "qwen_chat" in run(hostile, "check", "model", str(tiny_model)).stdout


@pytest.mark.engine
def test_drawing_curves_runs_nothing_of_the_folder(hostile: Path) -> None:
    folder = RunFolder(hostile)
    folder.state_dir.mkdir(parents=True)
    folder.config_file.touch()
    say = EventWriter(folder.events_file)
    say("start", run_id="1", method="lora", model="/m", pid=1)
    for number in range(1, 9):
        say("iter", iter=number, loss=1.0, lr=1e-4, epoch=1.0)

    done = run(hostile, "results", "--png", "curves.png")

    assert (done.returncode, done.stderr) == (0, "")


@needs_engine_python
def test_processes_that_the_engine_starts_import_nothing_of_the_folder(hostile: Path) -> None:
    """As a data loader's worker and Python's own resource tracker are started: by `-c`."""
    script = hostile.parent / "spawns.py"
    script.write_text(
        "import multiprocessing\n"
        "if __name__ == '__main__':\n"
        "    child = multiprocessing.get_context('spawn').Process(target=print, args=('hello',))\n"
        "    child.start(); child.join()\n"
    )

    done = subprocess.run(
        [sys.executable, script],
        cwd=hostile,
        env=engine_environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "hello\n"
    assert sorted(path.name for path in hostile.glob("PWNED_*")) == []


@pytest.mark.skipif(sys.version_info < (3, 11), reason="PYTHONSAFEPATH came with 3.11")
def test_a_path_that_names_the_current_folder_is_not_that_folder(
    hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`export PYTHONPATH=$PYTHONPATH:/x` leaves an empty entry, which is the current folder."""
    monkeypatch.chdir(hostile)
    monkeypatch.setenv("PYTHONPATH", ":")

    done = interpreters.run_apart(
        [sys.executable, "-c", "import json, os; print(json.dumps(os.getcwd()))"], text=True
    )

    assert json.loads(done.stdout) == "/"
    assert sorted(path.name for path in hostile.glob("PWNED_*")) == []


def test_processes_are_started_in_three_places_alone() -> None:
    """Whoever starts one elsewhere has to think of the folder that it stands in."""
    starts = [
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr)
        in {
            *(("subprocess", name) for name in ("run", "Popen", "call", "check_output")),
            *(("os", name) for name in ("system", "popen", "execv", "execve", "spawnv")),
        }
    ]

    assert sorted(set(starts)) == [
        "runs/engine_session.py",
        "runs/training_process.py",
        "shared/interpreters.py",
    ]
