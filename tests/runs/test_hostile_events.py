"""An events file that a stranger wrote: every fact is of its type or left out, no reader fails."""

from __future__ import annotations

import dataclasses
import json
import math
import tracemalloc
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile import VALUES
from hostile_events import EVENTS, with_all_fields_replaced, with_each_field_replaced

from xtgui_cli.cli.entry import main
from xtgui_cli.project.checkpoints import find_resume_point
from xtgui_cli.runs.progress import Progress
from xtgui_cli.runs.quick_status import glance
from xtgui_cli.runs.run_reader import RunReader
from xtgui_cli.runs.snapshot import Snapshot
from xtgui_cli.shared.events import EventReader, EventWriter, decode
from xtgui_cli.shared.run_folder import RunFolder, read_lock
from xtgui_cli.ui.train_lines import Teller
from xtgui_cli.ui.train_screen import View, draw_curves, draw_screen

pytestmark = pytest.mark.process

LINES = [json.dumps(event) for event in EVENTS]
MAY_BE_ANYTHING = {"loss", "losses", "lr", "lrs", "held_out", "wording", "p_value"}
"""Numbers of a training that has gone wrong: they may be nan or infinite."""
LARGEST = 2**53


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "project")
    folder.state_dir.mkdir(parents=True)
    (folder.work_dir / "iter_1.pth").write_bytes(b"PK")
    return folder


