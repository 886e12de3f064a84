"""Chooses how a run learns: learning rate, adapter scale, rows per update, epochs.

The values follow from the method, the model's width and the rows. docs/learning.md has what was
published for models of 1 B to 14 B parameters and what was measured with one of 135 M.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..settings.table import BY_KEY, Settings
from .memory.training_setup import USUAL_RANK
from .reasons import Reason, explain, warn
from .row_facts import RowFacts

ALPHA = 32
"""LoRA's alpha. With adapters scaled by alpha / rank the best learning rate depends on alpha and
not on the rank (Schulman et al. 2025, "LoRA Without Regret"; tinker-cookbook, hyperparam_utils)."""
WIDTH, LORA_LR, LORA_POWER = 2000, 5e-4, 0.43
"""Learning rate of an adapter: 5e-4 at a width of 2000, falling with this power of the width. The
law and its numbers are tinker-cookbook's (get_lr: power 0.78 for Llama, 0.08 for Qwen, of which
this is the middle), fitted to models 1024 to 8192 wide."""
NARROWEST = 576
"""The narrowest model that was measured; narrower ones use its rate."""
FULL_SHARE = 0.1
"""Full fine-tuning uses a tenth of an adapter's rate (same source)."""
FEW_ROWS, SOME_ROWS = 10, 30
"""Up to this many rows a sentence says how little to expect."""

SMALL_RANK, MANY_ROWS = 16, 1000
"""Rank of an adapter for fewer rows than that: a quarter of the time and disk of xtuner's 64. With
few rows the rank makes no difference (sources above), and 16 learned all of 24 rows
(docs/learning.md)."""
XTUNER_ALPHA, XTUNER_DROPOUT, XTUNER_ACCUMULATION, XTUNER_EPOCHS = 16, 0.1, 16, 3
XTUNER_WARMUP, XTUNER_MAX_LENGTH = 0.03, 2048
"""The values of xtuner's own configs, in 0.2.0."""

SEEN = 7
"""How often each answer is seen. Measured with 24 facts on SmolLM2-135M: all were recited after six
times; after sixteen, no more were answered in other words than chance explains
(docs/learning.md)."""
USUAL_ANSWERS, SEEN_POWER = 50, 0.4
"""More different answers are seen less often, by this power of their number. The power was not
measured: it leads to the usual three epochs at about 400 answers."""

_LR, _ALPHA = BY_KEY["train.lr"], BY_KEY["lora.lora_alpha"]


@dataclass(frozen=True, kw_only=True)
class Rates:
    """How large the steps are."""

    lr: float
    lora_r: int
    lora_alpha: int
    lora_dropout: float
    reasons: tuple[Reason, ...] = ()


def plan_rates(settings: Settings, width: int | None, rows: int) -> Rates:
    """Return learning rate, rank, alpha and dropout.

    Args:
        settings: Values that are None are chosen here.
        width: The model's hidden size; None (unknown) counts as 2000.
        rows: Number of taught rows.
    """
    if settings.train.recipe == "xtuner":
        own = Rates(
            lr=settings.method.lr,
            lora_r=USUAL_RANK,
            lora_alpha=XTUNER_ALPHA,
            lora_dropout=XTUNER_DROPOUT,
        )
        return _as_set(settings, own)
    rate = LORA_LR * (WIDTH / max(width or WIDTH, NARROWEST)) ** LORA_POWER
    if not settings.method.trains_adapter:
        rate *= FULL_SHARE
    rank = SMALL_RANK if rows < MANY_ROWS else USUAL_RANK
    planned = Rates(lr=round_to_two(rate), lora_r=rank, lora_alpha=ALPHA, lora_dropout=0.0)
    rates = _as_set(settings, planned)
    reasons = []
    if settings.train.lr is None:
        key = "plan.lr_by_width" if settings.method.trains_adapter else "plan.lr_full"
        reasons.append(explain(_LR, key, lr=f"{rates.lr:g}", width=width or WIDTH))
    if settings.method.trains_adapter and settings.lora.lora_alpha is None:
        reasons.append(explain(_ALPHA, "plan.alpha", alpha=ALPHA))
    return replace(rates, reasons=tuple(reasons))


def _as_set(settings: Settings, planned: Rates) -> Rates:
    """Return the rates with the user's values in place of planned ones."""
    lr, lora = settings.train.lr, settings.lora
    return Rates(
        lr=planned.lr if lr is None else lr,
        lora_r=planned.lora_r if lora.lora_r is None else lora.lora_r,
        lora_alpha=planned.lora_alpha if lora.lora_alpha is None else lora.lora_alpha,
        lora_dropout=planned.lora_dropout if lora.lora_dropout is None else lora.lora_dropout,
    )


def round_to_two(value: float) -> float:
    """Return a value with two significant digits."""
    return float(f"{value:.1e}")


def times_seen(answers: int) -> float:
    """Return how often a run should show each of so many different answers."""
    return float(SEEN * min(1.0, (USUAL_ANSWERS / answers) ** SEEN_POWER))


def warn_of_few_rows(facts: RowFacts, rows: int) -> list[Reason]:
    """Return what to expect of very few rows, in one sentence; nothing if they are enough."""
    if rows == 1:
        return [warn(None, "plan.one_row")]
    if rows <= FEW_ROWS:
        return [warn(None, "plan.very_few_rows", rows=rows)]
    if rows <= SOME_ROWS and facts.repeats < 2:
        return [explain(None, "plan.few_rows", rows=rows)]
    return []


def rows_per_update(rows: int) -> int:
    """Return the rows per update: 1 below 8 rows, then a power of two from 2 to 16.

    Few rows make small updates, so that there are enough of them.
    """
    return 1 if rows < 8 else int(2 ** min(4, max(1, round(math.log2(rows / 32)))))
