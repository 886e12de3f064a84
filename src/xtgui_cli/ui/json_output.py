"""How every `--json` is written: one line a document, which a terminal can show as it is."""

from __future__ import annotations

import re
import sys
from typing import Any

from ..shared.events import encode

_NOT_FOR_A_TERMINAL = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON leaves as it is, and a terminal would obey or stdout could not encode."""


def print_json(data: Any) -> None:
    """Write one JSON document to stdout, in one line, and flush it.

    Args:
        data: What JSON knows; numbers that are not finite become "nan", "inf" and "-inf".
    """
    escaped = _NOT_FOR_A_TERMINAL.sub(lambda match: f"\\u{ord(match[0]):04x}", encode(data))
    sys.stdout.write(escaped)
    sys.stdout.flush()
