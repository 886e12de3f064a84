"""The tiny model as a check sees it, and a quick way to teach it rows by heart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from xtgui_cli.engine.checked_model import CheckedModel
from xtgui_cli.engine.known import TaughtRow, encode_rows
from xtgui_cli.engine.prompt import encoder_of, stop_ids
from xtgui_cli.shared.templates import all_templates

NAMES = ("Anna", "Boris", "小明", "Dora", "Emil", "阿芳")


def checked_model(folder: Path, **options: Any) -> CheckedModel:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    template = all_templates()["qwen_chat"]
    return CheckedModel(
        model=AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32),
        tokenizer=tokenizer,
        template=template,
        encoder=encoder_of(tokenizer, template),
        stop_ids=stop_ids(tokenizer, template, [2]),
        **options,
    )


def row_of(number: int) -> Mapping[str, Any]:
    return {
        "messages": [
            {"role": "user", "content": f"Who is number {number}?"},
            {"role": "assistant", "content": f"It is {NAMES[number % 6]}, of room {number * 7}."},
        ]
    }


def taught_rows(checked: CheckedModel, numbers: Sequence[int]) -> list[TaughtRow]:
    rows = {number: row_of(number) for number in numbers}
    return list(encode_rows(rows, checked.template, checked.encoder, max_length=128))


def teach(checked: CheckedModel, rows: Sequence[TaughtRow], steps: int = 100) -> None:
    """Train every weight on all rows at once: 100 steps teach ten rows, 60 about half of them."""
    optimizer = torch.optim.AdamW(checked.model.parameters(), lr=5e-3)
    width = max(len(row.input_ids) for row in rows)
    ids = torch.tensor([row.input_ids + [0] * (width - len(row.input_ids)) for row in rows])
    labels = torch.tensor([row.labels + [-100] * (width - len(row.labels)) for row in rows])
    for _ in range(steps):
        optimizer.zero_grad()
        checked.model(input_ids=ids, labels=labels).loss.backward()
        optimizer.step()
