"""Ends a piece of work by a real signal at a chosen moment: before any of its lines.

The work runs in a fork, and a moment is a line of the named modules, so that every state is met in
which an interruption could leave the disk. What libraries written in other languages do is one.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any

Work = Callable[[], object]


def count_moments(work: Work, modules: tuple[ModuleType, ...]) -> int:
    """Do the work to its end, in a fork, and give how many moments it has."""
    reading, writing = os.pipe()

    def report(moments: int) -> None:
        os.write(writing, struct.pack("q", moments))

    code = _in_fork(work, modules, lambda moments: None, report)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        count: int = struct.unpack("q", answer.read())[0]
    assert code == 0
    return count


def end_at(
    moment: int,
    number: signal.Signals,
    work: Work,
    modules: tuple[ModuleType, ...],
    *,
    may_end_before: bool = False,
) -> None:
    """Do the work in a fork that gets a signal at a moment, counted from 1; it must end it.

    Work whose moments differ from time to time, as where data come in other pieces, may be done
    before the last ones.
    """

    def interrupt(moments: int) -> None:
        if moments == moment:
            os.kill(os.getpid(), number)

    code = _in_fork(work, modules, interrupt, lambda moments: None)
    ended = 130 if number == signal.SIGINT else -number
    assert code == ended or (may_end_before and code == 0), code


def spread(moments: int, wanted: int) -> Iterator[int]:
    """Return so many of the moments, from the first to the last one."""
    steps = min(moments, wanted)
    return (1 + (moments - 1) * step // max(1, steps - 1) for step in range(steps))


def _in_fork(
    work: Work,
    modules: tuple[ModuleType, ...],
    at_moment: Callable[[int], None],
    at_end: Callable[[int], None],
) -> int:
    child = os.fork()
    if child == 0:
        os._exit(_traced(work, {module.__file__ for module in modules}, at_moment, at_end))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _traced(
    work: Work,
    files: set[str | None],
    at_moment: Callable[[int], None],
    at_end: Callable[[int], None],
) -> int:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    moments = 0

    def on_line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal moments
        if event == "line":
            moments += 1
            at_moment(moments)
        return on_line

    def on_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        return on_line if frame.f_code.co_filename in files else None

    try:
        sys.settrace(on_call)
        work()
        sys.settrace(None)
        at_end(moments)
    except KeyboardInterrupt:
        return 130
    except BaseException:
        traceback.print_exc()
        return 70
    return 0
