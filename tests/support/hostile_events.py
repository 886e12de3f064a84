"""One event of each kind with all its fields, and runs in which a field holds anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hostile import PLACE, paths, with_value

EVENTS: tuple[dict[str, Any], ...] = (
    {
        "event": "start",
        "at": 1000.0,
        "run_id": "a",
        "pid": 7,
        "method": "lora",
        "model": "/models/tiny",
        "config": "/home/me/config.py",
        "resumed_from": "iter_1.pth",
        "versions": {"torch": "2.9.1"},
        "device": "cuda",
        "device_name": "RTX 3090",
        "fixes": [],
    },
    {
        "event": "plan",
        "at": 1001.0,
        "samples": 20,
        "iters_per_epoch": 20,
        "total_iters": 60,
        "optimizer_steps": 30,
        "max_epochs": 3,
    },
    {"event": "phase", "at": 1002.0, "name": "training"},
    {
        "event": "iter",
        "at": 1003.0,
        "iter": 1,
        "epoch": 0.05,
        "loss": 2.5,
        "token_accuracy": 0.5,
        "lr": 1e-4,
        "time_s": 1.0,
        "data_s": 0.1,
        "grad_norm": 1.0,
        "memory_gib": 8.5,
    },
    {
        "event": "evaluation",
        "at": 1004.0,
        "iter": 1,
        "answers": [{"question": "Who are you?", "answer": "A model."}],
    },
    {
        "event": "learning",
        "at": 1005.0,
        "iter": 0,
        "full": True,
        "known": {"rows": [0, 1, 2], "known": [True, False, True], "total": 20, "loss": 1.5},
        "tests": [{"question": "And you?", "answer": "I.", "keywords": ["I"], "right": True}],
        "kept": {
            "asked": 40,
            "right": 30,
            "base_right": 32,
            "of_base_right": 28,
            "lost": 4,
            "p_value": 0.2,
        },
        "wording": 0.1,
        "held_out": 1.9,
        "degenerate": ["loops"],
        "seconds": 3.0,
        "failed": "",
    },
    {"event": "learning", "at": 1005.0, "iter": 1, "held_out": 1.5, "kept": {"asked": 40}},
    {
        "event": "checkpoint",
        "at": 1006.0,
        "iter": 1,
        "file": "iter_1.pth",
        "bytes": 1000,
        "kept": ["iter_1.pth"],
    },
    {"event": "warning", "at": 1007.0, "code": "plan_differs", "data": {"name": "x", "real": 2}},
    {"event": "stopping", "at": 1008.0},
    {
        "event": "end",
        "at": 1009.0,
        "status": "failed",
        "iter": 1,
        "checkpoint": "iter_1.pth",
        "code": "cuda_out_of_memory",
        "data": {"iter": 1, "reason": "no room"},
    },
)


def with_each_field_replaced(value: str) -> Iterator[list[str]]:
    """Yield the lines of a whole run, once for each field of each event that holds *value*."""
    for number, event in enumerate(EVENTS):
        for path in paths(event):
            lines = [json.dumps(one) for one in EVENTS]
            lines[number] = with_value(event, path, value)
            yield lines


def with_all_fields_replaced(value: str) -> list[str]:
    """Return the lines of a run of which every field but the events' names holds *value*."""
    return [
        json.dumps(dict.fromkeys(event, PLACE) | {"event": event["event"]}).replace(
            f'"{PLACE}"', value
        )
        for event in EVENTS
    ]
