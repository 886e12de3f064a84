"""Our memory of a training run beside what others have measured on GPUs."""

from __future__ import annotations

import json
import os
import re
import statistics

import pytest
from places import DOCS
from published_runs import FILE, PublishedRun, published_runs, table

from xtgui_cli.planning.memory.training_memory import ALLOCATOR_SHARE

_TABLE = re.compile(r"(<!-- published -->\n).*?(\n<!-- /published -->)", re.DOTALL)

CLOSE, FAR = 0.15, 0.30
"""The first seven runs say how they were made; of the others something is guessed."""


@pytest.mark.parametrize(
    ("run", "allowed"),
    [(run, CLOSE if number < 7 else FAR) for number, run in enumerate(published_runs())],
    ids=lambda value: (
        f"{value.model}-{value.method}-{value.length}"
        if isinstance(value, PublishedRun)
        else str(value)
    ),
)
def test_the_prediction_is_near_what_was_published(run: PublishedRun, allowed: float) -> None:
    assert abs(run.difference) <= allowed, f"{run.predicted_gib:.2f} GiB for {run.published_gib}"


def test_the_published_runs_are_all_read() -> None:
    assert len(published_runs()) == 16


@pytest.mark.parametrize(("language", "name"), [("en", "memory.md"), ("zh", "memory.zh.md")])
def test_the_documentation_shows_what_is_counted(language: str, name: str) -> None:
    text = (DOCS / name).read_text("utf-8")

    expected = _TABLE.sub(lambda found: found[1] + table(language) + found[2], text)

    if os.environ.get("REWRITE_GOLDEN"):
        (DOCS / name).write_text(expected, "utf-8")
    assert _TABLE.search(text)
    assert expected == text


def test_the_allocators_reserve_is_the_middle_of_what_was_published() -> None:
    rows = json.loads(FILE.read_text("utf-8"))["runs"]
    shares = [row["reserved"] / row["allocated"] - 1 for row in rows if "reserved" in row]

    assert len(shares) == 7
    assert statistics.median(shares) == pytest.approx(ALLOCATOR_SHARE, abs=0.005)
