"""Two things at once, both of which have ended when the block has."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from xtgui_cli.engine.meanwhile import meanwhile, one_ahead


def test_the_block_runs_beside_the_task_and_waits_for_it() -> None:
    from_block, done = threading.Event(), []

    def task() -> None:
        done.append(from_block.wait(5))

    with meanwhile(task):
        assert not done
        from_block.set()

    assert done == [True]


def test_what_the_task_raises_ends_the_block() -> None:
    def task() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"), meanwhile(task):
        pass


def test_the_block_can_wait_for_the_task() -> None:
    done = []

    with meanwhile(lambda: done.append("task")) as finish:
        finish()
        done.append("block")

    assert done == ["task", "block"]


def test_the_error_of_the_task_counts_more_than_that_of_the_block() -> None:
    block_has_failed = threading.Event()

    def task() -> None:
        block_has_failed.wait(5)
        raise OSError("the cause")

    def fail() -> None:
        block_has_failed.set()
        raise ValueError("what follows from it")

    with pytest.raises(OSError, match="the cause"), meanwhile(task):
        fail()
    with pytest.raises(ValueError, match="what follows"), meanwhile(lambda: None):
        fail()


def test_when_the_block_is_interrupted_nobody_waits_for_the_task() -> None:
    never = threading.Event()

    with pytest.raises(SystemExit), meanwhile(never.wait):
        raise SystemExit

    never.set()


def test_the_next_item_is_made_while_the_last_one_is_used() -> None:
    second_is_made = threading.Event()

    def items() -> Iterator[str]:
        yield "first"
        second_is_made.set()
        yield "second"

    ahead = one_ahead(items())

    assert next(ahead) == "first"
    assert second_is_made.wait(5)
    assert list(ahead) == ["second"]


def test_an_error_comes_in_the_place_of_its_item() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("cut off")

    ahead = one_ahead(items())

    assert next(ahead) == 1
    with pytest.raises(OSError, match="cut off"):
        next(ahead)


def test_nothing_is_made_when_nothing_is_wanted_any_more() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    ahead = one_ahead(items())
    next(ahead)
    ahead.close()

    assert len(made) <= 2
    assert list(one_ahead([])) == []
