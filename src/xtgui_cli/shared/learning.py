"""What a model has learned and forgotten: the findings of a check, and their meaning.

The engine measures at iteration 0, at checkpoints and at the end. Its findings are events; the user
interface reads them, and both judge them by the same rules.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .json_values import amount, count, items, number, parse, text, texts
from .regular_file import read_bytes

LEARNED = 0.95
"""The share of the taught rows that must be known for them to count as learned."""
SURE = 0.05
"""The probability of calling a model forgetful that has forgotten nothing."""
WORTH_TELLING = 0.10
"""The share of the base's right answers that must be lost to count as forgetting."""
LEAST_ROWS = 16
"""A sample of fewer rows says too little."""
SAME_KNOWN = 0.05
"""Checkpoints know equally many rows within this share."""
SAME_WORDING = 0.02
"""Checkpoints have the same wording within this many nats per token."""
_Z_95 = 1.959963984540054


@dataclass(frozen=True)
class KnownRows:
    """Which taught rows the model answers word for word."""

    rows: tuple[int, ...] = ()
    """The rows that were asked, counted from 0 in the data, in random order."""
    known: tuple[bool, ...] = ()
    """For each of them, whether the model knows it."""
    total: int = 0
    """Rows that could have been asked; more than were asked if those are a sample."""
    loss: float | None = None
    """Mean over their trained tokens, in nats; None if there are none."""

    @property
    def asked(self) -> int:
        """Number of rows that were asked."""
        return len(self.rows)

    @property
    def count(self) -> int:
        """Number of rows that are known."""
        return sum(self.known)

    @property
    def share(self) -> float:
        """The share of rows that are known, from 0 to 1; 0 if none was asked."""
        return self.count / self.asked if self.asked else 0.0

    @property
    def is_telling(self) -> bool:
        """Whether enough rows were asked to report their number."""
        return self.asked >= min(LEAST_ROWS, self.total)

    @property
    def unknown(self) -> tuple[int, ...]:
        """The rows that are not known, in the order of the data."""
        pairs = zip(self.rows, self.known, strict=True)
        return tuple(sorted(row for row, is_known in pairs if not is_known))


@dataclass(frozen=True)
class TestQuestion:
    """A question in other words than the data's, and what a right answer contains."""

    question: str
    keywords: tuple[str, ...]
    """All of them; a keyword may hold alternatives, separated by "|"."""


@dataclass(frozen=True)
class TestAnswer:
    """What the model answered to a test question."""

    question: str
    answer: str
    keywords: tuple[str, ...]
    right: bool


@dataclass(frozen=True)
class Kept:
    """What is left of the base model's general knowledge."""

    asked: int = 0
    right: int = 0
    base_right: int = 0
    """How many of the questions the base gets right."""
    of_base_right: int = 0
    """How many of these are still right."""
    lost: int = 0
    """How many of these are no longer right."""
    p_value: float = 1.0
    """The probability of such a one-sided change if nothing was forgotten."""


@dataclass(frozen=True)
class Learning:
    """The findings of one check; None and empty: not checked."""

    iter: int
    """Iterations done; 0: before training."""
    full: bool = False
    """Whether it was complete, with answers to the test questions."""
    known: KnownRows | None = None
    tests: tuple[TestAnswer, ...] = ()
    kept: Kept | None = None
    wording: float | None = None
    """How much less likely the base's own answers have become, in nats per token."""
    held_out: float | None = None
    """Mean loss over the trained tokens of the held-out rows, in nats."""
    degenerate: tuple[str, ...] = ()
    """Faults of answers: "loops", "empty", "does_not_stop", "repeats_taught"."""
    seconds: float = 0.0
    failed: str = ""
    """Why the check failed: the name of an error."""

    def to_event(self) -> dict[str, Any]:
        """Return the fields of an event."""
        return asdict(self)

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Learning | None:
        """Return the check of an event, or None if that does not say at which iteration.

        Unknown fields are ignored, missing or broken ones are taken as empty.
        """
        iteration = count(event.get("iter"))
        if iteration is None:
            return None
        return cls(
            iter=iteration,
            full=event.get("full") is True,
            known=_known_rows(event.get("known")),
            tests=_test_answers(event.get("tests")),
            kept=_kept(event.get("kept")),
            wording=number(event.get("wording")),
            held_out=number(event.get("held_out")),
            degenerate=texts(event.get("degenerate")),
            seconds=amount(event.get("seconds")) or 0.0,
            failed=text(event.get("failed")) or "",
        )


