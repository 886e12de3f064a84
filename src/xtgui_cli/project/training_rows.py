"""The files that a run trains and is checked with, if these are not the user's file as it is.

They are in ROOT/data as OpenAI messages: the user's rows, repeated if necessary, followed by the
general questions; and the rows that are held out. Their names depend on what they are made from, so
that the same rows always have the same files. The user's own file is never written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..data.errors import DataChangedError
from ..data.messages import Messages, read_messages
from ..shared.atomic import new_file
from ..shared.errors import Exit
from ..shared.regular_file import open_regular
from ..shared.run_folder import RunFolder
from .row_choice import ChosenRows, general_row
from .row_record import HELD_OUT, TRAINED

if TYPE_CHECKING:
    from .build_run import BuiltRun

_STAMP = 8
_FORMAT = 2
"""Version of the files; a greater one gives them other names."""
_KEYS = ("role", "content")
_STAMPED = re.compile(rf"-[0-9a-f]{{{_STAMP}}}$")


def place(run: BuiltRun, folder: RunFolder) -> BuiltRun:
    """Return a run whose config names the files that are trained in a project, written or not."""
    if not run.rows.is_made:
        return run
    trained, held_out = _paths(run, folder)
    paths = {
        "data_path": str(trained),
        "source_data_path": str(run.data.path),
        "val_data_path": str(held_out) if held_out else None,
    }
    return replace(run, values={**run.values, **paths})


def write_rows(run: BuiltRun, folder: RunFolder) -> BuiltRun:
    """Write the files that a run trains; return the run whose config names them.

    Each file is written completely or not at all, and an existing one is not written again.

    Raises:
        DataChangedError: If the user's file has changed since it was counted.
        OSError: If a file cannot be written.
    """
    rows = run.rows
    if rows.missing:
        raise ValueError("answers are missing: this run can be shown, not written")
    if not rows.is_made:
        return run
    trained, held_out = _paths(run, folder)
    has_loss = _has_loss(run.data.path)
    with contextlib.ExitStack() as files:
        trained_file = _open(trained, files)
        held_out_file = _open(held_out, files) if held_out else None
        _write(_split(run.data.path, rows), trained_file, held_out_file, has_loss=has_loss)
        for _ in range(1, rows.measured.repeats):
            _write(_split(run.data.path, rows), trained_file, None, has_loss=has_loss)
        general = (general_row(*pair, rows.system) for pair in rows.general)
        _write(((False, row) for row in general), trained_file, None, has_loss=has_loss)
    return place(run, folder)


def _paths(run: BuiltRun, folder: RunFolder) -> tuple[Path, Path | None]:
    """Return the paths of the file that is trained and of the held-out rows, if there are any."""
    rows = run.rows
    added = json.dumps([_FORMAT, rows.measured.repeats, rows.held_out, rows.general, rows.system])
    made_of = hashlib.sha256(added.encode())
    with open_regular(run.data.path) as file:
        while block := file.read(1 << 20):
            made_of.update(block)
    stem = _STAMPED.sub("", run.data.path.stem)
    name = f"{stem}-{made_of.hexdigest()[:_STAMP]}"
    held_out = folder.data_dir / f"{name}{HELD_OUT}"
    return folder.data_dir / f"{name}{TRAINED}", held_out if rows.held_out else None


def _open(path: Path, files: contextlib.ExitStack) -> BinaryIO | None:
    """Return a file to be written, None if it exists already."""
    return None if path.exists() else files.enter_context(new_file(path))


def _split(source: Path, rows: ChosenRows) -> Iterator[tuple[bool, Messages]]:
    """Yield whether each row of the user's file is held out, and the row."""
    held_out, number = frozenset(rows.held_out), 0
    for number, row in enumerate(read_messages(source), start=1):
        yield number - 1 in held_out, row
    if number != rows.measured.taught + len(held_out):
        raise DataChangedError("data.changed", Exit.ANSWERS, path=source, row=number)


def _write(
    rows: Iterator[tuple[bool, Messages]],
    trained: BinaryIO | None,
    held_out: BinaryIO | None,
    *,
    has_loss: bool,
) -> None:
    for is_held_out, row in rows:
        file = held_out if is_held_out else trained
        if file is not None:
            file.write(_line(row, has_loss=has_loss))


def _has_loss(source: Path) -> bool:
    """Return whether any message of a file says whether it is trained."""
    return any("loss" in message for row in read_messages(source) for message in row)


def _line(row: Messages, *, has_loss: bool) -> bytes:
    """Return a row as it is written.

    If one answer says whether it is trained, all of them do: some versions of datasets fill the
    gaps with null, and null is not trained.
    """
    messages = [_message(message, has_loss=has_loss) for message in row]
    return json.dumps({"messages": messages}, ensure_ascii=False).encode() + b"\n"


def _message(message: Mapping[str, Any], *, has_loss: bool) -> dict[str, Any]:
    kept = {key: message[key] for key in _KEYS if key in message}
    if has_loss and message["role"] == "assistant":
        kept["loss"] = str(message.get("loss", True)).lower() == "true"
    return kept
