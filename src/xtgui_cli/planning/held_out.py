"""Which rows are held out of training for evaluation: chosen by a hash, so always the same.

Rows that ask the same question stay on one side; otherwise the held-out ones would have been
taught.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..settings.table import BY_KEY, Settings

SHARE, FROM_ROWS, MOST_ROWS = 0.05, 200, 100
"""The default share of held-out rows, the number of rows from which it applies, and the maximum
number."""

_VAL_RATIO = BY_KEY["train.val_ratio"]


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """What is held out."""

    ratio: float
    """The requested share of the rows, from 0 to 0.5."""
    rows: tuple[int, ...] = ()
    """The numbers of the rows, from 0, in order."""


def plan_held_out(settings: Settings, prompts: Sequence[int], never: Collection[int]) -> HeldOut:
    """Return what is held out: as set, or a share of many rows if their questions differ.

    If the ratio was set but cannot be met, the result has no rows.

    Args:
        settings: Values that are None are chosen here.
        prompts: The number of each row's question (see `question_number`).
        never: Questions that are never held out.
    """
    ratio = settings.train.val_ratio
    if ratio is None:
        ratio = _usual_ratio(settings, len(prompts))
    rows = choose_held_out(prompts, settings.train.seed, ratio, never)
    if not rows and not settings.is_given(_VAL_RATIO):
        ratio = 0.0
    return HeldOut(ratio=ratio, rows=rows)


def _usual_ratio(settings: Settings, rows: int) -> float:
    if settings.train.recipe == "xtuner" or rows < FROM_ROWS:
        return 0.0
    return float(f"{min(SHARE, MOST_ROWS / rows):.4g}")


def choose_held_out(
    prompts: Sequence[int], seed: int, ratio: float, never: Collection[int] = ()
) -> tuple[int, ...]:
    """Return the rows whose questions come first by a hash of seed and question.

    As many as the ratio says, or a few less if questions repeat; up to twice as many if no question
    is rare enough. Nothing if that is impossible, or if nothing would be left.
    """
    wanted = int(len(prompts) * ratio + 0.5)
    if not wanted:
        return ()
    sizes = Counter(prompts)
    order = sorted(sizes.keys() - set(never), key=lambda prompt: _rank(seed, prompt))
    chosen: set[int] = set()
    room = wanted
    for prompt in order:
        if sizes[prompt] <= room:
            chosen.add(prompt)
            room -= sizes[prompt]
        if not room:
            break
    if not chosen and order:
        smallest = min(order, key=lambda prompt: sizes[prompt])
        chosen = {smallest} if sizes[smallest] <= 2 * wanted else set()
    rows = tuple(number for number, prompt in enumerate(prompts) if prompt in chosen)
    return rows if len(rows) < len(prompts) else ()


def question_number(question: str) -> int:
    """Return a 64-bit number that is the same for equal questions, ignoring white space."""
    text = " ".join(question.split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def _rank(seed: int, prompt: int) -> bytes:
    key = seed.to_bytes(8, "big") + prompt.to_bytes(8, "big")
    return hashlib.blake2b(key, digest_size=16).digest()
