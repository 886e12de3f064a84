"""A check of what a model has learned and kept: its questions, its cost and its findings."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ..shared.learning import (
    Kept,
    KnownRows,
    Learning,
    TestAnswer,
    TestQuestion,
    has_keywords,
    is_much_lost,
    may_be_unknown,
)
from .check_costs import LEAST_ITEMS, Costs, Extent
from .checked_model import CheckedModel
from .continuations import Asked, can_reuse_prompts
from .degenerate import STOPS_WITHIN, Answer, Taught, faults_of
from .greedy import answer_greedily, answer_text, has_ended
from .kept import Base, KeptItem, Reading, compare, own_words, read_base, read_kept
from .known import Recall, TaughtRow, known

FIRST_ROWS = 4
"""How many rows are asked first if the only question is whether all are learned."""
UNRELATED = 4
"""General questions that a full check has answered in words, to find faults in the answers."""


@dataclass(frozen=True)
class Material:
    """What can be asked, each list in its order of asking."""

    rows: Sequence[TaughtRow] = ()
    total_rows: int = 0
    """How many rows they are a sample of."""
    held_out: Sequence[TaughtRow] = ()
    items: Sequence[KeptItem] = ()
    tests: Sequence[TestQuestion] = ()
    questions: Sequence[str] = ()
    """The evaluation questions."""
    max_new_tokens: int = 100
    """The limit for answers to test questions, in tokens."""
    taught: Taught = field(default_factory=Taught)


class LearningCheck:
    """Checks a model repeatedly, and compares it with what it was before training."""

    def __init__(
        self,
        checked: CheckedModel,
        material: Material,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._checked = checked
        self._material = material
        self._clock = clock
        self.base: Base | None = None
        """What later checks are compared with; None if unknown."""
        self.costs = Costs()
        """As measured by the last check."""

    @property
    def everything(self) -> Extent:
        """The extent of a full check."""
        material = self._material
        return Extent(len(material.rows), len(material.items), bool(material.held_out))

    def take_base(self, base: Base | None) -> None:
        """Use the findings of an earlier start as the base, if it asked the same questions."""
        questions = tuple(item.question for item in self._material.items)
        self.base = base if base and base.questions == questions else None

    def before_training(self) -> Learning:
        """Run a full check of the base model, with which later ones are compared.

        Raises:
            CheckStoppedError: If the run is to stop; every check raises it.
        """
        with self._checked.without_adapter():
            return self._timed(self._first)

    def full(self, iteration: int) -> Learning:
        """Run a full check after the given number of iterations."""
        return self._timed(lambda: self._full(iteration, self._reading(self.everything.items)))

    def sample(self, iteration: int, extent: Extent) -> Learning:
        """Run a check of the given extent after the given number of iterations."""
        return self._timed(lambda: self._sample(iteration, extent, self._reading(extent.items)))

    def recall(self, iteration: int, *, rows: bool, items: bool) -> Learning:
        """Find out whether the rows are learned, and whether general knowledge is forgotten.

        It asks only as much as that needs: while hardly any row is known, a few are enough.

        Args:
            iteration: Iterations done.
            rows: Whether the rows are asked.
            items: Whether the questions of general knowledge are asked.
        """
        return self._timed(lambda: self._recall(iteration, rows=rows, items=items))

    def _timed(self, check: Callable[[], Learning]) -> Learning:
        begin = self._clock()
        with self._checked.undisturbed():
            found = check()
        return replace(found, seconds=round(self._clock() - begin, 3))

    def _first(self) -> Learning:
        items, may_pad = self._material.items, self._may_pad
        if not items:
            return self._full(0, None)
        words = own_words(self._checked, items, may_pad=may_pad)
        begin = self._clock()
        self.base = read_base(self._checked, items, words, reuses_prompts=may_pad)
        self.costs = replace(self.costs, item=(self._clock() - begin) / len(items))
        return self._full(0, self.base.reading)

    def _full(self, iteration: int, reading: Reading | None) -> Learning:
        found = self._sample(iteration, self.everything, reading)
        tests, degenerate = self._answers()
        return replace(found, full=True, tests=tests, degenerate=degenerate)

    def _sample(self, iteration: int, extent: Extent, reading: Reading | None) -> Learning:
        kept, wording = compare(self.base, reading) if self.base and reading else (None, None)
        return Learning(
            iteration,
            known=self._known_rows(extent.rows) if extent.rows else None,
            kept=kept,
            wording=wording,
            held_out=self._held_out() if extent.held_out else None,
        )

    def _recall(self, iteration: int, *, rows: bool, items: bool) -> Learning:
        known = self._known_or_too_few() if rows and self._material.rows else None
        kept, wording = self._kept_or_lost() if items else (None, None)
        return Learning(iteration, known=known, kept=kept, wording=wording)

    def _known_or_too_few(self) -> KnownRows:
        """Ask all rows, or stop once too many are unknown for the rest to matter."""
        rows, flags = self._material.rows, list[bool]()
        while len(flags) < len(rows) and flags.count(False) <= may_be_unknown(len(rows)):
            asked = max(FIRST_ROWS, 2 * len(flags))
            flags += self._known(rows[len(flags) : asked]).known
        numbers = tuple(row.number for row in rows[: len(flags)])
        return KnownRows(numbers, tuple(flags), self._material.total_rows)

    def _kept_or_lost(self) -> tuple[Kept | None, float | None]:
        """Ask a small sample, and everything if that sample has lost much."""
        reading = self._reading(min(LEAST_ITEMS, len(self._material.items)))
        if self.base is None or reading is None:
            return None, None
        kept, wording = compare(self.base, reading)
        if is_much_lost(kept) and (reading := self._reading(len(self._material.items))):
            return compare(self.base, reading)
        return kept, wording

    def _reading(self, count: int) -> Reading | None:
        """Return how the model does on the first items; None without a base to compare with."""
        if not count or self.base is None:
            return None
        items, begin = self._material.items[:count], self._clock()
        reading = read_kept(self._checked, items, self.base.answers, reuses_prompts=self._may_pad)
        self.costs = replace(self.costs, item=(self._clock() - begin) / count)
        return reading

    def _known_rows(self, count: int) -> KnownRows:
        rows, begin = self._material.rows[:count], self._clock()
        recall = self._known(rows)
        self.costs = replace(self.costs, row=(self._clock() - begin) / count)
        numbers = tuple(row.number for row in rows)
        return KnownRows(numbers, recall.known, self._material.total_rows, recall.loss)

    def _known(self, rows: Sequence[TaughtRow]) -> Recall:
        return known(self._checked, rows, reuses_prompts=self._may_pad)

    def _held_out(self) -> float | None:
        begin = self._clock()
        loss = self._known(self._material.held_out).loss
        self.costs = replace(self.costs, held_out=self._clock() - begin)
        return loss

    def _answers(self) -> tuple[tuple[TestAnswer, ...], tuple[str, ...]]:
        """Return the answers to the test questions, and what is wrong with all answers."""
        material = self._material
        unrelated = material.items[:UNRELATED]
        others = [*material.questions, *(item.question for item in unrelated)]
        golds = [*[None] * len(material.questions), *(item.gold for item in unrelated)]
        tests = [test.question for test in material.tests]
        limits = [self._longest_answer] * len(tests) + [STOPS_WITHIN] * len(others)
        answers = self._generate([*tests, *others], limits)
        answered = tuple(
            TestAnswer(
                test.question, answer.text, test.keywords, has_keywords(answer.text, test.keywords)
            )
            for test, answer in zip(material.tests, answers, strict=False)
        )
        with_golds = [
            replace(answer, gold=gold)
            for answer, gold in zip(answers[len(tests) :], golds, strict=True)
        ]
        return answered, faults_of([*answers[: len(tests)], *with_golds], material.taught)

    @property
    def _longest_answer(self) -> int:
        """The limit for answers to test questions, in tokens.

        An answer about a fact is about as long as the answers that teach it; beyond that, a small
        model only rambles, which costs time.
        """
        enough = max(STOPS_WITHIN, 2 * self._material.taught.longest)
        return min(self._material.max_new_tokens, enough)

    def _generate(self, questions: Sequence[str], limits: Sequence[int]) -> list[Answer]:
        """Return the answers to questions, each within its limit of tokens."""
        prompts = [self._checked.prompt(question) for question in questions]
        found: dict[int, list[int]] = {}
        for limit in set(limits):
            numbers = [number for number, own in enumerate(limits) if own == limit]
            asked = [prompts[number] for number in numbers]
            answers = answer_greedily(self._checked, asked, limit, may_pad=self._may_pad)
            found |= zip(numbers, answers, strict=True)
        return [
            Answer(ids, answer_text(self._checked, ids), has_ended(self._checked, ids))
            for _, ids in sorted(found.items())
        ]

    @functools.cached_property
    def _may_pad(self) -> bool:
        """Whether the model tolerates padding before questions and can read them once."""
        material = self._material
        questions = [item.question for item in material.items]
        questions += [test.question for test in material.tests]
        questions += material.questions
        asked = [
            Asked(self._checked.prompt(question), [self._checked.answer(question)])
            for question in questions
        ]
        return bool(asked) and can_reuse_prompts(self._checked, asked)
