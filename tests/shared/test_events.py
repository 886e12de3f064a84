"""Events on a disk that is full: none is lost, none is glued to another, nobody is thrown out."""

from __future__ import annotations

import contextlib
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from xtgui_cli.engine.run_context import RunContext
from xtgui_cli.shared.events import EventReader, EventWriter, encode
from xtgui_cli.shared.own_files import NotOurFileError
from xtgui_cli.shared.run_folder import RunFolder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


@contextlib.contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file become larger, as on a full disk: it takes what has room and refuses the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(file: Path) -> list[str]:
    return [event["event"] for event in EventReader(file)()]


@pytest.mark.parametrize("taken", [0, 1, 20])
def test_an_event_that_the_disk_refused_comes_before_the_next_one(file: Path, taken: int) -> None:
    say = EventWriter(file)
    say("start")

    with room_for(file.stat().st_size + taken):
        say("checkpoint", file="iter_20.pth")
        say("iter", iter=21)
        assert names(file) == ["start"]
    say("end", status="finished")

    assert names(file) == ["start", "checkpoint", "iter", "end"]


def test_what_was_written_of_an_event_stands_on_a_line_of_its_own(file: Path) -> None:
    say = EventWriter(file)

    with room_for(10):
        say("checkpoint", file="iter_20.pth")
    say("end", status="finished")

    torn, *whole = file.read_text("utf-8").splitlines()
    assert len(torn) == 10
    assert [json.loads(line)["event"] for line in whole] == ["checkpoint", "end"]


@pytest.mark.parametrize("name", ["iter", "end"])
def test_an_event_of_which_only_the_line_break_was_refused_is_there_once(
    file: Path, name: str
) -> None:
    say, read = EventWriter(file, clock=lambda: 1.5), EventReader(file)
    say("start", config="x" * 5000)
    size = len(encode({"event": name, "at": 1.5, "iter": 1}))

    with room_for(file.stat().st_size + size - 1):
        say(name, iter=1)
    say.catch_up()
    say("iter", iter=2)

    assert [event["event"] for event in read()] == ["start", name, "iter"]


def test_a_start_after_a_torn_line_begins_on_a_new_one(file: Path) -> None:
    file.write_bytes(b'{"event": "it')

    EventWriter(file)("start")

    assert names(file) == ["start"]


def test_it_can_be_asked_whether_the_disk_takes_events_again(file: Path) -> None:
    say = EventWriter(file)
    with room_for(0):
        say("start")
        assert not say.catch_up()

    assert say.catch_up()
    assert names(file) == ["start"]


def test_a_full_disk_is_named_once_in_the_log(
    file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(b"\n" * 4096)
    say = EventWriter(file)

    with room_for(4096):
        for number in range(5):
            say("iter", iter=number)

    assert capfd.readouterr().err.count("an event could not be written") == 1


def test_a_training_goes_on_and_ends_where_no_event_can_be_written(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    context = RunContext(folder, EventWriter(folder.events_file))

    with room_for(0):
        context.enter("training")
        context.end("finished")

    context.say.catch_up()
    assert names(folder.events_file) == ["phase", "end"]


@pytest.mark.parametrize("name", ["waiting", "end"])
def test_what_must_be_said_is_read_at_once_and_only_once(file: Path, name: str) -> None:
    say, read = EventWriter(file), EventReader(file)

    with room_for(4096):
        for number in range(100):
            say("iter", iter=number)
        say(name, code="disk_full")
        assert [event["event"] for event in read()][-1] == name
        assert list(read()) == []
    say("iter", iter=100)

    assert name not in [event["event"] for event in read()]
    assert names(file) == [*["iter"] * 100, name, "iter"]


def test_a_start_forgets_what_an_earlier_one_had_to_say(file: Path) -> None:
    say = EventWriter(file)
    with room_for(4096):
        for number in range(100):
            say("iter", iter=number)
        say("end", status="failed")

    EventWriter(file)("start")

    assert names(file)[-1] == "start"


def test_half_a_line_is_read_when_the_rest_has_come(file: Path) -> None:
    read = EventReader(file)
    file.write_bytes(b'{"event": "start"}\n{"event": "pl')
    assert [event["event"] for event in read()] == ["start"]

    with file.open("ab") as more:
        more.write(b'an"}\n')

    assert [event["event"] for event in read()] == ["plan"]


def test_a_reader_that_stops_in_the_middle_misses_nothing(file: Path) -> None:
    file.write_bytes(b'{"event": "start"}\n{"event": "plan"}\n{"event": "end"}\n')
    read = EventReader(file)

    assert next(iter(read()))["event"] == "start"

    assert [event["event"] for event in read()] == ["plan", "end"]


def test_garbage_between_events_is_left_out(file: Path) -> None:
    lines = [b'{"event": "start"}', b"\xff\xfe\x00garbage", b"[1, 2]", b'{"event": 7}', b"", b"{"]
    file.write_bytes(b"\n".join([*lines, b'{"event": "end"}\n']))

    assert names(file) == ["start", "end"]


def test_events_are_not_written_into_a_pipe(file: Path) -> None:
    os.mkfifo(file)

    with pytest.raises(NotOurFileError):
        EventWriter(file)
