"""How sizes, durations and counts are written on every screen."""

from __future__ import annotations

import pytest

from xtgui_cli.ui.units import duration, file_size, memory_size, short_count

GIB = 1 << 30


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_600, "1.0 MB"),
        (12_400_000, "12 MB"),
        (5_600_000_000, "5.6 GB"),
        (1_234_000_000_000, "1.2 TB"),
        (None, "?"),
    ],
)
def test_disk_and_downloads_are_counted_in_powers_of_ten(count: int | None, shown: str) -> None:
    assert file_size(count, "?") == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0.0 GiB"),
        (1, "< 1 MiB"),
        (50 << 20, "50 MiB"),
        (GIB, "1.0 GiB"),
        (24.4 * GIB, "24.4 GiB"),
    ],
)
def test_memory_is_counted_in_powers_of_two(count: float, shown: str) -> None:
    assert memory_size(count) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-1, "00:00:00"), (61.9, "00:01:01"), (360_000, "100:00:00")]
)
def test_a_duration_has_hours_minutes_and_seconds(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(7_620_000_000, "7.62 B"), (135_000_000, "135 M"), (52_000, "52.0 K"), (999, "999")],
)
def test_a_count_has_about_three_digits(count: int, shown: str) -> None:
    assert short_count(count) == shown
