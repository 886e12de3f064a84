"""`xtgui init` without a terminal, or where a training runs: it ends and changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted import Script, follow

from xtgui_cli.project import settings_file, trust
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder, take_lock
from xtgui_cli.ui import ask
from xtgui_cli.wizard import init
from xtgui_cli.wizard.init import InitRequest
from xtgui_cli.wizard.questions import Question, ask_in_order
from xtgui_cli.wizard.session import Session


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A project with answers, of which the data are gone."""
    monkeypatch.setenv("XTGUI_CONFIG_DIR", str(tmp_path / "config"))
    folder = RunFolder(tmp_path / "project")
    folder.work_dir.mkdir(parents=True)
    answers = {"train.method": "lora", "data.path": str(tmp_path / "gone.jsonl")}
    settings_file.save(folder.settings_file, answers)
    folder.config_file.write_text("lr = 1e-4\n")
    trust.trust(folder.root)
    return folder


@pytest.mark.parametrize(
    ("arguments", "typed"), [([], b""), (["--step", "3"], b""), ([], b"\n" * 1000)]
)
def test_without_a_terminal_the_wizard_ends_at_once(
    folder: RunFolder, arguments: list[str], typed: bytes
) -> None:
    answers = folder.settings_file.read_bytes()
    command = [sys.executable, "-m", "xtgui_cli", "init", "--root", str(folder.root), *arguments]

    done = subprocess.run(command, input=typed, capture_output=True, timeout=60, check=False)

    said = done.stderr.decode()
    assert done.returncode == Exit.ANSWERS
    assert said.count("xtgui needs an answer but runs without a terminal") == 1
    assert "xtgui init --yes --set" in said
    assert folder.settings_file.read_bytes() == answers


def test_a_question_that_nobody_can_be_asked_is_asked_once(folder: RunFolder) -> None:
    asked = []

    def ask_method(_: Session) -> str:
        asked.append("train.method")
        return ask.text("Fine-tuning method")

    with pytest.raises(ask.NobodyToAskError):
        ask_in_order([Question("model.path", ask_method)], Session(folder))

    assert len(asked) == 1


# --- where a training runs -----------------------------------------------------------------------


@pytest.fixture
def training(folder: RunFolder) -> Iterator[RunFolder]:
    """The same project while somebody trains in it."""
    lock = take_lock(folder.lock_file)
    yield folder
    os.close(lock)


@pytest.mark.parametrize("yes", [True, False])
def test_a_project_that_trains_is_left_as_it_is(
    training: RunFolder, yes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(Script({}), monkeypatch)
    files = [training.settings_file, training.config_file]
    before = [file.read_bytes() for file in files]

    with pytest.raises(XtguiError) as caught:
        init.run(InitRequest(root=training.root, sets=("train.lr=1e-3",), yes=yes))

    assert (caught.value.code, caught.value.exit) == ("train.already_running", Exit.ANSWERS)
    assert [file.read_bytes() for file in files] == before
