"""Parses uv's output: the progress of an installation, and why one failed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..shared.errors import Exit, XtguiError

_DOWNLOADING = re.compile(r"Downloading (\S+) \(")
_DOWNLOADED = re.compile(r"Downloaded (\S+)")
_PREPARED = re.compile(r"Prepared (\d+) packages?")

_UNREACHABLE = re.compile(
    r"error sending request|dns error|connection (refused|reset|closed)|timed out|tcp connect"
    r"|Failed to fetch|Could not connect|error decoding response body|\b50[234]\b",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"No solution found|was not found in the package registry|there is no version of",
    re.IGNORECASE,
)
_FULL = re.compile(r"No space left on device|os error 28", re.IGNORECASE)


@dataclass(frozen=True)
class InstallProgress:
    """The progress of an installation."""

    started: tuple[str, ...] = ()
    """Large packages whose download has begun (uv names only those)."""
    finished: tuple[str, ...] = ()
    """Those of them that have arrived."""
    prepared: int | None = None
    """How many packages are unpacked and now being installed; None before that."""

    @property
    def current(self) -> str:
        """The package that has been downloading for the longest time; "" if there is none."""
        return next((name for name in self.started if name not in self.finished), "")


def advance(progress: InstallProgress, line: str) -> InstallProgress:
    """Return the progress after one more line of uv's output."""
    if match := _DOWNLOADING.search(line):
        return replace(progress, started=(*progress.started, match[1]))
    if match := _DOWNLOADED.search(line):
        return replace(progress, finished=(*progress.finished, match[1]))
    if match := _PREPARED.search(line):
        return replace(progress, prepared=int(match[1]))
    return progress


def explain_failure(lines: Sequence[str], log: str) -> XtguiError:
    """Return the reason of a failed installation, with the most telling line.

    It is "setup.disk_full", "setup.unreachable", "setup.index_lacks" or "setup.install_failed".
    """
    text = "\n".join(lines)
    detail = next((line for line in lines if re.match(r"\s*(error:|×|cause:)", line)), "")
    detail = detail.strip(" ×").removeprefix("error:").strip() or (lines[-1] if lines else "?")
    if _FULL.search(text):
        return XtguiError("setup.disk_full", Exit.FAILED)
    if _UNREACHABLE.search(text):
        return XtguiError("setup.unreachable", Exit.FAILED, log=log)
    if _NOT_THERE.search(text):
        return XtguiError("setup.index_lacks", Exit.FAILED, log=log, detail=detail)
    return XtguiError("setup.install_failed", Exit.FAILED, log=log, detail=detail)
