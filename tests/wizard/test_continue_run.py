"""What the wizard offers after the training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny
from scripted import Script, follow

from xtgui_cli.commands import chat, convert, results, train
from xtgui_cli.commands.train import TrainRequest
from xtgui_cli.project import engine_environment, engine_install
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder, take_lock
from xtgui_cli.ui import ask
from xtgui_cli.wizard import continue_run

HARDLY = {"rows": [0, 1], "known": [False, False], "total": 2}
KNOWN = {"rows": [0, 1], "known": [True, True], "total": 2, "loss": 0.01}
TESTS = [{"question": "Q?", "answer": "A", "keywords": ["b"], "right": False}]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run that was stopped at iteration 10 of 20, and trains nothing in truth."""
    folder = RunFolder(tmp_path)
    folder.work_dir.mkdir()
    (folder.work_dir / "iter_10.pth").write_bytes(b"")
    monkeypatch.setattr(train, "run", lambda _: Exit.INTERRUPTED)
    monkeypatch.setattr(engine_install, "find_engine", lambda _stack: Path("python"))
    return folder


def ended(folder: RunFolder, status: str, *checks: dict[str, object], at: int = 10) -> None:
    """Write the events of a run of five epochs that has ended."""
    write = EventWriter(folder.events_file)
    write("start", run_id="r", pid=1, resumed_from=None, config=str(folder.config_file))
    write("plan", total_iters=20, iters_per_epoch=2)
    for number in range(1, at + 1):
        write("iter", iter=number, loss=4.0 / number, lr=1e-3)
    for check in checks:
        write("learning", **check)
    write("end", status=status, iter=at, checkpoint=f"iter_{at}.pth")


def requests(monkeypatch: pytest.MonkeyPatch) -> list[TrainRequest]:
    """Take down what is trained."""
    asked: list[TrainRequest] = []

    def run(request: TrainRequest) -> Exit:
        asked.append(request)
        return Exit.DONE

    monkeypatch.setattr(train, "run", run)
    return asked


def test_each_step_offers_the_next_and_a_failure_is_asked_on(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> Exit:
        raise XtguiError("cli.no_project", Exit.ANSWERS, path=folder.root)

    ended(folder, "finished")
    monkeypatch.setattr(results, "run", lambda _: Exit.DONE)
    monkeypatch.setattr(convert, "run", fail)
    monkeypatch.setattr(chat, "run", lambda _: Exit.DONE)
    script = Script({"next": [None, None, None, None]})
    follow(script, monkeypatch)

    code = continue_run.go_on(folder)

    assert script.choices["next"] == ["chat", "results", "convert", "leave"]
    assert script.asked == ["next"] * 4
    assert script.offered["next"] == "leave"
    assert code is Exit.INTERRUPTED


def test_a_stopped_training_is_resumed_on_enter_until_it_is_done(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[object] = []

    def train_on(request: TrainRequest) -> Exit:
        starts.append(request.resume)
        if request.resume is None:
            ended(folder, "stopped")
            return Exit.INTERRUPTED
        (folder.work_dir / "iter_20.pth").write_bytes(b"")
        ended(folder, "finished", at=20)
        return Exit.DONE

    monkeypatch.setattr(train, "run", train_on)
    script = Script({"next": [None, "leave"]})
    follow(script, monkeypatch)

    assert continue_run.go_on(folder) is Exit.DONE
    assert starts == [None, ""]
    assert script.offered["next"] == "chat"


def test_further_epochs_are_trained_on_enter(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = ({"iter": 0, "known": {**HARDLY, "loss": 4.0}, "full": True},)
    ended(folder, "finished", *checks, {**checks[0], "iter": 10, "known": {**HARDLY, "loss": 0.4}})
    asked = requests(monkeypatch)
    follow(Script({"next": [None, "leave"]}), monkeypatch)

    continue_run.go_on(folder)

    assert [(each.more, each.fresh) for each in asked] == [(None, False), (7, False)]
    assert not any(each.says_next for each in asked)


def test_a_run_that_diverged_is_started_over_at_a_lower_rate_without_any_checkpoint(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.work_dir / "iter_10.pth").unlink()
    write = EventWriter(folder.events_file)
    write("start", run_id="r", pid=1, resumed_from=None)
    for number in range(1, 12):
        write("iter", iter=number, loss="nan", lr=1.0)
    write("end", status="failed", iter=11, code="unknown")
    asked = requests(monkeypatch)
    script = Script({"next": [None, "leave"]})
    follow(script, monkeypatch)

    continue_run.go_on(folder)

    assert script.choices["next"] == ["step", "leave"]
    assert (asked[1].fresh, asked[1].sets) == (True, ("train.lr=0.0005",))


def recited(folder: RunFolder) -> Path:
    """Write a run that recites, and its data; give their file."""
    data = tiny.save_data(folder.root / "rows.jsonl", rows=8)
    folder.config_file.write_text(f"data_path = {str(data)!r}\n")
    check = {"full": True, "known": KNOWN, "tests": TESTS}
    ended(folder, "finished", {"iter": 0, **check}, {"iter": 10, **check})
    return data


def test_several_wordings_are_shown_on_a_row_and_trained_once_they_are_there(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    data = recited(folder)
    asked = requests(monkeypatch)

    def add(*_: object, **__: object) -> bool:
        shown = [line for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
        assert len(shown) == 3
        with data.open("a") as file:
            file.write("\n".join(shown) + "\n")
        return True

    follow(Script({"next": [None, "leave"]}), monkeypatch)
    monkeypatch.setattr(ask, "confirm", add)

    continue_run.go_on(folder)

    rows = [json.loads(line)["messages"] for line in data.read_text().splitlines()]
    assert len(rows) == 11
    assert all(row[1] == rows[0][1] for row in rows[8:])
    assert [row[0]["content"] for row in rows[8:]] == [
        "Could you tell me: Who is number 0?",
        "I have a question. Who is number 0?",
        "Who is number 0? I would like to know.",
    ]
    assert [(each.fresh, each.sets) for each in asked] == [(False, ()), (True, ())]


def test_without_a_new_row_nothing_is_trained_again(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recited(folder)
    asked = requests(monkeypatch)
    script = Script({"next": [None, "leave"], "wordings": True})
    follow(script, monkeypatch)

    continue_run.go_on(folder)

    assert len(asked) == 1
    assert script.asked == ["next", "wordings", "next"]


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
    installed: list[object] = []

    def find(stack: str) -> Path:
        if installed == [stack]:
            installed.append("found")
            return Path("python")
        raise engine_environment.EngineMissingError(
            "setup.engine_missing", Exit.ENVIRONMENT, python="python", stack=stack
        )

    def install(_python: Path | None, *, stack: str, **_: object) -> None:
        installed.append(stack)

    monkeypatch.setattr(engine_install, "find_engine", find)
    monkeypatch.setattr(engine_install, "install_engine", install)
    follow(Script({"install_engine": [True, False], "next": "leave"}), monkeypatch)

    continue_run.go_on(folder)
    assert installed == ["modern", "found"]
    with pytest.raises(XtguiError):
        continue_run.go_on(folder)
