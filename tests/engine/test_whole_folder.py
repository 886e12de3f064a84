"""A folder of results appears whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from moments import count_moments, end_at, spread
from small_disk import small_disk

from xtgui_cli.engine import whole_folder as module
from xtgui_cli.engine.whole_folder import (
    RECORD,
    THIS_HOST,
    intact_record,
    made_from,
    whole_folder,
)
from xtgui_cli.shared import atomic
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.model_card import sealed

pytestmark = pytest.mark.process

MODULES = (module, atomic)


def make(target: Path, name: str) -> None:
    with whole_folder(target, {"made": name}, 0) as folder:
        (folder / "weights").write_text(name * 100)


def fail_half_way(target: Path, error: BaseException) -> None:
    with whole_folder(target, {"made": "never"}, 0) as folder:
        (folder / "half").write_text("h")
        raise error


def test_the_folder_appears_when_the_block_has_ended_well(tmp_path: Path) -> None:
    target = tmp_path / "result"

    with whole_folder(target, {"made": "test"}, 0) as folder:
        (folder / "weights").write_text("w")
        assert not target.exists()

    assert (target / "weights").read_text() == "w"
    assert made_from(target) == {"made": "test"}
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_is_left_when_the_block_fails_and_an_old_result_stays(tmp_path: Path) -> None:
    target = tmp_path / "result"
    with whole_folder(target, {"made": "first"}, 0):
        pass

    with pytest.raises(KeyboardInterrupt):
        fail_half_way(target, KeyboardInterrupt())

    assert made_from(target) == {"made": "first"}
    assert list(tmp_path.iterdir()) == [target]


def test_an_old_result_of_ours_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "result"
    for name in ("first", "second"):
        with whole_folder(target, {"made": name}, 0) as folder:
            (folder / name).touch()

    assert sorted(path.name for path in target.iterdir() if path.name[0] != ".") == ["second"]
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("harm", ["cut", "gone", "none"])
def test_a_result_that_was_damaged_later_is_not_called_complete(tmp_path: Path, harm: str) -> None:
    target = tmp_path / "result"
    with whole_folder(target, {"made": "test"}, 0) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "weights").write_text("weights")
    (target / "README.md").write_text("a card that was written later")

    weights = target / "sub" / "weights"
    if harm == "cut":
        weights.write_text("weig")
    elif harm == "gone":
        weights.unlink()

    assert intact_record(target) == ({"made": "test"} if harm == "none" else None)
    assert made_from(target) == {"made": "test"}


@pytest.mark.parametrize(
    "files", [None, 3, ["a"], {"a": "1"}, {"../../etc/passwd": 1}, {"/etc/passwd": 1}]
)
def test_a_record_without_right_sizes_vouches_for_nothing(tmp_path: Path, files: object) -> None:
    (tmp_path / RECORD).write_text(json.dumps({"made": "test", "files": files}))

    assert intact_record(tmp_path) is None


@pytest.mark.parametrize("text", ["[" * 100_000, '{"made": ' * 100_000, "1" * 5000, "\xff"])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text, "latin1")

    assert made_from(tmp_path) is intact_record(tmp_path) is None


def test_a_leftover_with_a_number_that_no_process_has_stays(tmp_path: Path) -> None:
    leftover = tmp_path / f".result.{THIS_HOST}.{'9' * 30}.tmp"
    leftover.mkdir()

    with whole_folder(tmp_path / "result", {}, 0):
        pass

    assert leftover.is_dir()


def test_a_card_that_was_edited_outlives_the_result_it_stood_in(tmp_path: Path) -> None:
    target = tmp_path / "result"
    for name in ("first", "second", "third"):
        with whole_folder(target, {"made": name}, 0):
            pass
        card = "mine" if name == "first" else (target / "README.md").read_text()
        (target / "README.md").write_text(card)

    assert (target / "README.md").read_text() == "mine"


def test_a_card_that_nobody_edited_goes_with_its_result(tmp_path: Path) -> None:
    target = tmp_path / "result"
    with whole_folder(target, {"made": "first"}, 0) as folder:
        (folder / "README.md").write_text(sealed("ours"))

    with whole_folder(target, {"made": "second"}, 0):
        pass

    assert not (target / "README.md").exists()


def test_a_folder_that_is_not_ours_is_kept_under_another_name(tmp_path: Path) -> None:
    target = tmp_path / "result"
    target.mkdir()
    (target / "mine").write_text("precious")

    with whole_folder(target, {"made": "test"}, 0):
        pass

    kept = [path for path in tmp_path.iterdir() if path != target]
    assert [(path / "mine").read_text() for path in kept] == ["precious"]


def test_what_a_killed_engine_left_is_removed_next_time(tmp_path: Path) -> None:
    no_such_process = 2**22 + 1
    leftover = tmp_path / f".result.{THIS_HOST}.{no_such_process}.tmp"
    running = tmp_path / f".result.{THIS_HOST}.{os.getppid()}.tmp"
    elsewhere = tmp_path / f".result.other-host.{no_such_process}.tmp"
    for path in (leftover, running, elsewhere):
        path.mkdir()

    with whole_folder(tmp_path / "result", {}, 0):
        pass

    assert not leftover.exists()
    assert running.exists()
    assert elsewhere.exists()  # on a shared disk, another machine may be writing it


def test_the_disk_holds_every_file_before_the_folder_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, bool]] = []
    target, real = tmp_path / "result", os.fsync

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((path.name if path.suffix != ".tmp" else "folder", target.exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)

    with whole_folder(target, {}, 0) as folder:
        (folder / "weights").write_bytes(b"x")

    before, after = synced[:3], synced[3:]
    assert {name for name, _ in before} == {"weights", RECORD, "folder"}
    assert not any(is_named for _, is_named in before)
    assert after == [(tmp_path.name, True)]


def test_too_little_space_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(XtguiError) as caught, whole_folder(tmp_path / "result", {}, 1 << 60):
        pytest.fail("the block was entered")

    assert caught.value.code == "convert.no_space"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_disk_that_fills_up_is_said_and_cleaned_up(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(XtguiError) as caught:
        fail_half_way(tmp_path / "result", error)

    assert caught.value.code == "convert.disk_filled_up"
    assert list(tmp_path.iterdir()) == []


# --- interrupted ---------------------------------------------------------------------------------

MOST = {signal.SIGKILL: 1000, signal.SIGINT: 40}
"""How many moments are tried: all of those at which nothing can be put right any more."""


@pytest.mark.usefixtures("quick_disk")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("can_exchange", [True, False])
def test_at_whatever_moment_it_is_interrupted_the_older_result_or_the_new_one_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, can_exchange: bool
) -> None:
    """Where names cannot be exchanged, the next engine puts an older one back that was moved."""
    if not can_exchange:
        monkeypatch.setattr(module, "exchange", lambda *_: False)
    make(tmp_path / "counted" / "result", "first")
    moments = count_moments(partial(make, tmp_path / "counted" / "result", "second"), MODULES)

    left: set[object] = set()
    for moment in spread(moments, MOST[number]):
        target = tmp_path / str(moment) / "result"
        make(target, "first")
        end_at(moment, number, partial(make, target, "second"), MODULES)
        if not target.exists():
            assert not can_exchange
            with pytest.raises(ValueError, match="nothing"):
                fail_half_way(target, ValueError("nothing"))
        made = intact_record(target)
        make(target, "third")

        assert made in ({"made": "first"}, {"made": "second"}), moment
        assert list(target.parent.iterdir()) == [target]
        left.add(made["made"])
    assert left == {"first", "second"}


@pytest.mark.usefixtures("quick_disk")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_at_whatever_moment_it_is_interrupted_nothing_looks_complete_that_is_not(
    tmp_path: Path, number: signal.Signals
) -> None:
    moments = count_moments(partial(make, tmp_path / "counted" / "result", "first"), MODULES)

    for moment in spread(moments, MOST[number]):
        target = tmp_path / str(moment) / "result"
        end_at(moment, number, partial(make, target, "first"), MODULES)

        assert not target.exists() or intact_record(target) == {"made": "first"}, moment


@pytest.mark.usefixtures("quick_disk")
def test_at_whatever_moment_it_is_killed_a_folder_that_is_not_ours_is_kept(tmp_path: Path) -> None:
    def begin(name: str) -> Path:
        target = tmp_path / name / "result"
        target.mkdir(parents=True)
        (target / "mine").write_text("precious")
        return target

    counted = begin("counted")
    moments = count_moments(partial(make, counted, "ours"), MODULES)

    for moment in range(1, moments + 1):
        target = begin(str(moment))
        end_at(moment, signal.SIGKILL, partial(make, target, "ours"), MODULES)
        make(target, "ours")

        kept = [path.read_text() for path in target.parent.rglob("mine")]
        assert kept == ["precious"], moment


# --- twice at once -------------------------------------------------------------------------------

TWO = """
import sys
from pathlib import Path
from xtgui_cli.engine.whole_folder import whole_folder

