"""How a download looks in a pipe, and what its speed is taken from."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from xtgui_cli.hubs.registry import USUAL_HUB
from xtgui_cli.shared.errors import Notice
from xtgui_cli.texts import set_language
from xtgui_cli.ui.download_progress import DownloadProgress, Speed


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_speed_is_that_of_the_last_moments_only() -> None:
    clock = Clock()
    speed = Speed(clock)
    for second in range(60):
        clock.now = second
        speed.add(second * 100 if second < 30 else 3000 + (second - 30) * 500)

    assert speed.bytes_per_s == pytest.approx(500, rel=0.01)


def test_many_pieces_within_a_moment_take_no_memory() -> None:
    clock = Clock()
    speed = Speed(clock)
    for piece in range(10_000):
        clock.now += 0.001
        speed.add(piece * 64)

    assert len(speed._seen) < 200
    assert speed.bytes_per_s == pytest.approx(64_000, rel=0.02)


def test_nothing_is_said_of_a_speed_before_there_is_one() -> None:
    speed = Speed(Clock())
    speed.add(5)

    assert speed.bytes_per_s == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_in_a_pipe_there_is_a_line_now_and_then(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_language(language)
    clock, place = Clock(), USUAL_HUB.place_of("model", "user/model", "hf-mirror.com")
    with DownloadProgress(clock) as progress:
        progress.begins(place, 100_000_000, 20_000_000, 2)
        for second in range(1, 25):
            clock.now = 100.0 + second
            progress.moves("model.safetensors", 20_000_000 + second * 1_000_000)
        progress.troubles(Notice("download.damaged_again", {"file": "model.safetensors"}))
        progress.ends("model.safetensors", 80_000_000)

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 6
    assert "20 MB" in lines[1]
    assert lines[2].startswith("  30%  30 MB")
    assert "1.0 MB/s" in lines[2]
    assert "00:01:10" in lines[2]
    assert lines[3].startswith("  40%")
    assert all("\x1b" not in line for line in lines)
