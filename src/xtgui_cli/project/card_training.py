"""The part of a model card about the training: data, method, settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..hubs import record
from ..runs.snapshot import Snapshot
from ..shared.config_file import read_known
from ..shared.run_folder import RunFolder
from ..texts import t
from .card_markdown import code, plain

_SETTINGS = (
    "lr",
    "max_epochs",
    "batch_size",
    "accumulative_counts",
    "max_length",
    "pack_to_max_length",
    "optim_type",
    "weight_decay",
    "max_norm",
    "warmup_ratio",
    "lora_r",
    "lora_alpha",
    "lora_dropout",
    "torch_dtype",
    "amp_dtype",
    "seed",
)
"""Under xtuner's names, as in a config."""


@dataclass(frozen=True)
class Trained:
    """What is known about the training that a checkpoint came from."""

    iteration: int
    run: Snapshot
    """Without everything after that iteration."""

    @classmethod
    def until(cls, iteration: int, run: Snapshot) -> Trained:
        """Return what was known about a run after so many iterations."""
        learnings = tuple(check for check in run.learnings if check.iter <= iteration)
        losses = tuple(point for point in run.losses if point.iteration <= iteration)
        return cls(iteration, replace(run, learnings=learnings, losses=losses))

    @property
    def rows(self) -> int:
        """Number of taught rows; 0 if it is not known."""
        known = self.run.learnings[-1].known if self.run.learnings else None
        return known.total if known else 0


def trained_values(folder: RunFolder) -> dict[str, Any]:
    """Return what the config that started a run says plainly."""
    return read_known(folder.trained_config_file) or read_known(folder.config_file)


def training_lines(values: dict[str, Any], trained: Trained | None) -> Iterator[str]:
    """Yield the list of the training data, and the table of the settings."""
    if data := _data_name(values):
        rows = trained.rows if trained else 0
        key = "model_card.data_rows" if rows else "model_card.data"
        yield "- " + t(key, data=plain(data), rows=rows)
    mixed = values.get("mix_general")
    if isinstance(mixed, int) and mixed > 0:
        yield "- " + t("model_card.mixed", count=mixed)
    if trained and trained.run.total:
        facts = {"iteration": trained.iteration, "total": trained.run.total}
        yield "- " + t("model_card.iterations", **facts)
    shown = [(name, values[name]) for name in _SETTINGS if _is_telling(values.get(name))]
    if shown:
        yield ""
        yield f"| {t('model_card.setting')} | {t('model_card.value')} |"
        yield "|---|---|"
        yield from (f"| `{name}` | {code(str(value))} |" for name, value in shown)


def _is_telling(value: object) -> bool:
    return isinstance(value, (bool, int, float)) or (isinstance(value, str) and 0 < len(value) < 40)


def _data_name(values: dict[str, Any]) -> str:
    """Return the data's name on the hub that it came from, or its file name; "" if unknown."""
    said = values.get("source_data_path") or values.get("data_path")
    if not isinstance(said, str) or not said:
        return ""
    for folder in (Path(said), Path(said).parent):
        known = record.read(folder)
        if known is not None and known.kind == "dataset":
            return known.id
    return Path(said).name
