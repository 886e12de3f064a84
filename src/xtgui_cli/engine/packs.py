"""Keeps the samples in one row of a batch from seeing each other.

xtuner packs samples one after another, and each attends to those before it: a short answer is
learned together with whatever happens to precede it. Here every sample of a pack has its own
positions and the attention mask is left out, which transformers 5 reads as one causal block per
sample (masking_utils.py, `find_packed_sequence_indices`; no flash-attn needed).

The samples of a batch that is not packed are joined in the same way on a CPU, where the time of an
iteration depends on its tokens: nothing is computed for padding, nor are logits of tokens that are
not trained.
"""

from __future__ import annotations

import copy
import inspect
import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from mmengine.device import get_device
from torch.nn.utils.rnn import pad_sequence

from ..shared.packing import JOINED_TOKENS
from .known_models import can_keep_apart

IGNORED = -100
"""The label of tokens that are not trained."""

Packing = Literal["off", "apart", "mixed"]


def collate_packs(instances: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make a batch of packs.

    Args:
        instances: Packs from xtuner's Packer with `use_varlen_attn`: `input_ids`, `labels` and
            `position_ids`, all of one length within a pack.

    Returns:
        What xtuner's models take: under "data", tensors of (packs, tokens). The first token of each
        sample has no label, since the token before it belongs to another sample.
    """
    ids, labels, positions = (
        [torch.as_tensor(each[name], dtype=torch.long) for each in instances]
        for name in ("input_ids", "labels", "position_ids")
    )
    longest = max(map(len, ids))
    # The padding of a shorter pack is a separate sample, so that nothing attends to it.
    padded = [torch.cat([row, torch.arange(longest - len(row))]) for row in positions]
    position_ids = torch.stack(padded)
    batch_labels = pad_sequence(labels, batch_first=True, padding_value=IGNORED)
    batch_labels[position_ids == 0] = IGNORED
    data = {
        "input_ids": pad_sequence(ids, batch_first=True, padding_value=0),
        "position_ids": position_ids,
        "labels": batch_labels,
    }
    return {"data": data, "data_samples": None}


def collate_joined(instances: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make a batch of samples: one after another in a single row, or padded if that is too long.

    Args:
        instances: Samples with `input_ids` and `labels`.

    Returns:
        What xtuner's models take: under "data", tensors of (1, all tokens), or of (samples, tokens
        of the longest). Joined samples come with `logits_to_keep`, the positions before those that
        have a label (see `token_loss.py`).
    """
    lengths = [len(each["input_ids"]) for each in instances]
    if sum(lengths) > JOINED_TOKENS:
        from xtuner.dataset.collate_fns import default_collate_fn

        padded: dict[str, Any] = default_collate_fn(instances)
        return padded
    joined: dict[str, list[int]] = {
        name: list(itertools.chain.from_iterable(each[name] for each in instances))
        for name in ("input_ids", "labels")
    }
    positions = itertools.chain.from_iterable(map(range, lengths))
    batch = collate_packs([joined | {"position_ids": list(positions)}])
    batch["data"]["logits_to_keep"] = (batch["data"]["labels"][0, 1:] != IGNORED).nonzero()[:, 0]
    return batch


def join_samples(runner: Any) -> bool:
    """Have a runner's loader, which is not built yet, join the samples of a batch.

    Returns:
        Whether it does: on a CPU, if nothing is packed, the loader is of the kind in our configs,
        and the model is known to keep samples apart and to compute logits of chosen positions only.
    """
    loader = runner._train_dataloader
    dataset = loader.get("dataset") if isinstance(loader, Mapping) else None
    if not isinstance(dataset, Mapping) or dataset.get("pack_to_max_length", True):
        return False
    collate = loader.get("collate_fn")
    is_ours = (
        "process_hf_dataset" in str(dataset.get("type"))
        and isinstance(collate, Mapping)
        and "default_collate_fn" in str(collate.get("type"))
    )
    llm = runner.model.llm
    if not is_ours or get_device() != "cpu" or not can_keep_apart(llm) or not _chooses(llm):
        return False
    changed: Any = copy.deepcopy(loader)
    changed["collate_fn"] = {"type": collate_joined}
    runner._train_dataloader = changed
    return True


def keep_packs_apart(runner: Any) -> Packing:
    """Have a runner's loader, which is not built yet, make packs whose samples are apart.

    Returns:
        "off" if nothing is packed, "mixed" if the samples of a pack will see each other: the model
        or this transformers is not known to keep them apart, or the loader is not of the kind in
        our configs.
    """
    loader = runner._train_dataloader
    if not isinstance(loader, Mapping) or not isinstance(loader.get("dataset"), Mapping):
        return "off"
    dataset = loader["dataset"]
    if not dataset.get("pack_to_max_length", "process_hf_dataset" in str(dataset.get("type"))):
        return "off"
    if dataset.get("use_varlen_attn"):
        return "apart"  # by flash-attn, as the config asks for itself
    if "process_hf_dataset" not in str(dataset.get("type")) or not can_keep_apart(runner.model.llm):
        return "mixed"
    changed: Any = copy.deepcopy(loader)  # the config stays as it was written
    changed["dataset"]["use_varlen_attn"] = True
    changed["collate_fn"] = {"type": collate_packs}
    runner._train_dataloader = changed
    return "apart"


def _chooses(model: Any) -> bool:
    """Return whether a model can compute logits of chosen positions only."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    return "logits_to_keep" in inspect.signature(base.forward).parameters
