"""The last lines of a log, however fast it grows."""

from __future__ import annotations

from pathlib import Path

from xtgui_cli.runs.log_tail import LogTail, last_lines


def test_lines_come_as_they_are_written(tmp_path: Path) -> None:
    log = tmp_path / "log"
    tail = LogTail(log)

    assert not tail.read()
    log.write_text("one\ntw")
    assert tail.read()
    with log.open("a") as file:
        file.write("o\n")
    assert tail.read()

    assert list(tail.lines) == ["one", "two"]
    assert not tail.read()


def test_of_a_flood_only_the_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "log"
    tail = LogTail(log)
    log.write_bytes(b"x" * 200 + b"\n" + (b"flood " * 200 + b"\n") * 5000 + b"last\n")

    tail.read()

    assert tail.lines[-1] == "last"
    assert len(tail.lines) < 100


def test_a_log_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    log = tmp_path / "log"
    tail = LogTail(log)
    log.write_text("a long first line\n")
    tail.read()

    log.write_text("new\n")
    tail.read()

    assert tail.lines[-1] == "new"


def test_of_a_progress_bar_the_last_state_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"10%\r50%\r100%\r\nnext\n")

    assert last_lines(log, 5) == ["100%", "next"]


def test_the_last_lines_of_a_big_file_are_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("".join(f"line {number} {'x' * 500}\n" for number in range(1000)))

    lines = last_lines(log, 300)

    assert len(lines) == 300
    assert lines[0].startswith("line 700 ")
    assert lines[-1].startswith("line 999 ")


def test_a_log_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "nothing", 3) == []
