"""`xtgui doctor`, run as a user runs it, on machines of several kinds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import fake_engine
import fake_nvidia_smi
import pytest
from engine_python import needs_engine
from fake_nvidia_smi import row
from rich.cells import cell_len

from xtgui_cli.texts import LANGUAGES

pytestmark = pytest.mark.process

NOBODY = "http://127.0.0.1:9"


def run_doctor(
    tmp_path: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run it where no hub is asked and no GPU is there, but one that a test adds."""
    return subprocess.run(
        [sys.executable, "-m", "xtgui_cli", "doctor", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env=os.environ
        | {
            "XTGUI_CONFIG_DIR": str(tmp_path / "config"),
            "XTGUI_CACHE_DIR": str(tmp_path / "cache"),
            "HF_ENDPOINT": NOBODY,
            "MODELSCOPE_ENDPOINT": NOBODY,
            "COLUMNS": "80",
            "LANG": "C.UTF-8",
        }
        | environment,
    )


def checks(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def use_engine(tmp_path: Path, python: Path) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(f'[engine]\npython = "{python}"\n')


def path_with(folder: Path) -> str:
    return f"{folder}:{os.environ['PATH']}"


@needs_engine
def test_a_machine_with_a_gpu_trains(tmp_path: Path) -> None:
    programs = fake_nvidia_smi.install(tmp_path / "bin", row(0, "NVIDIA GeForce RTX 3090", "8.6"))

    done = run_doctor(tmp_path, "--json", PATH=path_with(programs), HF_TOKEN="hf_secret")

    found = checks(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert found["gpu"]["text"].startswith("NVIDIA GeForce RTX 3090, 24.0 GiB")
    assert [found[name]["level"] for name in ("gpu", "cuda", "capability")] == ["ok"] * 3
    assert found["hub"]["level"] == "warning"
    assert found["token"]["code"] == "token.there"
    assert "hf_secret" not in done.stdout


def test_where_no_engine_is_installed_it_exits_3_and_names_the_command(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    python.chmod(0o755)
    use_engine(tmp_path, python)

    done = run_doctor(tmp_path)

    assert done.returncode == 3
    assert "✗ Engine" in done.stdout
    assert "xtgui setup" in map(str.strip, done.stdout.splitlines())
    assert "Training does not work here." in done.stdout


def test_an_interpreter_that_is_gone_is_named_and_exits_3(tmp_path: Path) -> None:
    use_engine(tmp_path, tmp_path / "gone" / "python")

    done = run_doctor(tmp_path, "--json")

    assert done.returncode == 3
    assert json.loads(done.stdout)["can_train"] is False
    assert checks(done)["modern"]["code"] == "stack.gone"


@needs_engine
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_fits_80_columns_and_leaves_commands_whole(
    tmp_path: Path, language: str
) -> None:
    done = run_doctor(tmp_path, "--lang", language, TERM="dumb")

    commands = [line for line in done.stdout.splitlines() if "export HF_ENDPOINT=" in line]
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert commands == [commands[0]]
    assert commands[0].strip() == "export HF_ENDPOINT=https://hf-mirror.com"
    others = [line for line in done.stdout.splitlines() if "pytest-" not in line]  # a long path
    assert max(map(cell_len, others)) <= 80


@needs_engine
def test_a_trial_that_fails_is_explained_and_exits_3(tmp_path: Path) -> None:
    use_engine(tmp_path, fake_engine.install(tmp_path / "engine"))

    done = run_doctor(tmp_path, "--deep", "--json", FAKE_ENGINE="breaks")

    found = checks(done)
    assert done.returncode == 3
    assert found["deep"]["code"] == "deep.failed"
    assert str(tmp_path / "cache" / "doctor.log") in found["deep"]["text"]


@pytest.mark.engine
def test_the_trial_quantises_and_trains_on_this_machine(tmp_path: Path) -> None:
    done = run_doctor(tmp_path, "--deep", "--json", OMP_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="")

    found = checks(done)
    assert done.returncode == 0, done.stdout + done.stderr
    assert found["deep"]["code"] == "deep.ok"
    assert "CPU" in found["deep"]["text"]
