"""What a run has taught, judged from its checks: sentences, the most important first."""

from __future__ import annotations

from collections.abc import Sequence

from ..shared.errors import Notice
from ..shared.learning import LEARNED, Kept, Learning, is_forgotten, wilson

HARDLY = 0.5
"""The part of the taught rows below which they count as hardly learned."""
RECITES = 0.5
"""Below this part of right answers in other words, rows that are known are only recited."""
OTHER_STYLE = 0.30
"""Nats a token by which the base's own answers have become less likely: another way of speaking. A
guide value: runs that taught well reached 0.7 with SmolLM2, it is not calibrated yet."""
CHANCE = 0.25
"""Of four choices."""
LONG_ANSWERS = 0.05
"""Where no more rows than this part are ever known word for word, knowing says nothing."""


def judge(learnings: Sequence[Learning]) -> list[Notice]:
    """Return what was learned and what was not; empty where nothing was checked after the start.

    Args:
        learnings: The checks of a run; the first is of the base model.
    """
    if len(learnings) < 2:
        return []
    before, now = learnings[0], learnings[-1]
    return [
        *_learned(before, now),
        *_other_words(now),
        *_kept(now),
        *_faults(before, now),
    ]


def is_measurable(kept: Kept) -> bool:
    """Return whether the base knew enough for a loss to show: more than guessing would give."""
    return kept.asked > 0 and wilson(kept.base_right, kept.asked)[0] > CHANCE


def _learned(before: Learning, now: Learning) -> list[Notice]:
    known = now.known
    if known is None or not known.asked:
        return _held_out(before, now)
    facts = {
        "known": known.count,
        "asked": known.asked,
        "before": before.known.count if before.known else 0,
    }
    if known.share >= LEARNED:
        return [Notice("learning.learned", facts)]
    if known.share <= LONG_ANSWERS and now.held_out is not None:
        return _held_out(before, now)
    code = "hardly" if known.share < HARDLY else "partly"
    return [Notice(f"learning.{code}", facts)]


def _held_out(before: Learning, now: Learning) -> list[Notice]:
    if now.held_out is None or before.held_out is None:
        return []
    code = "held_out_better" if now.held_out < before.held_out else "held_out_worse"
    loss = {"before": f"{before.held_out:.2f}", "now": f"{now.held_out:.2f}"}
    return [Notice(f"learning.{code}", loss)]


def _other_words(now: Learning) -> list[Notice]:
    if not now.tests:
        return []
    right = sum(test.right for test in now.tests)
    facts = {"right": right, "asked": len(now.tests)}
    knows = now.known is not None and now.known.share >= LEARNED
    if knows and right < RECITES * len(now.tests):
        return [Notice("learning.recites", facts)]
    return [Notice("learning.other_words", facts)]


def _kept(now: Learning) -> list[Notice]:
    kept = now.kept
    if kept is None or not kept.asked:
        return []
    if not is_measurable(kept):
        return [Notice("learning.not_measurable")]
    facts = {"kept": kept.of_base_right, "of": kept.base_right}
    if is_forgotten(kept):
        return [Notice("learning.forgot", facts)]
    notices = [Notice("learning.kept", facts)]
    if now.wording is not None and now.wording >= OTHER_STYLE:
        notices.append(Notice("learning.style_changed", {"nats": f"{now.wording:.2f}"}))
    return notices


def _faults(before: Learning, now: Learning) -> list[Notice]:
    new = (fault for fault in now.degenerate if fault not in before.degenerate)
    return [Notice(f"learning.{fault}") for fault in new]
