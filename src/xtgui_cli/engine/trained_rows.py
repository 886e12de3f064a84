"""Compares what is about to be trained with what was counted before the start."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ..shared.checked_run import read_checked_run, row_hash, sum_of_hashes
from ..shared.run_folder import RunFolder
from ..shared.templates import IGNORE_INDEX

_BATCH_ROWS = 1000
_KNOWN_ARGUMENTS = frozenset(
    {
        "type",
        "dataset",
        "tokenizer",
        "max_length",
        "dataset_map_fn",
        "template_map_fn",
        "max_dataset_length",
        "remove_unused_columns",
        "shuffle_before_pack",
        "pack_to_max_length",
        "use_varlen_attn",
        "map_num_proc",
    }
)
"""The arguments of process_hf_dataset in our configs; with others nobody has counted the
samples."""


class NotAsCheckedError(Exception):
    """The rows differ from what was counted before the start."""

    def __init__(self, what: str, checked: int | str, real: int | str) -> None:
        super().__init__(f"{what}: {real} would be trained, {checked} were checked")
        self.code = f"{what}_not_as_checked"
        self.data = {"checked": checked, "real": real}


class TrainedRows:
    """Looks at the rows of a run once they are tokens, before they are packed."""

    def __init__(self) -> None:
        self._tokens: str | None = None

    def attach(self) -> None:
        """Have xtuner show us the rows as it makes them, from now on."""
        import xtuner.dataset.huggingface as xtuner_rows

        tokenize = xtuner_rows.tokenize_dataset

        @functools.wraps(tokenize)
        def tokenize_and_look(*arguments: Any, **options: Any) -> Any:
            dataset = tokenize(*arguments, **options)
            if {"input_ids", "labels"} <= set(dataset.column_names):
                self._tokens = _digest(dataset)
            return dataset

        xtuner_rows.tokenize_dataset = tokenize_and_look

    def require_checked(self, folder: RunFolder, runner: Any, dataset: Any, loop: Any) -> None:
        """Raise an error if a loop is about to train other rows than were counted.

        Args:
            folder: The run's.
            runner: The one that trains.
            dataset: The config of the data that the loop was built from.
            loop: The training loop that was built.

        Raises:
            NotAsCheckedError: If the rows differ from those counted.
        """
        checked = read_checked_run(folder.checked_run_file)
        if checked is None or not _is_counted_so(dataset):
            return
        samples = len(loop.dataloader.dataset)
        if samples != checked.samples:
            raise NotAsCheckedError("samples", checked.samples, samples)
        if self._tokens not in (None, checked.tokens):
            raise NotAsCheckedError("tokens", checked.tokens, str(self._tokens))
        cycle = runner.cfg.get("train_cfg") or {}
        is_by_epochs = cycle.get("max_epochs") == runner.cfg.get("max_epochs")
        if is_by_epochs and runner.world_size == 1 and loop.max_iters != checked.iterations:
            raise NotAsCheckedError("iterations", checked.iterations, loop.max_iters)


def _is_counted_so(dataset: Any) -> bool:
    """Return whether rows become samples the way the plan counts them."""
    return (
        isinstance(dataset, Mapping)
        and "process_hf_dataset" in str(dataset.get("type"))
        and set(dataset) <= _KNOWN_ARGUMENTS
        and dataset.get("map_num_proc", 32) is None
        and dataset.get("shuffle_before_pack", True)
    )


def _digest(dataset: Any) -> str:
    """Return the digest of a dataset's rows that have anything to train on."""
    hashes = []
    for batch in dataset.select_columns(["input_ids", "labels"]).iter(_BATCH_ROWS):
        for input_ids, labels in zip(batch["input_ids"], batch["labels"], strict=True):
            if any(label != IGNORE_INDEX for label in labels):
                hashes.append(row_hash(input_ids, labels))
    return sum_of_hashes(hashes)
