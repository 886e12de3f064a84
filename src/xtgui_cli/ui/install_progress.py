"""Shows a running installation: one calm line in a terminal, a few in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..runs.uv_output import InstallProgress
from ..texts import t
from .console import talk

if TYPE_CHECKING:
    from rich.status import Status


class InstallScreen:
    """Shows an `InstallProgress` each time it receives one."""

    def __init__(self) -> None:
        self._status: Status | None = None
        self._told: set[str] = set()

    def __enter__(self) -> InstallScreen:
        if talk().is_terminal:
            self._status = talk().status(t("setup.step.resolving"), spinner="dots")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, progress: InstallProgress) -> None:
        """Show the progress; in a pipe only what is new."""
        if self._status is not None:
            self._status.update(describe(progress))
            return
        for name in progress.finished:
            if name not in self._told:
                self._told.add(name)
                talk().print("  " + t("setup.step.downloaded", name=name))


def describe(progress: InstallProgress) -> str:
    """Return one line about an installation."""
    if progress.prepared is not None:
        return t("setup.step.installing", count=progress.prepared)
    if progress.started:
        return t(
            "setup.step.downloading",
            done=len(progress.finished),
            total=len(progress.started),
            name=progress.current,
        )
    return t("setup.step.resolving")