# --- reading what came through JSON --------------------------------------------------------------


def _known_rows(value: Any) -> KnownRows | None:
    if not isinstance(value, Mapping):
        return None
    rows, known = map(items, (value.get("rows"), value.get("known")))
    pairs = [
        (row, is_known is True)
        for row, is_known in zip(map(count, rows), known, strict=False)
        if row is not None
    ]
    total = count(value.get("total"))
    return KnownRows(
        rows=tuple(row for row, _ in pairs),
        known=tuple(is_known for _, is_known in pairs),
        total=len(pairs) if total is None else total,
        loss=number(value.get("loss")),
    )


def _test_answers(value: Any) -> tuple[TestAnswer, ...]:
    return tuple(
        TestAnswer(
            question=text(item.get("question")) or "",
            answer=text(item.get("answer")) or "",
            keywords=texts(item.get("keywords")),
            right=item.get("right") is True,
        )
        for item in items(value)
        if isinstance(item, Mapping)
    )


def _kept(value: Any) -> Kept | None:
    """Return what is left of general knowledge; None if the counts contradict each other."""
    if not isinstance(value, Mapping):
        return None
    names = ("asked", "right", "base_right", "of_base_right", "lost")
    counts = {name: count(value.get(name)) or 0 for name in names}
    p_value = number(value.get("p_value"))
    kept = Kept(**counts, p_value=1.0 if p_value is None else p_value)
    is_possible = kept.base_right <= kept.asked and kept.of_base_right <= kept.base_right
    return kept if is_possible else None


# --- judging -------------------------------------------------------------------------------------


def has_keywords(answer: str, keywords: Sequence[str]) -> bool:
    """Return whether an answer contains every keyword.

    Case, full-width forms and the amount of white space make no difference. An alternative that
    begins or ends with a Latin letter or a digit must begin or end a word there: "no" is not in
    "know", and "9" is not in "19". Chinese has no word boundaries.

    Args:
        answer: What the model said.
        keywords: Each may have alternatives, separated by "|", one of which is enough.
    """
    text = _plain(answer)
    return all(
        any(_occurs(alternative, text) for alternative in _alternatives(keyword))
        for keyword in keywords
    )


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _alternatives(keyword: str) -> list[str]:
    return [part for part in map(str.strip, _plain(keyword).split("|")) if part]


def _occurs(words: str, text: str) -> bool:
    border = "[a-z0-9]"
    before = f"(?<!{border})" if re.match(border, words[0]) else ""
    after = f"(?!{border})" if re.match(border, words[-1]) else ""
    return re.search(before + re.escape(words) + after, text) is not None


def mcnemar_p(lost: int, gained: int) -> float:
    """Return the probability of at least this many losses if losses and gains are equally likely.

    This is the exact one-sided test: items that did not change say nothing, those that did are
    tosses of a fair coin.

    Args:
        lost: Items right before and wrong now.
        gained: Items wrong before and right now.

    Source: McNemar 1947, Psychometrika 12(2), 153-157, in its exact binomial form.
    """
    changed = lost + gained
    as_lopsided = sum(math.comb(changed, count) for count in range(lost, changed + 1))
    return float(as_lopsided / 2**changed)


def is_learned(known: KnownRows) -> bool:
    """Return whether enough of the rows that were asked are known for all to count as learned."""
    return known.asked - known.count <= may_be_unknown(known.asked) and known.asked > 0


