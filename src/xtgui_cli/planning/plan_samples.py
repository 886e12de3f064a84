"""Chooses max_length and packing, so that almost nothing of the data is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..settings.table import BY_KEY, Settings
from ..shared.packing import KEEPS_PACKS_APART
from .packing import Measured, Samples, count_samples
from .reasons import Reason, explain, percent, warn

USUAL_MAX_LENGTH = 2048
"""XTuner's own max_length."""
LOSS_LIMIT = 0.02
"""The share of the tokens that packing may lose."""
GOOD_COUNT = 67
"""With fewer packs, rows stay apart: there would be too few updates."""
ROWS_IN_PACK = 16
"""Minimum number of rows in a pack. A pack ends in the middle of a row, whose other part is trained
without its question, in every epoch: one row in this many."""
_SHORTEST_PACK = 64

_MAX_LENGTH = BY_KEY["train.max_length"]
_PACK = BY_KEY["train.pack_to_max_length"]


@dataclass(frozen=True)
class DataPlan:
    """How the rows become samples."""

    max_length: int
    pack: bool
    samples: Samples
    reasons: tuple[Reason, ...] = ()
    longest_sample: int = 0
    """Tokens of the longest sample."""
    longest_answer: int = 0
    """The most tokens from a row's first trained one to its end; 0 if rows are packed."""


def plan_samples(
    measured: Measured, settings: Settings, max_positions: int | None, model_type: str
) -> DataPlan:
    """Return the samples of measured rows.

    Args:
        measured: The rows, counted.
        settings: Values that are None are chosen here.
        max_positions: The longest sequence the model reads; None if unknown.
        model_type: As in the model's config.json: not all models keep packed samples apart.
    """
    limit = longest_allowed(settings, max_positions)
    longest_row = max(measured.lengths, default=0)
    reasons: list[Reason] = []
    if max_positions and limit > max_positions:
        reasons.append(warn(_MAX_LENGTH, "plan.too_long", limit=max_positions))

    def pack(length: int) -> Samples:
        return _count(measured, settings, length, pack=True)

    chosen = _choose(settings, limit, longest_row, pack, _count(measured, settings, limit))
    if model_type not in KEEPS_PACKS_APART and chosen.pack:
        if settings.train.pack_to_max_length is None and settings.train.recipe == "planned":
            samples = _count(measured, settings, limit)
            chosen = DataPlan(max_length=limit, pack=False, samples=samples)
        else:
            reasons.append(warn(_PACK, "plan.packs_mixed"))
    reasons += _data_reasons(chosen, limit, settings)
    longest = chosen.max_length if chosen.pack else min(longest_row, chosen.max_length)
    answers = (
        min(length, chosen.max_length) - first
        for length, first in zip(measured.lengths, measured.first_trained, strict=True)
    )
    return replace(
        chosen,
        reasons=tuple(reasons),
        longest_sample=longest,
        longest_answer=0 if chosen.pack else max(0, *answers, 0),
    )


def _count(measured: Measured, settings: Settings, length: int, *, pack: bool = False) -> Samples:
    return count_samples(
        measured,
        length,
        pack=pack,
        seed=settings.train.seed,
        max_dataset_length=settings.data.max_dataset_length,
    )


def longest_allowed(settings: Settings, max_positions: int | None = None) -> int:
    """Return the max_length that is set, or the usual one, within what the model reads.

    A shorter planned pack is never shorter than the longest row: only this limit cuts rows.
    """
    usual = min(USUAL_MAX_LENGTH, max_positions or USUAL_MAX_LENGTH)
    return settings.train.max_length or usual


def _is_good_pack(packed: Samples, apart: Samples) -> bool:
    is_full = apart.count >= ROWS_IN_PACK * packed.count
    return packed.lost_share <= LOSS_LIMIT and packed.count >= GOOD_COUNT and is_full


def _choose(
    settings: Settings,
    limit: int,
    longest_row: int,
    pack: Callable[[int], Samples],
    apart: Samples,
) -> DataPlan:
    """Return whether rows are packed, and how long: as set, or so that almost nothing is lost."""
    wanted = settings.train.pack_to_max_length
    if wanted is None and settings.train.recipe == "xtuner":
        return DataPlan(max_length=limit, pack=True, samples=pack(limit))
    unpacked = DataPlan(max_length=limit, pack=False, samples=apart)
    if wanted is False:
        return unpacked
    if settings.train.max_length is None:
        packed = _choose_length(limit, longest_row, pack, apart, is_wanted=wanted is True)
        return packed or unpacked
    samples = pack(limit)
    if wanted or _is_good_pack(samples, apart):
        return DataPlan(max_length=limit, pack=True, samples=samples)
    return unpacked


def _choose_length(
    limit: int,
    longest_row: int,
    pack: Callable[[int], Samples],
    apart: Samples,
    *,
    is_wanted: bool,
) -> DataPlan | None:
    """Return the longest pack that loses little and leaves enough samples; None if there is none.

    A pack shorter than the longest row would cut more rows than max_length itself does. If packing
    is asked for and no length is good, the one that loses least is used.
    """
    shortest = max(longest_row, _SHORTEST_PACK)
    tried: list[DataPlan] = []
    for length in (limit, *range((limit - 1) // 64 * 64, shortest - 1, -64)):
        tried.append(DataPlan(max_length=length, pack=True, samples=pack(length)))
        if _is_good_pack(tried[-1].samples, apart):
            return tried[-1]
    if not is_wanted:
        return None
    return min(tried, key=lambda plan: (plan.samples.lost_share, -plan.max_length))


def _data_reasons(chosen: DataPlan, limit: int, settings: Settings) -> list[Reason]:
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
        reasons.append(warn(_MAX_LENGTH, "plan.nothing_left", **facts))
    if settings.train.pack_to_max_length is None:
        key = "plan.packed" if chosen.pack else "plan.apart"
        if chosen.pack and chosen.max_length < limit:
            key = "plan.packed_shorter"
        reasons.append(explain(_PACK, key, **facts))
    if samples.lost_share > LOSS_LIMIT:
        reasons.append(warn(_PACK, "plan.loses", **facts))
    if samples.cut_rows:
        cut = percent(samples.cut_rows / samples.rows)
        reasons.append(
            warn(_MAX_LENGTH, "plan.cuts", **facts | {"count": samples.cut_rows, "percent": cut})
        )
    if samples.vanished_rows:
        reasons.append(warn(None, "plan.vanished", **facts | {"count": samples.vanished_rows}))
    return reasons
