"""Folds an adapter into its base model, and checks that the result predicts the same tokens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..shared.rare_collection import rare_collection
from .base_model import (
    check_base,
    copy_model_code,
    copy_tokenizer,
    read_config,
    write_config,
)
from .meanwhile import meanwhile
from .merging.adapter_folder import open_adapter
from .merging.plan import plan_merge
from .serve import Reply
from .weights.safetensors_writer import write_shards
from .weights.weight_files import Weights, open_weights
from .whole_folder import clear_leftovers, flush, intact_record, made_from, whole_folder

if TYPE_CHECKING:
    from torch import Tensor

    from .merging.check import Check, Checker, Merge
    from .merging.plan import PlannedTensor
    from .merging.quantized_base import QuantizedBase

_SPARE_BYTES = 64 << 20
"""Bytes reserved for tokenizer, config and code."""


def run(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Merge the adapter folder `adapter` into the model folder `base`, as the folder `out`.

    Args:
        request: Also `dtype`, None for that of the base; `trust_remote_code`; `config`, that of the
            run, whose rows are used for the check; `quantized`, whether training had the base in 4
            bits.
        reply: Receives phases and progress.

    Returns:
        `out`, `dtype`, `reused`, and the fields of `Check`.
    """
    adapter_folder, out = Path(request["adapter"]), Path(request["out"])
    base, asked_dtype = check_base(Path(request["base"])), request.get("dtype")
    with open_weights(base) as weights, open_adapter(adapter_folder) as adapter:
        plan = plan_merge(weights, read_config(base), adapter, asked_dtype)
        source = made_from(adapter_folder) or {"folder": str(adapter_folder)}
        record = {
            **source,
            "made": "merge",
            "base": str(base),
            "base_files": _identity(weights),
            "dtype": plan.dtype,
            "asked_dtype": asked_dtype,
        }
        made = intact_record(out)
        if made and "check" in made and {**made, "check": None} == {**record, "check": None}:
            clear_leftovers(out)
            return {"out": str(out), "dtype": plan.dtype, "reused": True, **made["check"]}
        weights.verify()
        with whole_folder(out, record, plan.needed_bytes + _SPARE_BYTES) as folder:
            reply.enter("importing")
            with rare_collection():
                from .merging.check import Merge
                from .merging.quantized_base import MOST_WEIGHTS, find_quantized_base

            config = Path(request["config"]) if request.get("config") else None
            is_quantized = bool(request.get("quantized"))
            is_small = sum(one.spec.count for one in weights.tensors.values()) <= MOST_WEIGHTS
            quantized = find_quantized_base(config) if is_quantized and is_small else None
            merge = Merge(
                base,
                weights,
                adapter_folder,
                adapter,
                plan,
                config,
                quantized,
                trust_remote_code=bool(request.get("trust_remote_code")),
            )
            check = _make(merge, folder, reply)
            if is_quantized and quantized is None:
                check = replace(check, base="assumed")
            record["check"] = asdict(check)
    return {"out": str(out), "dtype": plan.dtype, "reused": False, **asdict(check)}


def _make(merge: Merge, folder: Path, reply: Reply) -> Check:
    """Write the complete folder of the merged model, and check it.

    If two bases are possible, the one closer to the trained model is used.
    """
    from .merging.check import Checker, require_close

    _write_weights(merge, folder, reply)
    untied = {"tie_word_embeddings": False} if merge.plan.is_untied else {}
    write_config(merge.base, folder, merge.plan.dtype, **untied)
    copy_model_code(merge.base, folder)
    copy_tokenizer(merge.base, folder)
    reply.enter("checking")
    checker = Checker(merge)
    with meanwhile(partial(flush, folder)):
        checker.prepare()
        check = _compare(checker, folder)
    if merge.quantized is not None and check.tokens:
        other = checker.same_dequantized()
        base, other_same = "original", other
        if other > check.same:
            _write_weights(merge, folder, reply, quantized=merge.quantized)
            reply.enter("checking")
            base, other_same = "dequantized", check.same
            check = _compare(checker, folder)
        check = replace(check, base=base, other_same=other_same)
    if check.tokens:
        from .compat_own_code import forget_code

        forget_code(folder)
    require_close(check)
    return check


def _compare(checker: Checker, folder: Path) -> Check:
    with open_weights(folder) as written:
        return checker.compare(folder, written)


def _write_weights(
    merge: Merge, folder: Path, reply: Reply, *, quantized: QuantizedBase | None = None
) -> None:
    """Write the weights, from the original base or from the 4-bit one of training."""
    from .merging.fold import load
    from .merging.merged_pieces import merged_pieces

    reply.enter("merging")

    def trained(planned: PlannedTensor) -> Tensor | None:
        name = planned.spec.name
        if quantized is None or not quantized.has(name):
            return None
        return quantized.as_trained(name, load(planned.source).float())

    shards, tensors = merge.plan.shards, merge.plan.tensors
    in_order = (tensors[one.name] for shard in shards for one in shard.tensors)
    pieces = merged_pieces((planned, trained(planned)) for planned in in_order)
    write_shards(folder, shards, pieces, reply.progress)


def _identity(weights: Weights) -> str:
    """Return a fingerprint of the files of a base model."""
    files = sorted({tensor.file for tensor in weights.tensors.values()})
    said = [[path.name, path.stat().st_size, path.stat().st_mtime_ns] for path in files]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
