"""The UI's end of an engine that serves requests: one process, one request after the other."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ..shared.checkpoint_faults import CheckpointFault
from ..shared.errors import Exit, XtguiError
from ..shared.events import Event, decode
from ..shared.interpreters import NOWHERE
from .training_process import append_to, engine_command, engine_environment


class SessionDiedError(XtguiError):
    """The engine's process is gone: it cannot serve any more requests."""


class BrokenCheckpointError(XtguiError):
    """A checkpoint is damaged, incomplete, or not one at all."""


class DemoModelMissingError(XtguiError):
    """The training environment lacks the package with the demo's model."""


_CLASSES: dict[str, type[XtguiError]] = {
    "demo.model_missing": DemoModelMissingError,
    **{f"faults.{fault.value}": BrokenCheckpointError for fault in CheckpointFault},
}
"""The engine sends codes; those that callers catch have their own class."""


class EngineSession:
    """Starts an engine, sends it requests, and always reaps it.

    The engine runs in its own session, so that Ctrl-C in the terminal reaches only the UI, which
    decides what it means. When the UI dies in whatever way, the engine's input ends and it exits.
    """

    def __init__(
        self,
        python: Path,
        log: Path,
        environment: Mapping[str, str] = os.environ,
        patience_s: float = 5.0,
        folder: Path = NOWHERE,
    ) -> None:
        """Store what is needed to start one.

        Args:
            python: The training interpreter.
            log: The file for the engine's output.
            environment: The engine's environment, before `engine_environment`.
            patience_s: How long it may take to exit.
            folder: Its current folder: a project's, which relative paths in its files refer to, or
                one that cannot be a stranger's.
        """
        self._python = python
        self._folder = folder
        self._log = log
        self._environment = environment
        self._patience_s = patience_s
        self._last_id = 0

    def __enter__(self) -> EngineSession:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with append_to(self._log) as log:
            try:
                self._process = subprocess.Popen(
                    engine_command(self._python, "serve"),
                    cwd=self._folder,
                    env=engine_environment(self._environment),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,
                )
            except OSError as error:
                raise XtguiError(
                    "session.no_start",
                    Exit.ENVIRONMENT,
                    python=str(self._python),
                    reason=error.strerror or str(error),
                ) from error
        self._replies: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        threading.Thread(
            target=_read, args=(_pipe(self._process.stdout), self._replies), daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The engine's process."""
        return self._process.pid

    def request(self, do: str, **fields: Any) -> Request:
        """Send a request and return its events as they come; the last one is "done".

        Iterating raises the engine's own failure with its code and exit, or "session.died" if the
        process is gone; both know the path of the log.
        """
        self._last_id += 1
        # ASCII: anything that is not UTF-8, such as a file name, arrives unchanged
        line = json.dumps({"id": self._last_id, "do": do, **fields}) + "\n"
        stdin = _pipe(self._process.stdin)
        try:
            stdin.write(line.encode())
            stdin.flush()
        except (BrokenPipeError, ValueError):
            raise self._died() from None
        return Request(self, self._last_id)

    def result(self, do: str, **fields: Any) -> Event:
        """Send a request and return its last event, "done"."""
        last: Event = {}
        for event in self.request(do, **fields):
            last = event
        return last

    def cancel(self) -> None:
        """Cancel the answer that is being generated; its events still end with a "done"."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def close(self) -> None:
        """End the engine: its input ends; if it does not exit it is terminated, then killed."""
        process = self._process
        with contextlib.suppress(BrokenPipeError):
            _pipe(process.stdin).close()
        for order in (None, signal.SIGTERM, signal.SIGKILL):
            if order is not None:
                process.send_signal(order)
            try:
                process.wait(self._patience_s)
                break
            except subprocess.TimeoutExpired:
                continue

    def next_reply(self, request_id: int) -> Event:
        """Return the next event of one request; events of abandoned requests are dropped."""
        while (event := self._replies.get()) is not None:
            if event.get("id") == request_id:
                return event
        self._replies.put(None)
        raise self._died()

    def failure(self, event: Event) -> XtguiError:
        """Return the error for a "failed" event."""
        data = {**event.get("data", {}), "log": str(self._log)}
        error = _CLASSES.get(event["code"], XtguiError)
        return error(event["code"], Exit(event.get("exit", Exit.FAILED)), **data)

    def _died(self) -> SessionDiedError:
        try:
            code = self._process.wait(self._patience_s)
        except subprocess.TimeoutExpired:
            code = None
        name = "session.killed" if code == -signal.SIGKILL else "session.died"
        return SessionDiedError(name, Exit.FAILED, status=code, log=str(self._log))


class Request(Iterator[Event]):
    """The events of one request: an iterator and not a generator, which Ctrl-C would finish."""

    def __init__(self, session: EngineSession, request_id: int) -> None:
        self._session = session
        self._id = request_id
        self._is_finished = False

    def __next__(self) -> Event:
        if self._is_finished:
            raise StopIteration
        try:
            event = self._session.next_reply(self._id)
        except XtguiError:
            self._is_finished = True
            raise
        self._is_finished = event["event"] in ("done", "failed")
        if event["event"] == "failed":
            raise self._session.failure(event)
        return event


@dataclass(frozen=True)
class ModelAnswer:
    """The answer of one model to one question."""

    model: str
    """"base", or the checkpoint's name."""
    text: str
    tokens: int
    seconds: float
    stop: str
    """Why it ended: "stop", "length" or "cancelled"."""


def _read(stream: IO[bytes], replies: queue.SimpleQueue[Event | None]) -> None:
    with stream:
        for line in stream:
            event = decode(line)
            if event is not None:
                replies.put(event)
    replies.put(None)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise TypeError("the engine was started without pipes")
    return stream
