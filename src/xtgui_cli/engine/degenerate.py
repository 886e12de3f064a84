"""What is wrong with the form of answers, whatever their content."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

LOOPS, EMPTY, DOES_NOT_STOP, REPEATS_TAUGHT = "loops", "empty", "does_not_stop", "repeats_taught"
REPEATS = 4
"""How often in a row something is said in a loop..."""
LOOP_TOKENS = 8
"""...and over how many tokens at least: "1000000" and "----" are no loops."""
STOPS_WITHIN = 48
"""Answers that are cut off before so many tokens had no time to stop."""


@dataclass(frozen=True)
class Answer:
    """An answer that a model generated."""

    ids: Sequence[int]
    text: str
    has_ended: bool
    gold: str | None = None
    """The right answer to a question of general knowledge; None for other questions."""


@dataclass(frozen=True)
class Taught:
    """What the answers are compared with."""

    answers: Collection[str] = ()
    longest: int = 0
    """Tokens of the longest taught answer."""


def faults_of(answers: Sequence[Answer], taught: Taught) -> tuple[str, ...]:
    """Return the faults of the answers; each is listed once, if at least one answer has it."""
    found = {fault for answer in answers for fault in _faults(answer, taught)}
    return tuple(fault for fault in (LOOPS, EMPTY, DOES_NOT_STOP, REPEATS_TAUGHT) if fault in found)


def _faults(answer: Answer, taught: Taught) -> set[str]:
    checks = {
        EMPTY: not answer.text,
        LOOPS: is_loop(answer.ids),
        DOES_NOT_STOP: not answer.has_ended
        and len(answer.ids) >= max(STOPS_WITHIN, taught.longest),
        REPEATS_TAUGHT: answer.gold is not None
        and answer.gold.casefold() not in answer.text.casefold()
        and _plain(answer.text) in set(map(_plain, taught.answers)) - {""},
    }
    return {fault for fault, is_so in checks.items() if is_so}


def is_loop(ids: Sequence[int]) -> bool:
    """Return whether a text repeats itself: a stretch four times in a row, or all of its last half.

    Args:
        ids: Its token ids.
    """
    ids = tuple(ids)
    return _has_repeats(ids) or _ends_in_repetition(ids)


def _has_repeats(ids: tuple[int, ...]) -> bool:
    for period in range(1, len(ids) // REPEATS + 1):
        needed = max(period * (REPEATS - 1), LOOP_TOKENS - period)
        run = 0
        for one, other in zip(ids, ids[period:], strict=False):
            run = run + 1 if one == other else 0
            if run >= needed:
                return True
    return False


def _ends_in_repetition(ids: tuple[int, ...]) -> bool:
    """Return whether the last half, of at least 16 tokens, says one thing at least twice."""
    half = ids[len(ids) // 2 :]
    return len(half) >= 2 * LOOP_TOKENS and any(
        half[period:] == half[:-period] for period in range(1, len(half) // 2 + 1)
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
