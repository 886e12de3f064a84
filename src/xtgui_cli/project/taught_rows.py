"""The rows that a run was taught, as far as its results need them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..data.messages import Messages, read_messages
from ..data.rows_to_reword import choose_rows_to_reword
from ..data.wordings import reword
from ..runs.snapshot import Snapshot
from ..shared.config_file import read_known
from ..shared.errors import XtguiError
from ..shared.run_folder import RunFolder
from ..ui.next_step_view import Wordings
from .written_config import SOURCE

_MOST_ROWS = 10_000
"""Number of rows among which one is chosen to be shown in several wordings."""
_SLACK_S = 5.0
"""How far the clock of a file system may be ahead of ours."""


@dataclass(frozen=True)
class UnknownRow:
    """A row that the model does not know."""

    number: int
    """In the user's file, from 1."""
    question: str
    """Its first question; "" if the file has changed since."""


def find_unknown_rows(folder: RunFolder, snapshot: Snapshot) -> tuple[UnknownRow, ...]:
    """Return the taught rows that the model did not know at the last check, in order.

    Args:
        folder: The project.
        snapshot: The state of its run.
    """
    now = snapshot.learnings[-1] if len(snapshot.learnings) > 1 else None
    unknown = now.known.unknown if now and now.known else ()
    if not unknown:
        return ()
    trained, source = _files(folder)
    began = snapshot.launches[0].at if snapshot.launches else 0.0
    if trained is None or _changed_at(trained) > began + _SLACK_S:
        return tuple(UnknownRow(row + 1, "") for row in unknown)
    try:
        return tuple(_read_unknown(unknown, trained, source))
    except (XtguiError, OSError):
        return tuple(UnknownRow(row + 1, "") for row in unknown)


def find_wordings(folder: RunFolder) -> Wordings | None:
    """Return one of the user's rows in several wordings; None if the data cannot be read."""
    trained, source = _files(folder)
    file = source or trained
    try:
        if file is None or not file.is_file():
            return None
        count = sum(1 for _ in itertools.islice(read_messages(file), _MOST_ROWS))
        found = choose_rows_to_reword(read_messages(file), count)
        if not found:
            return Wordings(file, ())
        row = next(itertools.islice(read_messages(file), found[0].number - 1, None))
    except (XtguiError, OSError):
        return None
    rows = ({"messages": messages} for messages in reword(row))
    return Wordings(file, tuple(json.dumps(row, ensure_ascii=False) for row in rows))


def _files(folder: RunFolder) -> tuple[Path | None, Path | None]:
    """Return the file that is trained, and the user's if that is another one."""
    values = read_known(folder.config_file)
    trained, source = (values.get(name) for name in ("data_path", SOURCE))
    return _path(folder, trained), _path(folder, source)


def _path(folder: RunFolder, value: Any) -> Path | None:
    return (
        folder.project_root / Path(value).expanduser() if isinstance(value, str) and value else None
    )


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return float("inf")


def _read_unknown(
    unknown: Sequence[int], trained: Path, source: Path | None
) -> Iterator[UnknownRow]:
    """Yield the rows with their questions and their numbers in the user's file.

    Held-out rows are only in that file; all others are in both, in the same order.
    """
    wanted = set(unknown)
    users = enumerate(read_messages(source), start=1) if source else None
    for number, row in enumerate(read_messages(trained)):
        at = number + 1
        if users is not None:
            at = next((at for at, other in users if _said(other) == _said(row)), at)
        if number in wanted:
            yield UnknownRow(at, _question(row))
            wanted.remove(number)
        if not wanted:
            return


def _said(row: Messages) -> list[tuple[object, object]]:
    return [(message.get("role"), message.get("content")) for message in row]


def _question(row: Messages) -> str:
    asked = (message["content"] for message in row if message["role"] == "user")
    return str(next(asked, "") or "")
