"""A real disk of a few megabytes: a tmpfs in a mount namespace of its own.

Only the processes that are started on it find it at its path. Nothing has to be unmounted: it goes
with its last process. Where the system lets nobody make one, the test is skipped.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_MOUNT = 'mount -t tmpfs -o "size=$1m" none "$2" && echo mounted && exec cat'


class SmallDisk:
    """The disk, and a process that keeps it."""

    def __init__(self, path: Path, keeper: subprocess.Popen[bytes]) -> None:
        self.path = path
        """Where its own processes find it."""
        self._keeper = keeper
        self.seen = Path(f"/proc/{keeper.pid}/root") / path.relative_to("/")
        """Where everybody else finds it."""

    def command(self, *arguments: str | Path) -> list[str]:
        """Return a command line that runs another one on the disk, standing in its folder."""
        enter = ["nsenter", "--preserve-credentials", "--user", "--mount"]
        place = ["--target", str(self._keeper.pid), "env", f"--chdir={self.path}"]
        return [*enter, *place, *(str(argument) for argument in arguments)]

    @property
    def free_bytes(self) -> int:
        return shutil.disk_usage(self.seen).free

    def fill(self, but: int = 0) -> None:
        """Take all the room that is left, but so many bytes."""
        with (self.seen / "ballast").open("ab", buffering=0) as ballast:
            while (left := self.free_bytes - but) > 0:
                ballast.write(bytes(min(left, 1 << 20)))

    def make_room(self) -> None:
        """Return what was taken."""
        (self.seen / "ballast").unlink()


@contextmanager
def small_disk(path: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """Have a disk of that size for the length of a block; skip the test where there can be none."""
    if not all(shutil.which(tool) for tool in ("unshare", "nsenter", "mount")):
        pytest.skip("util-linux makes the disk")
    path.mkdir(parents=True)
    apart = ["unshare", "--user", "--map-root-user", "--mount"]
    keeper = subprocess.Popen(
        [*apart, "sh", "-c", _MOUNT, "sh", str(mebibytes), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert keeper.stdout is not None
        if keeper.stdout.readline() != b"mounted\n":
            pytest.skip("this system lets nobody mount a disk of his own")
        yield SmallDisk(path, keeper)
    finally:
        keeper.communicate()
