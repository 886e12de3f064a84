"""Training runs whose peak memory others have published, and how their trainers hold a model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xtgui_cli.planning.memory.model_shape import ModelShape, read_shape
from xtgui_cli.planning.memory.training_memory import (
    GIB,
    TrainingSetup,
    training_memory,
)

FILE = Path(__file__).with_name("vram_published.json")

HELD_LOGITS = 2
"""Loops that keep the model's outputs in a variable hold the 16-bit logits while going back."""

RULES: dict[str, dict[str, Any]] = {
    # The loop of that benchmark keeps `outputs`; adapters on the attention, no dropout. With qlora
    # peft makes head and norms float32 and everything between the 4-bit layers follows: logits,
    # and an attention that has no fused kernel for grouped queries in float32.
    "can-i-finetune-this": {
        "lora_r": 16,
        "lora_dropout": 0.0,
        "adapts_inner": False,
        "optim_type": "PagedAdamW8bit",
    },
    # litgpt: everything in bfloat16, the loss in pieces of 128 tokens (logits and their gradient in
    # 16 bits are all that stays), no checkpointing, rank 32 beside all linear layers, dropout 0.05;
    # embedding and head are two tensors also where the model ties them.
    "litgpt": {
        "other_bytes": 2,
        "base_bytes": 2,
        "trained_bytes": 2,
        "autocast": False,
        "checkpointing": False,
        "loss_bytes": 4,
        "lora_r": 32,
        "lora_dropout": 0.05,
    },
    # LLaMA-Factory and ms-swift: 16-bit base, adapters in float32 beside all linear layers, rank 8.
    "LLaMA-Factory": {"lora_r": 8, "other_bytes": 2, "base_bytes": 2},
    "ms-swift": {"lora_r": 8, "other_bytes": 2, "base_bytes": 2},
}


@dataclass(frozen=True)
class PublishedRun:
    """One published figure."""

    source: str
    model: str
    method: str
    length: int
    batch_size: int
    published_gib: float
    is_process: bool
    """Whether the figure is what the whole process takes, not what tensors take."""
    shape: ModelShape
    arrangement: TrainingSetup

    @property
    def predicted_gib(self) -> float:
        """What our model says of that run."""
        memory = training_memory(self.shape, self.arrangement)
        return (memory.total if self.is_process else memory.in_use) / GIB

    @property
    def difference(self) -> float:
        """By which part of the published figure the prediction is off; below 0: too low."""
        return self.predicted_gib / self.published_gib - 1


def published_runs() -> list[PublishedRun]:
    """Return all runs, in the order of the file."""
    content = json.loads(FILE.read_text("utf-8"))
    return [_run(row, content["shapes"][row["model"]]) for row in content["runs"]]


def _run(row: dict[str, Any], config: dict[str, Any]) -> PublishedRun:
    trainer = next(name for name in RULES if row["source"].startswith(name))
    rules = dict(RULES[trainer])
    method = row["method"].split()[0]
    if trainer == "litgpt":
        config = {**config, "tie_word_embeddings": False}
    else:
        rules["kept_logit_bytes"] = HELD_LOGITS
    if trainer == "can-i-finetune-this":
        if method == "qlora":
            rules |= {"compute_bytes": 4, "kept_logit_bytes": 4, "has_fused_attention": False}
        else:
            rules |= {"other_bytes": 2, "base_bytes": 2}
        rules["checkpointing"] = "no gradient checkpointing" not in row["source"]
    if method == "full":
        rules |= {"trained_bytes": 2}  # ms-swift's example: weights and Adam's averages in bfloat16
    shape = read_shape(config, row["model"])
    return PublishedRun(
        source=row["source"],
        model=row["model"],
        method=row["method"],
        length=row["seq"],
        batch_size=row["batch"],
        published_gib=row.get("allocated") or row["peak_gb"] * 1e9 / GIB,
        is_process="allocated" not in row and trainer != "litgpt",
        shape=shape,
        arrangement=TrainingSetup(
            method=method, length=row["seq"], batch_size=row["batch"], **rules
        ),
    )


HEADS = {
    "en": "| trainer | model | method | length × batch | published | estimated | difference |",
    "zh": "| 训练工具 | 模型 | 方法 | 长度 × 批次大小 | 公布值 | 估算值 | 相差 |",
}


def table(language: str) -> str:
    """Return the table of the documentation; in GiB."""
    lines = [HEADS[language], "|---|---|---|---|---|---|---|"]
    for run in published_runs():
        trainer = next(name for name in RULES if run.source.startswith(name))
        method = run.method
        if not run.arrangement.checkpointing and trainer == "can-i-finetune-this":
            method += {"en": ", no gradient checkpointing", "zh": "，不用梯度检查点"}[language]
        lines.append(
            f"| {trainer} | {run.model} | {method} | {run.length} × {run.batch_size} "
            f"| {run.published_gib:.2f} | {run.predicted_gib:.2f} | {100 * run.difference:+.0f}% |"
        )
    return "\n".join(lines)
