"""Tells data with answers to know by heart from data that teaches a style or conversations.

Bare `xtgui` asks this too and has to answer at once, so only the first rows are read, with the
standard library.
"""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from ..shared import json_values
from ..shared.config_file import read_known
from ..shared.regular_file import open_regular
from ..shared.run_folder import RunFolder
from ..shared.templates import turns_from_messages

LONG_ANSWER = 200
"""Cells, two for a Chinese character. Longer answers, as in a style, are not known by heart."""
_ROWS = 200
_MOST_BYTES = 4 * 1024 * 1024
"""Bytes that are read at most; a longer JSON array is not read."""


def know_answers_long(folder: RunFolder) -> bool | None:
    """Return whether the answers that a project trains are long; None if unknown."""
    values = read_known(folder.config_file)
    named = values.get("source_data_path") or values.get("data_path")
    if not isinstance(named, str):
        return None
    try:
        return are_answers_long(list(_first_rows(folder.project_root / Path(named).expanduser())))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def are_answers_long(rows: Iterable[Sequence[Mapping[str, Any]]]) -> bool | None:
    """Return whether most answers are long, or most rows conversations; None without answers.

    Args:
        rows: The messages of each row.
    """
    lengths: list[int] = []
    seen = conversations = 0
    for row in rows:
        answers = [turn.output for turn in turns_from_messages(row) if turn.trained and turn.output]
        seen += 1
        conversations += len(answers) > 1
        lengths += map(cell_len, answers)
    if not lengths:
        return None
    return 2 * conversations > seen or sorted(lengths)[len(lengths) // 2] > LONG_ANSWER


def _first_rows(file: Path) -> Iterator[Sequence[Mapping[str, Any]]]:
    with open_regular(file) as opened:
        content = opened.read(_MOST_BYTES + 1)
    is_cut = len(content) > _MOST_BYTES
    if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"["):
        rows = [] if is_cut else json_values.parse(content)
        yield from (row["messages"] for row in rows[:_ROWS])
        return
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    whole = (line for line in (lines[:-1] if is_cut else lines) if line.strip())
    yield from (json_values.parse(line)["messages"] for line in itertools.islice(whole, _ROWS))