def may_be_unknown(rows: int) -> int:
    """Return how many of *rows* rows may be unknown if they are to count as learned."""
    return int((1 - LEARNED) * rows + 1e-9)


def is_forgotten(kept: Kept) -> bool:
    """Return whether a model has certainly forgotten enough general knowledge to report it."""
    return kept.p_value < SURE and is_much_lost(kept)


def is_much_lost(kept: Kept) -> bool:
    """Return whether a model has lost enough general knowledge to matter, if that is certain."""
    return kept.lost >= WORTH_TELLING * max(1, kept.base_right)


def wilson(known: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share from a sample; (0, 1) without a sample.

    Source: Wilson 1927, Journal of the American Statistical Association 22(158), 209-212.
    """
    if of == 0:
        return 0.0, 1.0
    share, z2 = known / of, _Z_95**2
    center = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = _Z_95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return max(0.0, center - reach), min(1.0, center + reach)


def recommended(history: Sequence[Learning]) -> int | None:
    """Return the iteration of the best checkpoint, or None if no check says.

    It is the one that knows most rows; of those within 5 points of it, the one whose wording has
    changed least; of those within 0.02 nats of that, the latest. If hardly any row is known word
    for word, as with long answers, the loss on held-out rows decides, or the latest is taken if
    there are none.

    Args:
        history: Checks in the order in which they were made; the last one of an iteration counts,
            and those of iteration 0 do not.
    """
    last = {check.iter: check for check in history if check.iter > 0 and not check.failed}
    checks = [last[iteration] for iteration in sorted(last)]
    if not checks:
        return None
    most = max(_share(check) for check in checks)
    if most <= SAME_KNOWN:
        return _least(checks, [check.held_out for check in checks]).iter
    knowing = [check for check in checks if _share(check) >= most - SAME_KNOWN - 1e-9]
    return _least(knowing, [check.wording for check in knowing]).iter


def _share(check: Learning) -> float:
    return check.known.share if check.known else 0.0


def _least(checks: Sequence[Learning], values: Sequence[float | None]) -> Learning:
    """Return the latest check whose value is within 0.02 nats of the lowest."""
    sure = [value if value is not None and value == value else math.inf for value in values]
    least = min(sure)
    return [
        check
        for check, value in zip(checks, sure, strict=True)
        if value == least or value <= least + SAME_WORDING + 1e-9
    ][-1]


# --- the user's test questions -------------------------------------------------------------------


class TestsFileError(ValueError):
    """A file of test questions has a row that cannot be used."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(f"line {line}: {problem}")
        self.problem = problem
        """"not_json", "not_an_object", "no_question", "no_keywords" or "empty": no rows."""
        self.line = line
        """Counted from 1."""


def read_tests(path: Path) -> tuple[TestQuestion, ...]:
    """Return the test questions of a file: {"question": "...", "keywords": ["...", ...]} per line.

    Raises:
        OSError: If it cannot be read.
        TestsFileError: If a row cannot be used, or there is none.
    """
    lines = read_bytes(path).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    tests = tuple(
        _read_test(line, number) for number, line in enumerate(lines, start=1) if line.strip()
    )
    if not tests:
        raise TestsFileError("empty", 1)
    return tests


def _read_test(line: bytes, number: int) -> TestQuestion:
    try:
        row = parse(line)
    except ValueError:
        raise TestsFileError("not_json", number) from None
    if not isinstance(row, dict):
        raise TestsFileError("not_an_object", number)
    question, keywords = row.get("question"), row.get("keywords")
    if not isinstance(question, str) or not question.strip():
        raise TestsFileError("no_question", number)
    if not isinstance(keywords, list) or not keywords or not all(map(_is_keyword, keywords)):
        raise TestsFileError("no_keywords", number)
    return TestQuestion(question, tuple(keywords))


def _is_keyword(value: Any) -> bool:
    return isinstance(value, str) and bool(_alternatives(value))
