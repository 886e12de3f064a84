"""A folder of results appears complete or not at all."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..shared.atomic import exchange, sync_folder
from ..shared.disk import free_bytes
from ..shared.errors import Exit, XtguiError
from ..shared.model_card import NAME as CARD
from ..shared.model_card import keep_edited
from ..shared.regular_file import read_json

THIS_HOST = re.sub(r"[^A-Za-z0-9-]", "_", socket.gethostname())[:40]
RECORD = ".xtgui_made.json"
"""A file in every folder of ours: what it was made from. Only folders with it are ever deleted."""
_FILES = "files"
"""The record's key for the sizes of the files."""


@contextlib.contextmanager
def whole_folder(target: Path, record: Mapping[str, Any], needed_bytes: int) -> Iterator[Path]:
    """Yield a temporary folder beside *target*, which replaces it when the block ends well.

    An older result of ours is replaced at that moment, except for a card that was edited; a folder
    that is not ours is kept under another name.

    Raises:
        XtguiError: "convert.no_space" if *needed_bytes* are not free, before anything is written;
            "convert.disk_filled_up", "convert.no_rights".
    """
    with _explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone_in(target.parent):
            _sweep(target)
        _check_space(target, needed_bytes)
        temporary = _beside(target, "")
        temporary.mkdir()
        try:
            yield temporary
            content = {**record, _FILES: _sizes(temporary)}
            (temporary / RECORD).write_text(json.dumps(content, indent=1), "utf-8")
            if made_from(target) is not None:
                keep_edited(target, temporary)
            _settle(temporary)
            _take_place(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def clear_leftovers(target: Path) -> None:
    """Remove what a killed engine left beside a complete result."""
    with _explained(target), _alone_in(target.parent):
        _sweep(target)


def made_from(folder: Path) -> dict[str, Any] | None:
    """Return the record of a folder that we made, None for any other folder."""
    record = _read_record(folder)
    return None if record is None else {k: v for k, v in record.items() if k != _FILES}


def intact_record(folder: Path) -> dict[str, Any] | None:
    """Return the record of a folder that we made; None if a file is missing or truncated."""
    record = _read_record(folder)
    is_intact = record is not None and record.get(_FILES) == _sizes(folder, record.get(_FILES))
    return made_from(folder) if is_intact else None


def _read_record(folder: Path) -> dict[str, Any] | None:
    try:
        record = read_json(folder / RECORD)
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def _sizes(folder: Path, names: Any = None) -> dict[str, int]:
    """Return the sizes of the files of a folder, or of those files in *names* that exist.

    The card is left out: it is written later, and may be edited.
    """
    if isinstance(names, dict):
        paths = [folder / name for name in names if not Path(name).is_absolute()]
    else:
        paths = sorted(folder.rglob("*"))
    found = (path for path in paths if path.is_file() and path.name != CARD)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in found}


@contextlib.contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_space(target, 0) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise XtguiError(
                "convert.no_rights", Exit.ANSWERS, folder=str(target.parent)
            ) from error
        raise
    except Exception as error:
        # safetensors reports a full disk as its own error, with the system's message in it
        if "No space left on device" in str(error) or "os error 28" in str(error):
            raise _no_space(target, 0) from error
        raise


def _check_space(target: Path, needed_bytes: int) -> None:
    if free_bytes(target.parent) < needed_bytes:
        raise _no_space(target, needed_bytes)


def _no_space(target: Path, needed_bytes: int) -> XtguiError:
    return XtguiError(
        "convert.no_space" if needed_bytes else "convert.disk_filled_up",
        Exit.FAILED,
        folder=str(target.parent),
        needed_gb=round(needed_bytes / 1e9, 1),
        free_gb=round(free_bytes(target.parent) / 1e9, 1),
    )


def _sweep(target: Path) -> None:
    """Remove what a killed engine of this machine left, or restore the older result it moved.

    Other machines that share the disk may be at work.
    """
    beginning = re.escape(f".{target.name}.{THIS_HOST}.")
    leftover = re.compile(rf"{beginning}(\d{{1,9}})(\.old)?\.tmp")
    for path in target.parent.iterdir():
        match = leftover.fullmatch(path.name)
        if match is None or _is_alive(int(match[1])):
            continue
        if match[2] and not target.exists():  # killed before the new one had its name
            path.rename(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _beside(target: Path, kind: str) -> Path:
    """Return a name beside *target* that says who made it: `_sweep` spares other people's."""
    return target.with_name(f".{target.name}.{THIS_HOST}.{os.getpid()}{kind}.tmp")


def _is_alive(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _settle(folder: Path) -> None:
    """Flush every file before the folder gets its name (a full disk shows here).

    Weights get the permissions that any new file has: safetensors writes them for the owner alone.
    """
    rights = 0o666 & ~_umask()
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(rights)
    flush(folder)
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)


def flush(folder: Path) -> None:
    """Wait until the disk has taken every file of a folder.

    Raises:
        OSError: If it does not take one; that is said only once.
    """
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _take_place(temporary: Path, target: Path) -> None:
    """Rename a finished folder to its final name; at no moment is there less than before."""
    with _alone_in(target.parent):
        if not target.exists():
            temporary.rename(target)
        elif (there := intact_record(target)) is not None and there == made_from(temporary):
            return  # another engine has just made the same, and somebody may be reading it
        elif made_from(target) is None:
            target.rename(_free_name(target))
            temporary.rename(target)
        elif not exchange(temporary, target):
            _replace(temporary, target)
        sync_folder(target.parent)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other engine renames a folder there, if the system supports locks."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _free_name(target: Path) -> Path:
    """Return a name beside *target* that says when its folder was moved there."""
    stamped = target.with_name(f"{target.name}.{time.strftime('%Y%m%d_%H%M%S')}")
    numbered = (stamped.with_name(f"{stamped.name}_{number}") for number in itertools.count(2))
    return next(name for name in itertools.chain([stamped], numbered) if not name.exists())


def _replace(temporary: Path, target: Path) -> None:
    """Replace an older result if two names cannot be exchanged; `_sweep` completes it."""
    aside = _beside(target, ".old")
    target.rename(aside)
    try:
        temporary.rename(target)
    except BaseException:
        if not target.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
