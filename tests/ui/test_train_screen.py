"""The live screen, drawn from fixed events: kept as files to be read."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from xtgui_cli.runs.progress import fold
from xtgui_cli.runs.snapshot import Snapshot, State
from xtgui_cli.shared.events import Event
from xtgui_cli.texts import set_language
from xtgui_cli.ui.train_lines import Teller
from xtgui_cli.ui.train_screen import View, axis_end, draw_curves, draw_screen

GOLDEN = Path(__file__).with_name("golden")
SIZES = ((80, 24), (200, 50))
BEGIN = 1_700_000_000.0
LOG = [
    "2023/11/14 22:20:31 - mmengine - \x1b[4mINFO\x1b[0m - Iter(train) [ 600/1233]  lr: 1.3e-04",
    "2023/11/14 22:20:31 - mmengine - INFO - Saving checkpoint at 600 iterations",
    "一行中文日志：" + "很长" * 80,
]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    set_language("en")


def loss_at(number: int) -> float:
    return 0.9 + 1.6 * math.exp(-number / 180) + 0.12 * math.sin(number * 1.7)


def with_held_out(events: Iterable[Event]) -> Iterator[Event]:
    """Return the events with the loss on held-out rows, that before training as well."""
    for event in events:
        is_check = event["event"] == "learning"
        yield {**event, "held_out": loss_at(event["iter"]) + 0.35} if is_check else event
        if event["event"] == "plan":
            yield {"event": "learning", "at": BEGIN, "iter": 0, "held_out": 2.81}


def run_of(iterations: int, total: int = 1233) -> Iterator[Event]:
    """Return the events of a run that has come so far."""
    yield {
        "event": "start",
        "at": BEGIN,
        "run_id": "r",
        "pid": 4121,
        "method": "qlora",
        "model": "/models/Qwen2.5-1.5B-Instruct",
        "resumed_from": None,
        "device": "cuda",
        "device_name": "RTX 2080 Ti",
    }
    yield {"event": "phase", "at": BEGIN, "name": "importing"}
    yield {
        "event": "plan",
        "at": BEGIN + 20,
        "total_iters": total,
        "samples": 411,
        "optimizer_steps": 309,
        "max_epochs": 3,
    }
    yield {"event": "phase", "at": BEGIN + 20, "name": "training"}
    for number in range(1, iterations + 1):
        yield {
            "event": "iter",
            "at": BEGIN + 20 + 1.36 * number,
            "iter": number,
            "epoch": number / 411,
            "loss": loss_at(number),
            "token_accuracy": number / total,
            "lr": 1e-4 * (1 + math.cos(math.pi * number / total)),
            "time_s": 1.36,
            "memory_gib": 5.7,
        }
        if number % 200 == 0:
            yield {
                "event": "learning",
                "at": BEGIN + 20 + 1.36 * number,
                "iter": number,
                "full": False,
                "known": {"rows": list(range(16)), "known": [True] * 9 + [False] * 7, "total": 40},
                "kept": {"asked": 24, "right": 19, "base_right": 20, "of_base_right": 19},
            }
            yield {
                "event": "evaluation",
                "at": BEGIN + 20 + 1.36 * number,
                "iter": number,
                "answers": [
                    {"question": "请介绍一下你自己", "answer": "我是小明的助手，很高兴认识你。"},
                    {"question": "Who are you?", "answer": "I am Little Ming's assistant. " * 9},
                ],
            }
            yield {
                "event": "checkpoint",
                "at": BEGIN + 20 + 1.36 * number,
                "iter": number,
                "file": f"iter_{number}.pth",
                "bytes": 98_000_000,
                "kept": ["iter_200.pth", "iter_400.pth", "iter_600.pth"],
            }


def view_of(snapshot: Snapshot, state: State = "running", **more: Any) -> View:
    now = snapshot.last_at + 0.4
    return View("my-assistant", snapshot, state, now, BEGIN, LOG, **more)


def drawn(view: View, width: int, height: int) -> list[str]:
    return [line.plain for line in draw_screen(view, width, height, draw_curves)]


def with_early_end(events: Iterable[Event]) -> Iterator[Event]:
    """Return the events with a check between checkpoints, after which the run ends early."""
    yield from events
    at = BEGIN + 20 + 1.36 * 612
    known = {"rows": list(range(24)), "known": [True] * 23 + [False], "total": 24}
    plan = {"total_iters": 918, "planned_iters": 1233, "max_epochs": 2.23, "ends_early": "learned"}
    yield {"event": "recall", "at": at, "iter": 612, "known": known}
    yield {"event": "plan", "at": at, "samples": 411, "optimizer_steps": 230, **plan}


MOMENTS: dict[str, Callable[[], View]] = {
    "training": lambda: view_of(fold(run_of(612))),
    "held_out": lambda: view_of(fold(with_held_out(run_of(612)))),
    "early_end": lambda: view_of(fold(with_early_end(run_of(612)))),
    "beginning": lambda: view_of(fold(list(run_of(0))[:2])),
    "stopping": lambda: view_of(fold(run_of(612)), "stopping", note="stopping ... (3 s)"),
    "log": lambda: view_of(fold(run_of(612)), shows_log=True),
    "help": lambda: view_of(fold(run_of(612)), shows_help=True),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_screen_looks_as_it_was_read(
    moment: str, width: int, height: int, language: str
) -> None:
    set_language(language)
    file = GOLDEN / f"{moment}-{width}x{height}-{language}.txt"

    screen = "\n".join(line.rstrip() for line in drawn(MOMENTS[moment](), width, height)) + "\n"

    if os.environ.get("REWRITE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(screen, "utf-8")
    assert screen == file.read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("height", [8, 12, 24, 31, 50])
@pytest.mark.parametrize("width", [40, 61, 80, 119, 120, 200])
def test_it_fills_any_terminal_and_never_more(width: int, height: int, language: str) -> None:
    set_language(language)
    for moment in MOMENTS.values():
        lines = drawn(moment(), width, height)

        assert len(lines) == height
        assert max(map(cell_len, lines)) <= width


def test_text_from_models_and_logs_cannot_steer_the_terminal() -> None:
    evil = "\x1b]0;owned\x07\x1b[2J[/bold]\x9b5n"
    events = [
        *run_of(5),
        {
            "event": "evaluation",
            "at": 0,
            "iter": 5,
            "answers": [{"question": evil, "answer": evil}],
        },
    ]
    view = View(evil, fold(events), "running", BEGIN, BEGIN, [evil])

    lines = drawn(view, 80, 24)

    assert not any(character in line for line in lines for character in "\x1b\x07\x9b")
    assert any("[/bold]" in line for line in lines)


def test_a_diverged_loss_is_said_and_draws_a_gap() -> None:
    events = [*run_of(30)]
    for number in range(31, 61):
        events.append({"event": "iter", "at": BEGIN, "iter": number, "loss": math.nan, "lr": 1e-4})

    lines = drawn(view_of(fold(events)), 80, 24)

    assert "loss nan" in lines[2]


def test_all_losses_not_finite_still_draw_a_screen() -> None:
    events = [*run_of(0), {"event": "iter", "at": BEGIN, "iter": 1, "loss": math.inf, "lr": 0.0}]

    lines = drawn(view_of(fold(events)), 80, 24)

    assert "loss inf" in lines[2]


def test_a_warning_of_the_engine_takes_the_place_of_the_last_save() -> None:
    events = [*run_of(210), {"event": "warning", "at": 0, "code": "loss_not_finite", "data": {}}]

    lines = drawn(view_of(fold(events)), 80, 24)

    assert any(line.startswith(" ! The loss became nan or infinite") for line in lines)


def rising(iterations: int) -> list[Event]:
    """Return the events of a run at far too high a rate: the loss goes from 5 to 30."""
    events = list(run_of(0, total=60))
    for number in range(1, iterations + 1):
        loss = 5.0 if number <= 10 else 30.0
        at = BEGIN + number
        events.append({"event": "iter", "at": at, "iter": number, "loss": loss, "lr": 1.0})
    return events


WARNINGS = {
    "en": [
        " ! The loss is rising (from 5.00 to 30.00): the learning rate is too high. Stop",
        "   training; xtgui then suggests a lower one.",
    ],
    "zh": [
        " ! loss 在上升（从 5.00 到 30.00）：学习率过高。请停止训练，之后会建议更低的学",
        "   习率。",
    ],
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_loss_that_rises_is_warned_of_while_it_trains(language: str) -> None:
    set_language(language)

    lines = [line.rstrip() for line in drawn(view_of(fold(rising(22))), 80, 24)]

    at = lines.index(WARNINGS[language][0])
    assert lines[at : at + 2] == WARNINGS[language]
    assert not any(" ! " in line for line in drawn(view_of(fold(rising(9))), 80, 24))


def test_plain_lines_warn_of_a_loss_that_rises_once() -> None:
    teller, events = Teller(), rising(60)
    seen: list[Event] = []
    told: list[str] = []

    for event in events:
        seen.append(event)
        told += teller.tell(event, lambda: fold(seen))

    warnings = [line for line in told if line.startswith("! The loss is rising")]
    assert len(warnings) == 1


def test_the_iteration_axis_seldom_changes() -> None:
    ends = [axis_end(iteration, 1233) for iteration in range(1, 1234)]

    assert len(set(ends)) <= 8
    assert ends == sorted(ends)
    assert ends[-1] == 1233
