"""The last lines of a log, however fast it grows."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

from xtgui_cli.runs.log_tail import LogTail, last_lines, without_warnings


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


def test_a_progress_bar_is_seen_while_it_moves(tmp_path: Path) -> None:
    log = tmp_path / "log"
    tail = LogTail(log)

    for state in (b"before\n 10%", b"\r 50%", b"\r 90%\r"):
        with log.open("ab") as file:
            file.write(state)
        tail.read()

    assert list(tail.lines) == ["before", " 90%"]
    assert tail.take_whole() == ["before"]
    with log.open("ab") as file:
        file.write(b"100%\nafter\n")
    tail.read()
    assert tail.take_whole() == ["100%", "after"]


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


def test_lines_are_found_at_the_end_of_a_file_without_line_ends(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as file:
        file.seek(232_000_000)  # sparse: no line end in all of it
        file.write(b"\r 98%\r 99%\r100%")
    tracemalloc.start()

    lines = last_lines(log, 20)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == ["100%"]
    assert peak < 100_000_000


def test_a_line_of_many_megabytes_is_cut(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"first\n" + b"x" * 50_000_000 + b"\nlast\n")
    tail = LogTail(log)

    tail.read()

    cut, last = last_lines(log, 2)
    assert (len(cut), last) == (2000, "last")
    assert tail.lines[-1] == "last"
    assert max(map(len, tail.lines)) == 2000


def test_a_flood_of_lines_is_read_as_far_as_was_asked(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"".join(b"line %d\n" % number for number in range(200_000)))

    lines = last_lines(log, 150_000)

    assert (lines[0], lines[-1], len(lines)) == ("line 50000", "line 199999", 150_000)


def test_a_pipe_in_the_place_of_a_log_has_no_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    os.mkfifo(log)

    assert not LogTail(log).read()
    assert last_lines(log, 3) == []


def test_what_libraries_warn_their_programmers_of_is_left_out() -> None:
    """As torch 2.9, mmengine 0.10 and transformers 5 write it."""
    python = [
        "/site-packages/xtuner/hooks/h.py:80: UserWarning: Converting a tensor to a scalar.",
        "Consider using tensor.detach() first. (Triggered internally at python.cpp:836.)",
        '  loss = float(outputs["loss"])',
    ]
    others = [
        '11/29 15:39:03 - mmengine - WARNING - "FileClient" will be deprecated in future.',
        "[transformers] `torch_dtype` is deprecated! Use `dtype` instead!",
        "You are using an old version of the checkpointing format that is deprecated (We will also "
        "silently ignore `gradient_checkpointing_kwargs` in case you passed it).Please update.",
        "Failed to load CPU gemm_4bit_forward from kernels-community: No module named 'kernels'. "
        "Please make sure you already `pip install kernels` and the kernels >= 0.11.1",
        "/a.py:1: FutureWarning: without its line of code",
    ]
    said = ["11/29 15:39:03 - mmengine - INFO - Checkpoints will be saved.", "RuntimeError: x"]

    assert without_warnings([said[0], *python, said[1]]) == said
    assert without_warnings([*others, *said]) == said
    assert without_warnings([*python[:2], *others[:1]]) == python[1:2]
    assert without_warnings(["UserWarning: in a text", *said]) == ["UserWarning: in a text", *said]
