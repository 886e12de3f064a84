"""How sizes, durations and counts are written, the same on every screen.

Memory is counted in GiB, as in PyTorch and nvidia-smi; disk and downloads in GB, as on hubs.
"""

from __future__ import annotations

import math

from ..texts import t

_MIB, _GIB = 1 << 20, 1 << 30


def memory_size(count: float) -> str:
    """Write bytes of memory in GiB; small amounts in MiB."""
    if 0 < count < _MIB:
        return "< 1 MiB"
    if 0 < count < 0.095 * _GIB:
        return f"{count / _MIB:.0f} MiB"
    return f"{count / _GIB:,.1f} GiB"


def file_size(count: float | None, unknown: str = "") -> str:
    """Write bytes on a disk in the unit that leaves one to three digits before the point.

    Args:
        count: Bytes.
        unknown: Written for None.
    """
    if count is None:
        return unknown
    number, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if number < 999.5:
            break
        number, unit = number / 1000, larger
    return f"{number:.0f} {unit}" if unit == "B" or number >= 10 else f"{number:.1f} {unit}"


def duration(seconds: float) -> str:
    """Write a time as hours, minutes and seconds."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def rough_duration(seconds: float) -> str:
    """Write a time in one unit, rounded to a step that shows how rough it is."""
    units = (("estimate.days", 86_400), ("estimate.hours", 3600), ("estimate.minutes", 60))
    for unit, length in units:
        count = seconds / length
        if count >= 1.5:
            step = 1 if count < 10 else 5
            return t(unit, count=math.ceil(count / step) * step)
    return t("estimate.seconds", count=max(10, math.ceil(seconds / 10) * 10))


def short_count(count: int | None, unknown: str = "") -> str:
    """Write a count in about three digits: 7.62 B, 135 M, 52.0 K.

    Args:
        count: Number of parameters or rows.
        unknown: Written for None.
    """
    if count is None:
        return unknown
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if count >= size:
            digits = 0 if count >= 100 * size else 1 if count >= 10 * size else 2
            return f"{count / size:.{digits}f} {letter}"
    return str(count)