def write(folder: RunFolder, lines: list[str]) -> None:
    folder.events_file.write_bytes(("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))


def read(folder: RunFolder) -> Snapshot:
    progress = Progress()
    progress.add_all(EventReader(folder.events_file)())
    return progress.snapshot()


def test_a_hole_without_an_end_keeps_no_quick_look_waiting(folder: RunFolder) -> None:
    write(folder, ["x" * 70_000, *LINES])
    with folder.events_file.open("r+b") as events:
        events.truncate(1 << 42)

    seen, _ = glance(folder)

    assert seen.state == "died"


def test_a_start_that_is_too_long_is_not_read(folder: RunFolder) -> None:
    folder.events_file.write_bytes(b"x" * 70_000 + b'\n{"event": "start", "at": 1')
    with folder.events_file.open("r+b") as events:
        events.truncate(1 << 30)

    assert memory_of(lambda: glance(folder)) < 100 << 20


def memory_of(action: Callable[[], object]) -> int:
    """Return how many bytes of objects an action has at most at a time."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_events_are_understood_as_they_are(folder: RunFolder) -> None:
    write(folder, LINES)

    snapshot = read(folder)

    assert_typed(snapshot)
    assert (snapshot.iteration, snapshot.total, snapshot.method) == (1, 60, "lora")
    assert len(snapshot.learnings) == 2
    assert snapshot.end is not None


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:16])
def test_a_fact_is_of_its_type_whatever_one_field_holds(value: str) -> None:
    for lines in with_each_field_replaced(value):
        progress = Progress()
        progress.add_all(filter(None, map(decode, lines)))

        assert_typed(progress.snapshot())


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:16])
def test_no_reader_fails_whatever_the_fields_hold(
    value: str, folder: RunFolder, capfd: pytest.CaptureFixture[str]
) -> None:
    write(folder, with_all_fields_replaced(value))

    tell_all(folder)
    glance(folder)
    find_resume_point(folder)
    for command in COMMANDS:
        main([*command, "--root", str(folder.root)])

    told = capfd.readouterr()
    assert "Unexpected error" not in told.out + told.err


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:16])
def test_the_screen_keeps_its_size_whatever_the_numbers_are(value: str, folder: RunFolder) -> None:
    for lines in few_of(value):
        write(folder, lines)

        draw(folder)


COMMANDS = (
    ["status"],
    ["status", "--json"],
    ["results"],
    ["results", "--json"],
    ["attach", "--plain"],
    ["--json"],
)


def few_of(value: str) -> list[list[str]]:
    """Return runs in which the numbers that are drawn hold *value*, and the rest is right."""
    numbers = next(line for line in LINES if '"event": "iter"' in line)
    with_loss = [line.replace("2.5", value) if line == numbers else line for line in LINES]
    with_total = [line.replace('"total_iters": 60', f'"total_iters": {value}') for line in LINES]
    with_iter = [line.replace('"iter": 1', f'"iter": {value}') for line in LINES]
    return [with_loss, with_total, with_iter]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:16])
def test_a_lock_of_a_stranger_names_a_process_or_none(value: str, folder: RunFolder) -> None:
    fields = ", ".join(f'"{name}": {value}' for name in ("pid", "host", "run_id", "at"))
    for content in (value, f"{{{fields}}}"):
        folder.lock_file.write_text(content)

        holder = read_lock(folder.lock_file)

        assert_typed(holder)
        assert holder.pid is None or 0 < holder.pid <= LARGEST


def test_a_run_whose_paths_are_no_utf8_is_followed(folder: RunFolder) -> None:
    EventWriter(folder.events_file)("start", run_id="a", pid=7, config="/caf\udce9/config.py")

    run = RunReader(folder)
    run.update()

    assert run.snapshot().config == "/caf\udce9/config.py"


def test_a_line_that_never_ends_is_left_out_and_does_not_grow(folder: RunFolder) -> None:
    with folder.events_file.open("wb") as file:
        file.write(LINES[0].encode() + b"\n" + b'{"event": "iter", "x": "')
        for _ in range(40):
            file.write(b"x" * (1 << 20))
    reader = EventReader(folder.events_file)

    assert [event["event"] for event in reader()] == ["start"]
    with folder.events_file.open("ab") as file:
        file.write(b'"}\n' + LINES[1].encode() + b"\n")
    assert [event["event"] for event in reader()] == ["plan"]


def test_events_of_another_run_in_the_same_place_are_read_from_their_beginning(
    folder: RunFolder,
) -> None:
    write(folder, LINES)
    reader = EventReader(folder.events_file)
    assert len(list(reader())) == len(EVENTS)

    write(folder, LINES[:1])

    assert [event["event"] for event in reader()] == ["start"]


def draw(folder: RunFolder) -> None:
    snapshot = read(folder)
    run = RunReader(folder)
    run.update()
    for width, height in ((80, 24), (200, 50)):
        view = View("x", snapshot, run.state, now=2000.0, started_at=run.started_at)
        lines = draw_screen(view, width, height, draw_curves)
        assert len(lines) == height
        assert all(line.cell_len <= width for line in lines)


def tell_all(folder: RunFolder) -> None:
    progress, teller = Progress(), Teller()
    for event in EventReader(folder.events_file)():
        progress.add(event)
        for line in teller.tell(event, progress.snapshot):
            assert isinstance(line, str)


# --- whether a dataclass holds what its annotations say ----------------------------------------


def assert_typed(value: Any) -> None:
    for name, hint in typing.get_type_hints(type(value)).items():
        item = getattr(value, name)
        assert fits(item, hint, may_be_anything=name in MAY_BE_ANYTHING), (name, hint, item)


def fits(value: Any, hint: Any, *, may_be_anything: bool = False) -> bool:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one, may_be_anything=may_be_anything) for one in inner)
    if origin is typing.Literal:
        return value in inner
    if origin is tuple:
        assert inner[-1] is Ellipsis
        return isinstance(value, tuple) and all(
            fits(item, inner[0], may_be_anything=may_be_anything) for item in value
        )
    if hint is float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return is_number and (may_be_anything or abs(value) <= LARGEST)
    if hint is int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return is_whole and abs(value) <= LARGEST
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if isinstance(value, hint):
            assert_typed(value)
        return isinstance(value, hint)
    if hasattr(hint, "_fields"):  # a named tuple
        hints = typing.get_type_hints(hint).values()
        return isinstance(value, hint) and all(
            fits(item, one, may_be_anything=may_be_anything)
            for item, one in zip(value, hints, strict=True)
        )
    if origin is not None:
        return isinstance(value, origin)
    return hint is type(value) or (hint is float and math.isfinite(value))
