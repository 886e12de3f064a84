"""The UI's end of an engine, against a stand-in that speaks the protocol without any library."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from xtgui_cli.runs.engine_session import DemoModelMissingError, EngineSession, SessionDiedError
from xtgui_cli.shared.errors import Exit, XtguiError

STAND_IN = f"""#!{sys.executable}
import json, os, signal, sys, time
cancelled = []
signal.signal(signal.SIGINT, lambda *_: cancelled.append(1))
def reply(request, event, **data):
    print(json.dumps({{"id": request["id"], "event": event, **data}}), flush=True)
print("a stray line of a library", flush=True)
print("to the log", file=sys.stderr, flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "count":
        for number in range(request["to"]):
            reply(request, "number", value=number)
        reply(request, "done", text=request["text"])
    elif request["do"] == "fail":
        code = request.get("code", "convert.gone")
        reply(request, "failed", code=code, data={{"name": "iter_3.pth"}}, exit=2)
    elif request["do"] == "die":
        os._exit(7)
    elif request["do"] == "be_killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif request["do"] == "answer":
        reply(request, "begun")
        while not cancelled:
            time.sleep(0.01)
        reply(request, "done", stop="cancelled")
    elif request["do"] == "hang":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        reply(request, "begun")
        while True:
            time.sleep(1)
"""


@pytest.fixture
def python(tmp_path: Path) -> Path:
    path = tmp_path / "python"
    path.write_text(STAND_IN, "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def engine(python: Path, tmp_path: Path) -> Iterator[EngineSession]:
    with EngineSession(python, tmp_path / "state" / "engine.log", patience_s=0.5) as session:
        yield session


def test_events_come_in_order_and_stray_prints_are_no_events(engine: EngineSession) -> None:
    events = list(engine.request("count", to=3, text="你好\nx"))

    assert [event.get("value") for event in events] == [0, 1, 2, None]
    assert events[-1]["event"] == "done"
    assert events[-1]["text"] == "你好\nx"


def test_a_request_that_nobody_followed_to_its_end_does_not_disturb_the_next(
    engine: EngineSession,
) -> None:
    next(engine.request("count", to=50, text="first"))

    assert engine.result("count", to=1, text="second")["text"] == "second"


def test_a_failure_is_raised_with_its_code_its_exit_and_the_log(engine: EngineSession) -> None:
    with pytest.raises(XtguiError) as caught:
        engine.result("fail")

    assert caught.value.code == "convert.gone"
    assert caught.value.exit is Exit.ANSWERS
    assert caught.value.data["name"] == "iter_3.pth"
    assert caught.value.data["log"].endswith("engine.log")


def test_a_failure_that_somebody_catches_is_of_its_own_class(engine: EngineSession) -> None:
    with pytest.raises(DemoModelMissingError):
        engine.result("fail", code="demo.model_missing")


def test_the_engine_goes_on_after_a_failure(engine: EngineSession) -> None:
    with pytest.raises(XtguiError):
        engine.result("fail")

    assert engine.result("count", to=0, text="still here")["text"] == "still here"


def test_an_engine_that_dies_is_an_error_that_names_the_log(engine: EngineSession) -> None:
    with pytest.raises(SessionDiedError) as caught:
        engine.result("die")

    assert caught.value.code == "session.died"
    assert caught.value.data["status"] == 7
    assert "to the log" in Path(caught.value.data["log"]).read_text("utf-8")


def test_asking_a_dead_engine_is_the_same_error(engine: EngineSession) -> None:
    with pytest.raises(XtguiError):
        engine.result("die")

    with pytest.raises(SessionDiedError) as caught:
        engine.result("count", to=1, text="")

    assert caught.value.code == "session.died"


def test_an_engine_that_the_system_killed_is_told_apart(engine: EngineSession) -> None:
    with pytest.raises(SessionDiedError) as caught:
        engine.result("be_killed")

    assert caught.value.code == "session.killed"


def test_cancel_ends_the_answer_and_keeps_its_end(engine: EngineSession) -> None:
    request = engine.request("answer")
    next(request)

    engine.cancel()

    assert next(request)["stop"] == "cancelled"


def test_an_engine_that_ignores_everything_is_gone_afterwards(python: Path, tmp_path: Path) -> None:
    with EngineSession(python, tmp_path / "log", patience_s=0.1) as session:
        next(session.request("hang"))
        pid = session.pid

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_interpreter_that_is_not_there_is_an_environment_error(tmp_path: Path) -> None:
    with pytest.raises(XtguiError) as caught, EngineSession(tmp_path / "none", tmp_path / "log"):
        pass

    assert caught.value.exit is Exit.ENVIRONMENT
