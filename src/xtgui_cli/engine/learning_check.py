"""A check of what a model has learned and kept: its questions, its cost and its findings."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping, Sequence
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
from .abilities import bears_padding, can_pack
from .check_costs import LEAST_ITEMS, Costs, Extent
from .checked_model import CheckedModel
from .degenerate import STOPS_WITHIN, Answer, Taught, faults_of
from .greedy import Written, answer_greedily, answer_text, has_ended
from .kept import (
    LONGEST_ANSWER,
    WORDED,
    Base,
    KeptItem,
    Reading,
    asked_with,
    compare,
    read_base,
    read_kept,
)
from .known import Recall, TaughtRow, known
from .reading import tokens_read

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
        return self._timed(
            lambda: self._full(
                iteration, self._reading(self.everything.items), self._write(self._limits())
            )
        )

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
        """Ask everything, and have the base's own words written beside the other answers."""
        items = self._material.items
        worded = [item.question for item in items[:WORDED]]
        answers = self._write(_longest(dict.fromkeys(worded, LONGEST_ANSWER), self._limits()))
        words = [answers[question].up_to(LONGEST_ANSWER) for question in worded]
        if items:
            begin = self._clock()
            self.base = read_base(self._checked, items, words, packs=self._packs)
            seconds = self._clock() - begin
            self.costs = replace(self.costs, item=seconds * self._share_of_an_item())
        return self._full(0, self.base.reading if self.base else None, answers)

    def _share_of_an_item(self) -> float:
        """Return how long an item will take in a sample, as a share of the base's reading.

        That is more than its share of the items: a sample has all of the base's own answers.
        """
        items, answers = self._material.items, self.base.answers if self.base else ()
        least = items[:LEAST_ITEMS]
        sample = tokens_read(asked_with(self._checked, least, answers)) / len(least)
        return sample / tokens_read(asked_with(self._checked, items, ()))

    def _full(
        self, iteration: int, reading: Reading | None, answers: Mapping[str, Written]
    ) -> Learning:
        found = self._sample(iteration, self.everything, reading)
        tests, degenerate = self._judge(answers)
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
        reading = read_kept(self._checked, items, self.base.answers, packs=self._packs)
        self.costs = replace(self.costs, item=(self._clock() - begin) / count)
        return reading

    def _known_rows(self, count: int) -> KnownRows:
        rows, begin = self._material.rows[:count], self._clock()
        recall = self._known(rows)
        self.costs = replace(self.costs, row=(self._clock() - begin) / count)
        numbers = tuple(row.number for row in rows)
        return KnownRows(numbers, recall.known, self._material.total_rows, recall.loss)

    def _known(self, rows: Sequence[TaughtRow]) -> Recall:
        return known(self._checked, rows, packs=self._packs)

    def _held_out(self) -> float | None:
        begin = self._clock()
        loss = self._known(self._material.held_out).loss
        self.costs = replace(self.costs, held_out=self._clock() - begin)
        return loss

    def _limits(self) -> dict[str, int]:
        """Return the questions that a full check has answered in words, each with its limit."""
        material = self._material
        others = [*material.questions, *(item.question for item in material.items[:UNRELATED])]
        tests = [test.question for test in material.tests]
        return _longest(
            dict.fromkeys(tests, self._longest_test), dict.fromkeys(others, STOPS_WITHIN)
        )

    @property
    def _longest_test(self) -> int:
        """The limit for answers to test questions, in tokens.

        An answer about a fact is about as long as the answers that teach it; beyond that, a small
        model only rambles, which costs time.
        """
        enough = max(STOPS_WITHIN, 2 * self._material.taught.longest)
        return min(self._material.max_new_tokens, enough)

    def _write(self, limits: Mapping[str, int]) -> dict[str, Written]:
        """Return the answers to questions, each within its limit of tokens."""
        prompts = [self._checked.prompt(question) for question in limits]
        answers = answer_greedily(
            self._checked, prompts, list(limits.values()), may_pad=self._may_pad
        )
        return dict(zip(limits, answers, strict=True))

    def _judge(
        self, written: Mapping[str, Written]
    ) -> tuple[tuple[TestAnswer, ...], tuple[str, ...]]:
        """Return the answers to the test questions, and what is wrong with all answers."""
        tests, unrelated = self._material.tests, self._material.items[:UNRELATED]
        to_tests = [
            self._answer(written[test.question].up_to(self._longest_test)) for test in tests
        ]
        found = tuple(
            TestAnswer(
                test.question, answer.text, test.keywords, has_keywords(answer.text, test.keywords)
            )
            for test, answer in zip(tests, to_tests, strict=True)
        )
        to_others = [
            *(self._answer(written[question]) for question in self._material.questions),
            *(self._answer(written[item.question], item.gold) for item in unrelated),
        ]
        return found, faults_of([*to_tests, *to_others], self._material.taught)

    def _answer(self, written: Written, gold: str | None = None) -> Answer:
        text = answer_text(self._checked, written.ids)
        return Answer(written.ids, text, has_ended(self._checked, written.ids), gold)

    @functools.cached_property
    def _packs(self) -> bool:
        """Whether the model reads questions and answers side by side."""
        items = [self._checked.prompt(item.question) for item in self._material.items]
        rows = [row.input_ids[: row.start] for row in self._material.rows]
        return can_pack(self._checked, items or rows)

    @functools.cached_property
    def _may_pad(self) -> bool:
        """Whether the model tolerates padding before questions."""
        items = [item.question for item in self._material.items]
        questions = [*items, *self._limits()]
        return bears_padding(self._checked, [self._checked.prompt(each) for each in questions])


def _longest(*limits: Mapping[str, int]) -> dict[str, int]:
    """Return all questions, each with the longest of its limits."""
    questions = dict.fromkeys(question for each in limits for question in each)
    return {question: max(each.get(question, 0) for each in limits) for question in questions}
