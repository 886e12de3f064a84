"""Shows a download: one bar with speed and time left on a terminal, calm lines in a pipe."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..texts import t
from .console import ACCENT, say, talk
from .units import duration, file_size
from .wrap import cut, one_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from ..hubs.hub import Place
    from ..shared.errors import Notice

_LINE_EVERY_S = 10.0
_DRAWN_EVERY_S = 0.1
_LONG_CHECK_BYTES = 300_000_000
_NAME_WIDTH = 26
_WINDOW_S = 15.0
"""The speed is averaged over this many seconds."""


def files_text(count: int) -> str:
    """Write a number of files."""
    return t("download.one_file") if count == 1 else t("download.files", count=count)


class Speed:
    """Bytes per second over the last moments."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, done_bytes: int) -> None:
        """Note how much is done now; a smaller amount than before restarts the measurement."""
        now = self._now()
        if self._seen and done_bytes < self._seen[-1][1]:
            self._seen.clear()
        if len(self._seen) > 1 and now - self._seen[-2][0] < 0.1:
            self._seen.pop()  # many pieces arrive within a moment: the last one stands for all
        self._seen.append((now, done_bytes))
        while len(self._seen) > 2 and now - self._seen[0][0] > _WINDOW_S:
            self._seen.popleft()

    @property
    def bytes_per_s(self) -> float:
        """0 if nothing can be said yet."""
        if len(self._seen) < 2:
            return 0.0
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end > start else 0.0


class DownloadProgress:
    """Watches a download and shows it on stderr."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        console = talk()
        self._is_live = console.is_terminal and not console.is_dumb_terminal
        self._now = now
        self._speed = Speed(now)
        self._total = 0
        self._last_line_s = self._drawn_s = 0.0
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> DownloadProgress:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_bar()

    def asks(self, place: Place) -> None:
        """Say which hub is asked."""
        say("download.asks", style="dim", host=place.host, id=place.id)

    def begins(self, place: Place, total_bytes: int, here_bytes: int, files: int) -> None:
        """Say what is downloaded from where, and start showing the progress."""
        self._stop_bar()
        say(
            "download.begins",
            id=place.id,
            hub=place.hub.title,
            host=place.host,
            files=files_text(files),
            size=file_size(total_bytes),
        )
        if here_bytes:
            say("download.here", size=file_size(here_bytes))
        self._total, self._speed = total_bytes, Speed(self._now)
        self._speed.add(here_bytes)
        self._last_line_s = self._now()
        if self._is_live and here_bytes < total_bytes:
            self._bar = _bar()
            self._task = self._bar.add_task(
                "", total=total_bytes, completed=here_bytes, speed="", left=""
            )
            self._bar.start()

    def moves(self, path: str, done_bytes: int) -> None:
        """Show the progress."""
        self._speed.add(done_bytes)
        if self._bar is not None and self._task is not None:
            if self._now() - self._drawn_s < _DRAWN_EVERY_S:
                return
            self._drawn_s = self._now()
            speed, left = self._speed_and_time_left(done_bytes)
            self._bar.update(
                self._task,
                completed=done_bytes,
                description=_short(path),
                speed=speed,
                left=left,
            )
        elif not self._is_live and self._now() - self._last_line_s >= _LINE_EVERY_S:
            self._last_line_s = self._now()
            speed, left = self._speed_and_time_left(done_bytes)
            percent = 100 * done_bytes // self._total if self._total else 100
            say(
                "download.line",
                percent=percent,
                done=file_size(done_bytes),
                total=file_size(self._total),
                speed=speed,
                left=left,
            )

    def checks(self, path: str, file_bytes: int) -> None:
        """Say that a file is being read, if that takes noticeably long."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=_short(t("download.checks", file=path)))
        elif file_bytes >= _LONG_CHECK_BYTES:
            say("download.checks_line", style="dim", file=path, size=file_size(file_bytes))

    def ends(self, path: str, file_bytes: int) -> None:
        """Name a file that is complete; on a terminal the bar is enough."""
        if not self._is_live:
            say("download.file_done", file=path, size=file_size(file_bytes))

    def troubles(self, problem: Notice) -> None:
        """Say what went wrong and is tried again."""
        say(problem.code, style="yellow", **problem.data)

    def _speed_and_time_left(self, done_bytes: int) -> tuple[str, str]:
        speed = self._speed.bytes_per_s
        if not speed:
            return "", t("download.unknown_time")
        left = duration((self._total - done_bytes) / speed)
        return t("download.speed", size=file_size(int(speed))), left

    def _stop_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _short(text: str) -> str:
    return cut(one_line(text), _NAME_WIDTH)


def _bar() -> Progress:
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    return Progress(
        TextColumn(" {task.description}", markup=False),
        BarColumn(bar_width=16, style="dim", complete_style=ACCENT, finished_style=ACCENT),
        DownloadColumn(),
        TextColumn("{task.fields[speed]}", markup=False),
        TextColumn("{task.fields[left]}", markup=False),
        console=talk(),
        transient=True,
        refresh_per_second=5,
    )
