"""What a run has taught, judged by its checks: sentences, the most important first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..shared.errors import Notice
from ..shared.learning import LEARNED, Kept, KnownRows, Learning, is_forgotten, wilson
from .loss_course import FALLEN, LossCourse, taught_loss

HARDLY = 0.5
"""Below this share of known rows, they count as hardly learned."""
RECITES = 0.5
"""Below this share of right answers in other words, known rows are only recited."""
OTHER_STYLE = 0.30
"""Nats per token by which the base's own answers have become less likely: another style. A guide
value: runs that taught well reached 0.7 with SmolLM2; it is not calibrated yet."""
CHANCE = 0.25
"""With four choices."""
LONG_ANSWERS = 0.05
"""If the length of the answers is unknown, and no more than this share of rows is known word for
word, the loss on held-out rows says more."""
ENOUGH_FOR_PERCENT = 20
"""With fewer items no percentage is given."""


def judge(
    learnings: Sequence[Learning],
    course: LossCourse | None = None,
    *,
    answers_are_long: bool | None = None,
) -> list[Notice]:
    """Return what was learned and what was not.

    Empty if nothing was checked after the start, unless the loss went wrong.

    Args:
        learnings: The checks of a run; the first is the base model's.
        course: How its loss developed.
        answers_are_long: Whether the answers are too long to be known by heart, such as those that
            teach a style, or conversations; None if unknown.
    """
    went_wrong = _course(course) if course else []
    if len(learnings) < 2:
        return went_wrong
    before, now = learnings[0], learnings[-1]
    is_loss = is_style(now, answers_are_long=answers_are_long)
    return [
        *went_wrong,
        *(_loss(before, now) if is_loss else _learned(before, now)),
        *_other_words(now),
        *_kept(now),
        *_faults(before, now),
    ]


def _course(course: LossCourse) -> list[Notice]:
    if not course.is_bad:
        return []
    return [Notice(f"learning.{course.kind}", course.in_short)]


def is_measurable(kept: Kept) -> bool:
    """Return whether the base knew enough for a loss to show: more than by guessing."""
    return kept.asked > 0 and wilson(kept.base_right, kept.asked)[0] > CHANCE


def is_style(now: Learning, *, answers_are_long: bool | None) -> bool:
    """Return whether the loss says more about a run than the number of rows known by heart."""
    if answers_are_long is not None:
        return answers_are_long
    share = now.known.share if now.known else 0.0
    return share <= LONG_ANSWERS and now.held_out is not None


def known_before(before: Learning, now: KnownRows) -> int:
    """Return how many of the rows that were just asked were known before training."""
    if before.known is None:
        return 0
    known = dict(zip(before.known.rows, before.known.known, strict=True))
    return sum(known.get(row, False) for row in now.rows)


def recites(now: Learning) -> bool:
    """Return whether a model knows its rows but hardly ever the same in other words."""
    right = sum(test.right for test in now.tests)
    knows = now.known is not None and now.known.share >= LEARNED
    return knows and bool(now.tests) and right < RECITES * len(now.tests)


def has_fallen(before: float | None, now: float | None) -> bool:
    """Return whether a loss has fallen noticeably; False if that is not known."""
    return before is not None and now is not None and now <= (1 - FALLEN) * before


def sample_interval(known: KnownRows) -> tuple[int, int] | None:
    """Return the 95 % interval, in percent, of the known rows if a sample was asked.

    None if all were asked, or too few.
    """
    if known.total <= known.asked or known.asked < ENOUGH_FOR_PERCENT:
        return None
    low, high = wilson(known.count, known.asked)
    return math.floor(low * 100), math.ceil(high * 100)


def _learned(before: Learning, now: Learning) -> list[Notice]:
    known = now.known
    if known is None or not known.asked:
        return _loss(before, now)
    facts = {
        "known": known.count,
        "asked": known.asked,
        "before": known_before(before, known),
    }
    key = "learning.hardly"
    if known.share >= HARDLY:
        key = "learning.learned" if known.share >= LEARNED else "learning.partly"
    return [Notice(key, facts), *_sample(known)]


def _sample(known: KnownRows) -> list[Notice]:
    """Return what the rows that were asked say about all of them."""
    if known.total <= known.asked:
        return []
    facts = {"asked": known.asked, "total": known.total}
    interval = sample_interval(known)
    if interval is None:
        return [Notice("learning.sample", facts)]
    low, high = interval
    return [Notice("learning.sample_interval", {**facts, "low": low, "high": high})]


def _loss(before: Learning, now: Learning) -> list[Notice]:
    """Return what the loss says: on held-out rows if there are any, else on the taught ones."""
    if now.held_out is not None and before.held_out is not None:
        is_better = now.held_out < before.held_out
        key = "learning.held_out_better" if is_better else "learning.held_out_worse"
        return [Notice(key, _from_to(before.held_out, now.held_out))]
    taught = taught_loss([before, now])
    if taught is None or taught.now is None:
        return []
    has_learned = has_fallen(taught.base, taught.now)
    key = "learning.loss_fell" if has_learned else "learning.loss_hardly_fell"
    return [Notice(key, _from_to(taught.base, taught.now))]


def _from_to(before: float, now: float) -> dict[str, str]:
    return {"before": f"{before:.2f}", "now": f"{now:.2f}"}


def _other_words(now: Learning) -> list[Notice]:
    if not now.tests:
        return []
    right = sum(test.right for test in now.tests)
    facts = {"right": right, "asked": len(now.tests)}
    return [Notice("learning.recites" if recites(now) else "learning.other_words", facts)]


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


def new_faults(before: Learning, now: Learning) -> list[str]:
    """Return the faults of answers that did not exist before training."""
    return [fault for fault in now.degenerate if fault not in before.degenerate]


def _faults(before: Learning, now: Learning) -> list[Notice]:
    return [Notice(f"learning.{fault}") for fault in new_faults(before, now)]