with whole_folder(Path(sys.argv[1]), {"made": sys.argv[2]}, 0) as folder:
    (folder / "weights").write_text(sys.argv[2] * 100)
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("names", [("same", "same"), ("one", "other")])
@pytest.mark.parametrize("is_first_time", [True, False])
def test_two_at_once_leave_one_whole_result(
    tmp_path: Path, names: tuple[str, str], is_first_time: bool
) -> None:
    target = tmp_path / "result"
    if not is_first_time:
        make(target, "older")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TWO, str(target), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in names
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"

    for process in both:  # both are within the block: they end it at the same moment
        assert process.stdin is not None
        process.stdin.close()
    codes = [process.wait(30) for process in both]
    for process in both:
        assert process.stdout is not None
        process.stdout.close()

    assert codes == [0, 0]
    assert intact_record(target) in [{"made": name} for name in names]
    assert list(tmp_path.iterdir()) == [target]


# --- a full disk ---------------------------------------------------------------------------------

TOO_LARGE = """
import sys
from pathlib import Path
from xtgui_cli.engine.whole_folder import whole_folder
from xtgui_cli.shared.errors import XtguiError

try:
    with whole_folder(Path("result"), {"made": "second"}, 0) as folder:
        (folder / "weights").write_bytes(bytes(3 << 20))
except XtguiError as error:
    sys.exit(error.code)
"""


def test_a_real_disk_that_fills_up_leaves_the_older_result_and_nothing_else(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        make(disk.seen / "result", "first")

        failed = subprocess.run(
            disk.command(sys.executable, "-c", TOO_LARGE), stderr=subprocess.PIPE, check=False
        )

        assert failed.stderr.decode().strip() == "convert.disk_filled_up"
        assert intact_record(disk.seen / "result") == {"made": "first"}
        assert [path.name for path in disk.seen.iterdir()] == ["result"]
