"""Answers requests, one JSON line each, until its input ends: convert, merge, chat and others.

Replies go to the stdout that the process was started with; whatever a library prints goes to
stderr, so that no stray line can be taken for a reply. SIGINT ends a running answer, nothing else.
When the input ends, nobody is listening: the process exits, even in the middle of a job, which
removes its temporary folder on the way out.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TextIO

from ..shared.errors import Exit, XtguiError
from ..shared.events import encode
from ..shared.rare_collection import rare_collection
from .checkpoint_reader.errors import CheckpointError

_PROGRESS_S = 0.1
"""Between two reports of progress: nobody reads faster, and each takes time of both processes."""


class Reply:
    """Writes the events of one request, and knows whether it was cancelled."""

    def __init__(self, write: Callable[[dict[str, Any]], None], cancelled: threading.Event) -> None:
        self._write = write
        self._cancelled = cancelled
        self.phase = ""
        self._next_progress = 0.0

    def __call__(self, event: str, **data: Any) -> None:
        """Write one event."""
        self._write({"event": event, **data})

    def enter(self, phase: str) -> None:
        """Say what begins now, by the key of its text: "importing", "model", "saving"..."""
        self.phase = phase
        self("phase", name=phase)

    def progress(self, done: int, total: int) -> None:
        """Say how much of the phase is done, if that was not said a moment ago."""
        now = time.monotonic()
        if done == total or now >= self._next_progress:
            self._next_progress = now + _PROGRESS_S
            self("progress", done=done, total=total)

    def is_cancelled(self) -> bool:
        """Return whether SIGINT arrived after the request did."""
        return self._cancelled.is_set()


def reply_on(stream: TextIO, request_id: Any, cancelled: threading.Event) -> Reply:
    """Return a Reply that writes each event as a line on *stream*, with the request's id."""

    def write(event: dict[str, Any]) -> None:
        stream.write(encode({"id": request_id, **event}))
        stream.flush()

    return Reply(write, cancelled)


Job = Callable[[Mapping[str, Any], Reply], dict[str, Any]]

JOBS = {
    "check_resumable": ("checkpoint_check", "check"),
    "find_intact": ("checkpoint_check", "find_intact"),
    "convert": ("convert", "run"),
    "merge": ("merge", "run"),
    "load": ("chat", "load"),
    "encode": ("chat", "encode"),
    "generate": ("chat", "generate"),
    "demo_model": ("demo_model", "run"),
    "general_answers": ("general_answers", "run"),
    "load_tokenizer": ("tokens", "load"),
    "encode_texts": ("tokens", "encode"),
    "count_tokens": ("tokens", "count"),
    "decode_ids": ("tokens", "decode"),
    "trial": ("trial", "run"),
}
"""All jobs: module and function, imported on first use."""


class Server:
    """Answers one request at a time; a thread reads ahead, so that the end of input is noticed."""

    def __init__(self, replies: TextIO) -> None:
        self._replies = replies
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._cancelled = threading.Event()

    def run(self, lines: Iterable[str]) -> None:
        """Answer requests until the input ends."""
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()
        while (line := self._waiting.get()) is not None:
            answer(line, self._replies, self._cancelled)
            self._cancelled.clear()
            self._waiting.task_done()

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip():
                self._waiting.put(line)
        is_busy = self._waiting.unfinished_tasks > 0
        self._waiting.put(None)
        if is_busy:
            os.kill(os.getpid(), signal.SIGTERM)

    def cancel(self, *_: object) -> None:
        """Cancel the running answer; without one, the next request is not affected."""
        if self._waiting.unfinished_tasks:
            self._cancelled.set()


def answer(line: str, replies: TextIO, cancelled: threading.Event) -> None:
    """Do what one line asks for and reply; the last reply is "done" or "failed"."""
    reply = reply_on(replies, None, cancelled)
    try:
        request = json.loads(line)
        reply = reply_on(replies, request["id"], cancelled)
        result = find_job(request["do"])(request, reply)
    except Exception as error:
        traceback.print_exc()
        failed = explain(error, reply.phase)
        reply("failed", code=failed.code, data=failed.data, exit=int(failed.exit))
    else:
        reply("done", **result)


def find_job(name: str) -> Job:
    """Return the function of a job, importing its module now: each needs other heavy libraries."""
    module, function = JOBS[name]
    with rare_collection():
        job: Job = getattr(importlib.import_module(f"{__package__}.{module}"), function)
    return job


def explain(error: Exception, phase: str) -> XtguiError:
    """Turn any failure into a code and data that the UI has words for."""
    if isinstance(error, XtguiError):
        return error
    from .faults import explain as explain_fault

    code, data = explain_fault(error, phase)
    is_answer = isinstance(error, CheckpointError)
    return XtguiError(f"faults.{code}", Exit.ANSWERS if is_answer else Exit.FAILED, **data)


def main(arguments: list[str]) -> NoReturn:
    """Serve until stdin ends, and end the process."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
    os.dup2(2, 1)
    server = Server(replies)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, server.cancel)
    server.run(sys.stdin)
    end_at_once()


def end_at_once() -> NoReturn:
    """End the process without taking torch and its models apart, which takes a second.

    Somebody waits for that at a prompt. All jobs have closed their files by now.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _leave(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)
