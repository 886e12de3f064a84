"""What is on the disk when the power is cut: the newest checkpoint, before an older one goes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xtgui_cli.engine.compat_xtuner import write_whole

CONTENT = os.urandom(1 << 20)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An ext4 file system in a file, which nothing reaches that was not flushed."""
    image, mounted = tmp_path / "image", tmp_path / "disk"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    commands: tuple[list[str | Path], ...] = (
        ["mkfs.ext4", "-q", image],
        ["mount", "-o", "loop", image, mounted],
    )
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root can mount, and not everywhere")
    yield mounted
    subprocess.run(["umount", mounted], check=True, timeout=60)


@pytest.fixture
def cut_power(disk: Path, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Return a function that copies the disk as it is without a flush, and mounts the copy."""
    copy, mounted = tmp_path / "copy", tmp_path / "afterwards"

    def cut() -> Path:
        mounted.mkdir()
        shutil.copyfile(tmp_path / "image", copy)
        subprocess.run(["mount", "-o", "loop", copy, mounted], check=True, timeout=60)
        return mounted

    yield cut
    subprocess.run(["umount", mounted], check=False, timeout=60)


def test_after_a_power_cut_the_checkpoint_is_whole_that_an_older_one_was_deleted_for(
    disk: Path, cut_power: Callable[[], Path]
) -> None:
    write_whole(disk / "iter_10.pth", lambda path: path.write_bytes(CONTENT))
    os.sync()
    write_whole(disk / "iter_20.pth", lambda path: path.write_bytes(CONTENT[::-1]))
    (disk / "iter_10.pth").unlink()
    descriptor = os.open(disk, os.O_RDONLY)
    os.fsync(descriptor)  # the worst case: that it is gone has reached the disk
    os.close(descriptor)

    afterwards = cut_power()

    assert (afterwards / "iter_20.pth").read_bytes() == CONTENT[::-1]


def test_the_disk_holds_the_content_before_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, real = tmp_path / "iter_10.pth", os.fsync
    synced: list[tuple[str, bool]] = []

    def fsync(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        synced.append((name, target.exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)

    write_whole(target, lambda path: path.write_bytes(b"x"))

    assert synced == [(".iter_10.pth.unfinished", False), (tmp_path.name, True)]


def test_a_link_that_waits_for_the_next_checkpoint_is_not_written_through(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.write_text("years of notes")
    (tmp_path / ".iter_10.pth.unfinished").symlink_to(notes)

    write_whole(tmp_path / "iter_10.pth", lambda path: path.write_bytes(b"x"))

    assert notes.read_text() == "years of notes"
    assert (tmp_path / "iter_10.pth").read_bytes() == b"x"
