"""Chooses max_length and packing, so that next to nothing of the data is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..shared.settings import BY_KEY
from .memory.activations import ModelFacts
from .packing import Measured, Samples, count_samples
from .reasons import Reason, percent, warn

LOSS_LIMIT = 0.02
"""The part of the tokens that packing may lose."""
GOOD_COUNT = 67
"""Samples above which packs may be longer: 200 optimizer steps in three epochs."""
SHORTEST_PACK = 64


@dataclass(frozen=True)
class DataPlan:
    """How the rows become samples."""

    max_length: int
    pack: bool
    samples: Samples
    reasons: tuple[Reason, ...]
    longest_sample: int = 0
    """Tokens of the longest sample."""


def plan_samples(measured: Measured, given: Mapping[str, Any], model: ModelFacts) -> DataPlan:
    """Give the samples of measured rows; *given* holds what the user has set, by key."""
    limit = longest_allowed(given, model)
    pack = given.get("train.pack_to_max_length")
    reasons: list[Reason] = []
    longest_row = max(measured.lengths, default=0)

    def count(length: int, is_packed: bool) -> Samples:
        seed = given.get("train.seed", BY_KEY["train.seed"].default)
        return count_samples(
            measured, length, is_packed, seed, given.get("data.max_dataset_length")
        )

    if model.max_positions and limit > model.max_positions:
        reasons.append(warn("train.max_length", "too_long", limit=model.max_positions))
    apart = count(limit, False)
    if pack is False:
        chosen = DataPlan(limit, False, apart, ())
    elif "train.max_length" in given:
        packed = count(limit, True)
        is_packed = pack is True or _is_good_pack(packed, apart)
        chosen = DataPlan(limit, is_packed, packed if is_packed else apart, ())
    else:
        chosen = _choose_pack(count, limit, longest_row, pack, apart)
    reasons += _data_reasons(chosen, limit, given)
    longest = chosen.max_length if chosen.pack else min(longest_row, chosen.max_length)
    return replace(chosen, reasons=tuple(reasons), longest_sample=longest)


def longest_allowed(given: Mapping[str, Any], model: ModelFacts) -> int:
    """Give the max_length that was set, else the usual one, within what the model reads.

    A pack that is planned shorter is never shorter than the longest row: what is cut is cut here.
    """
    usual: int = BY_KEY["train.max_length"].default
    return given.get("train.max_length") or min(usual, model.max_positions or usual)


def _is_good_pack(packed: Samples, apart: Samples) -> bool:
    enough = min(GOOD_COUNT, apart.count)
    return packed.lost_share <= LOSS_LIMIT and packed.count >= enough


def _choose_pack(
    count: Callable[[int, bool], Samples],
    limit: int,
    longest: int,
    pack: bool | None,
    apart: Samples,
) -> DataPlan:
    """Give the longest pack that loses little and leaves samples enough; else none.

    Below the longest row a pack would cut more rows than max_length itself does. Where packing is
    asked for and no length is good, the one that loses least is taken.
    """
    shortest = max(longest, SHORTEST_PACK)
    lengths = [limit, *range((limit - 1) // 64 * 64, shortest - 1, -64)]
    tried = []
    for length in lengths:
        packed = count(length, True)
        if _is_good_pack(packed, apart):
            return DataPlan(length, True, packed, ())
        tried.append((packed.lost_share, -length, packed))
    if pack:
        _, negative, packed = min(tried, key=lambda item: item[:2])
        return DataPlan(-negative, True, packed, ())
    return DataPlan(limit, False, apart, ())


def _data_reasons(chosen: DataPlan, limit: int, given: Mapping[str, Any]) -> list[Reason]:
    samples = chosen.samples
    facts = {
        "samples": samples.count,
        "rows": samples.rows,
        "length": chosen.max_length,
        "limit": limit,
        "percent": percent(samples.lost_share),
    }
    reasons = []
    if not samples.count:
        reasons.append(warn("train.max_length", "nothing_left", **facts))
    if "train.pack_to_max_length" not in given:
        code = "packed" if chosen.pack else "apart"
        if chosen.pack and chosen.max_length < limit:
            code = "packed_shorter"
        reasons.append(Reason("train.pack_to_max_length", f"plan.{code}", facts))
    if samples.lost_share > LOSS_LIMIT:
        reasons.append(warn("train.pack_to_max_length", "loses", **facts))
    if samples.cut_rows:
        cut = percent(samples.cut_rows / samples.rows)
        reasons.append(
            warn("train.max_length", "cuts", **facts | {"count": samples.cut_rows, "percent": cut})
        )
    if samples.vanished_rows:
        reasons.append(warn("", "vanished", **facts | {"count": samples.vanished_rows}))
    return reasons
