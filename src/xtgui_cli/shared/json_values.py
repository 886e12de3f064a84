"""Values from JSON that anybody may have written: of the expected type, or left out.

A JSON number is exactly an int or a float; `type(...) is` excludes true and false.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

LARGEST = 2**53
"""Everything that is counted or measured here is far below it; beyond it a float skips whole
numbers."""
_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

_Value = TypeVar("_Value")


def parse(content: str | bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: If it is not JSON, or nested too deeply to be read.
    """
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def required(value: _Value | None) -> _Value:
    """Return a value that must not be None.

    Raises:
        ValueError: If it is None.
    """
    if value is None:
        raise ValueError("a value is missing, or of another type")
    return value


def count(value: Any) -> int | None:
    """Return a whole number from 0 to `LARGEST`, None for anything else."""
    return value if type(value) is int and 0 <= value <= LARGEST else None


def amount(value: Any) -> float | None:
    """Return a number from 0 to `LARGEST`, such as seconds or GiB, None for anything else."""
    is_number = type(value) is float or type(value) is int
    return float(value) if is_number and 0 <= value <= LARGEST else None


def number(value: Any) -> float | None:
    """Return any number, also the non-finite ones that events write as text; else None."""
    if type(value) is float:
        return value
    if isinstance(value, str):
        return _NOT_FINITE.get(value)
    return float(value) if type(value) is int and abs(value) <= LARGEST else None


def text(value: Any) -> str | None:
    """Return a text, None for anything else."""
    return value if isinstance(value, str) else None


def is_unicode(value: str) -> bool:
    """Return whether a text can be encoded: JSON may hold halves of surrogate pairs."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def items(value: Any) -> Sequence[Any]:
    """Return the items of a list, none for anything else."""
    return value if isinstance(value, (list, tuple)) else ()


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a list."""
    return tuple(item for item in items(value) if isinstance(item, str))


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}
