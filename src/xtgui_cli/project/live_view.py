"""Follow a run until it ends or the user leaves: on the live screen, or in plain lines."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Literal

from ..runs.end_at_once import end_at_once
from ..runs.run_reader import RunReader
from ..runs.training_process import request_stop
from ..shared.errors import Exit
from ..shared.events import Event
from ..shared.run_folder import RunFolder, lock_holder
from ..texts import t
from ..ui.console import is_interactive, say, write_plain
from . import run_report
from .outcome import at_project
from .stop_order import PATIENCE_S, StopOrder

_POLL_S = 0.08
_LONG_HISTORY = 4 << 20
"""Bytes of an events file, about 20,000 iterations; reading them takes a fifth of a second."""
_PATIENCE_S = 30.0
"""After this long, a stop request counts as ignored and the screen offers to kill the run."""

Outcome = Literal["over", "left"]


def watch(
    run: RunReader,
    *,
    plain: bool,
    whole: bool = True,
    says_next: bool = True,
    order: StopOrder | None = None,
) -> Exit:
    """Follow a run until it ends or the user leaves it running, and say how it ended.

    In a session that did not start the run, Ctrl-C only ends the watching.

    Args:
        run: The run.
        plain: Print lines instead of the live screen.
        whole: Whether the lines cover the complete history or only this start; the curve on the
            live screen always covers the run.
        says_next: Whether to say what to do next.
        order: Stop requests to this session, if it has started the run; Ctrl-C may stop the run
            then. None if another session has.

    Returns:
        0 finished or left running, 1 failed, 130 stopped.
    """
    if is_interactive() and not plain:
        outcome = _LiveWatch(run, order).watch()
    else:
        outcome = _PlainWatch(run, order, whole=whole).watch()
    if outcome == "left":
        say("train.left_running", pid=run.pid)
        say_how_to_see_again(run.folder)
        return Exit.DONE
    return run_report.report(run, says_next=says_next)


def say_how_to_see_again(folder: RunFolder) -> None:
    """Say how to watch and stop a run that continues in the background."""
    commands = {name: at_project(f"xtgui {name}", folder) for name in ("attach", "stop")}
    say("train.left_running.hint", **commands)


class _LiveWatch:
    """The live screen and its keys."""

    def __init__(self, run: RunReader, order: StopOrder | None) -> None:
        from ..ui.live import LiveScreen

        self._run = run
        self._order = order
        self._screen = LiveScreen()
        self._shows_log = self._shows_help = False
        self._stop_asked_at: float | None = None

    def watch(self) -> Outcome:
        """Draw until the run ends or the user leaves; draw nothing if it has ended already."""
        if lock_holder(self._run.folder.lock_file) is None:
            self._run.update()
            return "over"
        drawn: object = None
        is_changed = True
        with self._screen:
            try:
                self._read_history()
            except KeyboardInterrupt:
                return "left"
            while self._run.is_alive:
                wait_s = min(_POLL_S, self._screen.due_in_s()) if is_changed else _POLL_S
                try:
                    key = self._screen.read_key(wait_s)
                except EOFError:
                    return "left"
                if self._do(key) == "left":
                    return "left"
                if self._order is not None and self._order.pass_on():
                    self._stop_asked_at = time.monotonic()
                is_changed |= self._run.update()
                shown = (self._shows_log, self._shows_help)
                moment = (int(time.time()), self._screen.size, *shown, self._note())
                if (is_changed or moment != drawn) and not self._screen.due_in_s():
                    self._draw()
                    drawn, is_changed = moment, False
        return "over"

    def _read_history(self) -> None:
        """Read the run so far. Ctrl-C ends that in a session that has not started it."""
        handler = signal.getsignal(signal.SIGINT)
        if self._order is None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            self._draw_at_once()
            self._run.update()
        finally:
            signal.signal(signal.SIGINT, handler)

    def _draw_at_once(self) -> None:
        """Draw a run from both ends of a long history, before the rest is read."""
        from ..runs.quick_status import glance
        from ..ui.train_screen import View

        folder = self._run.folder
        try:
            size = folder.events_file.stat().st_size
        except OSError:
            return
        if size < _LONG_HISTORY:
            return
        _, run = glance(folder)
        started_at = run.launches[-1].at if run.launches else time.time()
        project = folder.root.resolve().name
        state = run.state(is_alive=True)
        self._screen.show(View(project, run, state, time.time(), started_at, is_partial=True))

    def _draw(self) -> None:
        from ..ui.train_screen import View
        from ..ui.train_words import stalled

        run = self._run
        is_stopping = self._stop_asked_at is not None and run.state in ("starting", "running")
        self._screen.show(
            View(
                project=run.folder.root.resolve().name,
                snapshot=run.snapshot(),
                state="stopping" if is_stopping else run.state,
                now=time.time(),
                started_at=run.started_at or time.time(),
                log_lines=run.log.lines,
                shows_log=self._shows_log,
                shows_help=self._shows_help,
                note=self._note(),
                stalled=stalled(run),
            )
        )

    def _note(self) -> str:
        if self._run.has_spoken and self._run.snapshot().end is not None:
            return t("train.closing")
        if self._stop_asked_at is None:
            return ""
        waited_s = int(time.monotonic() - self._stop_asked_at)
        if self._order is not None and self._order.is_late:
            return t("train.stop_late_note", seconds=waited_s, doing=_doing(self._run))
        key = "train.stop_unheard" if waited_s >= _PATIENCE_S else "train.stopping_note"
        return t(key, seconds=waited_s)

    def _do(self, key: str | None) -> Outcome | None:
        from ..ui.keys import CTRL_C

        if key in ("d", "q") or (key == CTRL_C and self._order is None):
            return "left"
        if key == "l":
            self._shows_log, self._shows_help = self._shows_help or not self._shows_log, False
        elif key == "?":
            self._shows_help = not self._shows_help
        elif key == "s":
            self._stop()
        elif key == CTRL_C:
            with self._screen.put_away():
                return self._ask()
        elif key == "k" and self._stop_asked_at is not None:
            with self._screen.put_away():
                self._ask_to_kill()
        return None

    def _ask(self) -> Outcome | None:
        """Ask what Ctrl-C should do; a second Ctrl-C continues as before."""
        from ..ui import ask

        if self._stop_asked_at is not None:
            self._ask_to_kill()
            return None
        choices = [
            ("stop", t("train.choice.stop")),
            ("leave", t("train.choice.leave")),
            ("go_on", t("train.choice.go_on")),
        ]
        try:
            chosen = ask.select(t("train.interrupted"), choices, "stop", name="interrupted")
        except KeyboardInterrupt:
            return None
        if chosen == "stop":
            self._stop()
        return "left" if chosen == "leave" else None

    def _ask_to_kill(self) -> None:
        from ..ui import ask

        try:
            if ask.confirm(t("train.kill_question"), default=False, name="kill"):
                end_at_once(self._run)
        except KeyboardInterrupt:
            return

    def _stop(self) -> None:
        if self._stop_asked_at is None and request_stop(self._run.folder):
            self._stop_asked_at = time.monotonic()


class _PlainWatch:
    """Plain lines on stdout. SIGINT ends the watching.

    If this session has started the run, SIGINT saves a checkpoint and stops the run instead; a
    second one kills it.
    """

    def __init__(self, run: RunReader, order: StopOrder | None, *, whole: bool) -> None:
        from ..ui.train_lines import Teller

        self._run = run
        self._order = order
        self._whole = whole
        self._teller = Teller()
        self._interrupts = 0
        self._answered = 0
        self._has_said_why = False
        self._is_stalled = False

    def watch(self) -> Outcome:
        """Print the history, then each new line until the run ends."""
        handler = signal.signal(signal.SIGINT, self._on_interrupt)
        try:
            self._update()
            while self._run.is_alive:
                time.sleep(_POLL_S)
                self._update()
                if self._interrupts and self._order is None:
                    return "left"
                self._answer_interrupts()
                if self._order is not None:
                    self._obey(self._order)
        finally:
            signal.signal(signal.SIGINT, handler)
        return "over"

    def _obey(self, order: StopOrder) -> None:
        if order.pass_on():
            say("train.stop_asked")
        elif order.is_late and not self._has_said_why:
            self._has_said_why = True
            say("train.stop_late", seconds=int(PATIENCE_S), doing=_doing(self._run))

    def _update(self) -> None:
        from ..ui.train_words import stalled

        lines: list[str] = []

        def tell(event: Event) -> None:
            if self._whole or self._run.has_spoken:
                lines.extend(self._teller.tell(event, self._run.snapshot))

        self._run.update(tell)
        if bool(stall := stalled(self._run)) != self._is_stalled:
            self._is_stalled = bool(stall)
            lines += [f"! {stall}"] if stall else []
        if lines:
            write_plain("\n".join(lines) + "\n")

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        self._interrupts += 1

    def _answer_interrupts(self) -> None:
        if self._interrupts == self._answered:
            return
        self._answered = self._interrupts
        if self._interrupts == 1:
            request_stop(self._run.folder)
            say("train.stop_asked")
        else:
            say("train.killed")
            end_at_once(self._run)


def _doing(run: RunReader) -> str:
    from ..ui.train_words import state_word

    return state_word(run.snapshot(), "running")
