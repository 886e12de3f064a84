"""How every `--json` is written: one line per document, safe to show on a terminal."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from ..shared.events import encode
from .console import MISLEADING

_NOT_FOR_A_TERMINAL = re.compile(rf"[\x7f-\x9f{MISLEADING}\ud800-\udfff]")
"""Characters that JSON leaves as they are, but that a terminal would obey."""
_NOT_FOR_A_STREAM = re.compile(r"[\ud800-\udfff]")
"""Characters that no stream can encode."""


def print_json(data: Any) -> None:
    """Write one JSON document to stdout, in one line, and flush it.

    Args:
        data: JSON data; numbers that are not finite become "nan", "inf" and "-inf".
    """
    write_json(encode(data))
    sys.stdout.flush()


def write_json(text: str) -> None:
    """Write a piece of a JSON document to stdout.

    Readers get the same data everywhere; on a terminal more of it is escaped.
    """
    unwanted = _NOT_FOR_A_TERMINAL if sys.stdout.isatty() else _NOT_FOR_A_STREAM
    sys.stdout.write(unwanted.sub(lambda match: json.dumps(match[0])[1:-1], text))
