"""The findings of a checkpoint's check, as sentences of its model card."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from ..runs.verdict import is_measurable, known_before, new_faults, sample_interval
from ..shared.learning import Learning
from ..texts import t


def findings(checks: Sequence[Learning]) -> Iterator[str]:
    """Yield a sentence for each thing that was measured.

    Args:
        checks: At least one, in the order of their iterations; the last is the checkpoint's.
    """
    now = checks[-1]
    before = checks[0] if checks[0].iter == 0 and now.iter else Learning(0)
    yield from _known(before, now)
    if now.tests:
        yield _say(
            "model_card.tests",
            {"right": sum(one.right for one in now.tests), "asked": len(now.tests)},
        )
    if now.kept is not None and is_measurable(now.kept):
        yield _say("model_card.kept", {"kept": now.kept.of_base_right, "of": now.kept.base_right})
    if now.wording is not None and math.isfinite(now.wording):
        yield _say("model_card.wording", {"nats": f"{-now.wording:+.2f}"})
    if now.held_out is not None and math.isfinite(now.held_out):
        loss = {"loss": f"{now.held_out:.2f}"}
        if before.held_out is not None and math.isfinite(before.held_out):
            yield _say("model_card.held_out_before", {**loss, "before": f"{before.held_out:.2f}"})
        else:
            yield _say("model_card.held_out", loss)
    yield from (_say(f"model_card.{fault}", {}) for fault in new_faults(before, now))


def _known(before: Learning, now: Learning) -> Iterator[str]:
    known, earlier = now.known, before.known
    if known is None or not known.asked:
        return
    facts = {"known": known.count, "asked": known.asked}
    if earlier is not None and earlier.asked:
        facts |= {"before": known_before(before, known), "before_asked": known.asked}
        sentence = _say("model_card.known_before", facts)
    else:
        sentence = _say("model_card.known", facts)
    if known.total > known.asked:
        sentence += " " + _say("model_card.sample", {"total": known.total})
    interval = sample_interval(known)
    if interval is not None:
        low, high = interval
        sentence += " " + _say("model_card.interval", {"low": low, "high": high})
    yield sentence


def _say(key: str, facts: Mapping[str, object]) -> str:
    return t(key, **facts)
