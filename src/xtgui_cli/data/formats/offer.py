"""Whether a file that cannot be trained as it is can be converted."""

from __future__ import annotations

import itertools
from pathlib import Path

from .convert import require_clear
from .left_out import LeftOutError
from .recognise import Recognised, look_into, read_rows
from .turns import to_rows

_TRIED = 50


def find_convertible(path: Path) -> Recognised | None:
    """Give what a file is, if one of its first rows can become messages; else None.

    Raises — XtguiError as `look_into` and `require_clear` do.
    """
    file = look_into(path)
    layout = require_clear(file)
    for raw in itertools.islice(read_rows(file), _TRIED):
        try:
            to_rows(raw.value, layout)
        except LeftOutError:
            continue
        return file
    return None
