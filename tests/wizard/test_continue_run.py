"""What the wizard offers after the training."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripted import Script, follow

from xtgui_cli.commands import chat, convert, results, setup, train
from xtgui_cli.commands.train import TrainRequest
from xtgui_cli.project import engine_environment
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder, take_lock
from xtgui_cli.wizard import continue_run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    folder = RunFolder(tmp_path)
    folder.work_dir.mkdir()
    (folder.work_dir / "iter_10.pth").write_bytes(b"")
    monkeypatch.setattr(train, "run", lambda _: Exit.INTERRUPTED)
    monkeypatch.setattr(engine_environment, "find_engine", lambda: Path("python"))
    return folder


def test_each_step_offers_the_next_and_a_failure_is_asked_on(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> Exit:
        raise XtguiError("cli.no_project", Exit.ANSWERS, path=folder.root)

    monkeypatch.setattr(results, "run", lambda _: Exit.DONE)
    monkeypatch.setattr(convert, "run", fail)
    monkeypatch.setattr(chat, "run", lambda _: Exit.DONE)
    script = Script({"next": ["results", None, None, None]})
    follow(script, monkeypatch)

    code = continue_run.go_on(folder)

    assert script.asked == ["next"] * 4
    assert script.offered["next"] == "leave"
    assert code is Exit.INTERRUPTED


def test_a_stopped_training_is_offered_to_go_on_until_it_is_done(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = EventWriter(folder.events_file)
    write("plan", total_iters=20)
    starts: list[object] = []

    def train_on(request: TrainRequest) -> Exit:
        starts.append(request.resume)
        if request.resume is None:
            return Exit.INTERRUPTED
        (folder.work_dir / "iter_20.pth").write_bytes(b"")
        return Exit.DONE

    monkeypatch.setattr(train, "run", train_on)
    script = Script({"next": [None, "leave"]})
    follow(script, monkeypatch)

    assert continue_run.go_on(folder) is Exit.DONE
    assert starts == [None, ""]


def test_a_run_that_is_left_running_ends_the_sitting(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script({})
    follow(script, monkeypatch)
    take_lock(folder.lock_file)

    continue_run.go_on(folder)

    assert script.asked == []


def test_a_missing_engine_is_installed_when_wanted(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise engine_environment.EngineMissingError(
            "setup.engine_missing", Exit.ENVIRONMENT, python="python"
        )

    installed: list[object] = []
    monkeypatch.setattr(engine_environment, "find_engine", missing)
    monkeypatch.setattr(setup, "run", lambda request: installed.append(request.python) or Exit.DONE)
    follow(Script({"install_engine": [True, False], "next": "leave"}), monkeypatch)

    continue_run.go_on(folder)
    assert installed == [None]
    with pytest.raises(XtguiError):
        continue_run.go_on(folder)
