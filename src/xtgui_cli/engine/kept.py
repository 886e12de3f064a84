"""What remains of the base model's general knowledge, and of its wording.

Knowledge: questions with four answers, of which the model finds one the likeliest. Wording: the
base's own answers to these questions, and how likely the model still finds them. The first says
what is lost; the second shows changes long before anything is lost.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..shared.config_file import config_templates_dir
from ..shared.learning import Kept, mcnemar_p
from .checked_model import CheckedModel
from .degenerate import is_loop
from .greedy import Written
from .question_pack import Asked
from .reading import likelihoods

ITEMS = 60
"""How many questions a full check asks."""
WORDED = 24
"""How many of them the base answers in its own words: as many as the smallest check asks, so that
all checks measure the wording of the same answers."""
LONGEST_ANSWER = 24
"""Tokens within which such an answer has to end, and the length of a beginning that counts
instead."""
ENOUGH = 12
"""This many answers are enough to measure the wording."""
LEAST_SURE = -1.0
"""The mean log-probability, in nats, that the base's answer needs: an answer it was unsure of
changes without any loss."""
_ORDER = 20


@dataclass(frozen=True)
class KeptItem:
    """A general question, and four answers of about the same length."""

    question: str
    gold: str
    distractors: tuple[str, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """The answers, the right one first."""
        return (self.gold, *self.distractors)


@dataclass(frozen=True)
class OwnAnswer:
    """An answer of the base model, and how likely it found each token."""

    item: int
    """The number of its question."""
    ids: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    """In nats."""


@dataclass(frozen=True)
class Reading:
    """How a model does on the first items."""

    right: tuple[bool, ...]
    answers: dict[int, float]
    """For each item with an answer of the base, the mean log-probability of that, in nats."""


@dataclass(frozen=True)
class Base:
    """The base model's answers, for comparison with later checks."""

    questions: tuple[str, ...]
    right: tuple[bool, ...]
    """For each question."""
    answers: tuple[OwnAnswer, ...]

    @property
    def reading(self) -> Reading:
        """How the base itself does on the items."""
        return Reading(
            self.right,
            {each.item: _mean(each.log_probabilities) for each in self.answers},
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Base:
        """Build it from what `to_json` returned.

        Raises:
            KeyError: If it is anything else; also TypeError.
        """
        return cls(
            questions=tuple(content["questions"]),
            right=tuple(content["right"]),
            answers=tuple(
                OwnAnswer(each["item"], tuple(each["ids"]), tuple(each["log_probabilities"]))
                for each in content["answers"]
            ),
        )


def read_items(language: str, folder: Path | None = None) -> tuple[KeptItem, ...]:
    """Return the items of a language, in a shuffled order that is always the same.

    Args:
        language: "en" or "zh".
        folder: Where the files are; by default, those that we ship.
    """
    path = (folder or config_templates_dir() / "general") / f"kept.{language}.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    items = [KeptItem(row["question"], row["gold"], tuple(row["distractors"])) for row in rows]
    random.Random(_ORDER).shuffle(items)  # noqa: S311 (so that their beginning has every topic)
    return tuple(items[:ITEMS])


def asked_of(checked: CheckedModel, item: KeptItem) -> Asked:
    """Return an item as token ids; each option includes the end token of an answer."""
    return Asked(checked.prompt(item.question), [checked.answer(each) for each in item.options])


def read_kept(
    checked: CheckedModel,
    items: Sequence[KeptItem],
    answers: Sequence[OwnAnswer],
    *,
    packs: bool,
) -> Reading:
    """Return which items a model gets right, and how likely it finds the base's own answers.

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        items: The first ones.
        answers: The base's; those to other items are left out.
        packs: Whether the model can read them side by side (`abilities.can_pack`).
    """
    own = {answer.item for answer in answers}
    found = likelihoods(checked, asked_with(checked, items, answers), packs=packs)
    return Reading(
        tuple(is_right(item, values) for item, values in zip(items, found, strict=True)),
        {number: _mean(values[-1]) for number, values in enumerate(found) if number in own},
    )


def asked_with(
    checked: CheckedModel, items: Sequence[KeptItem], answers: Sequence[OwnAnswer]
) -> list[Asked]:
    """Return items as token ids, each followed by the base's own answer if there is one."""
    own = {answer.item: answer.ids for answer in answers}
    asked = [asked_of(checked, item) for item in items]
    return [
        Asked(each.prompt, [*each.answers, own[number]]) if number in own else each
        for number, each in enumerate(asked)
    ]


def is_right(item: KeptItem, found: Sequence[Sequence[float]]) -> bool:
    """Return whether the right answer is the likeliest, relative to its length in characters.

    Args:
        item: The question and its options.
        found: The log-probabilities of the tokens of each option, and of more.
    """
    pairs = zip(item.options, found, strict=False)
    gold, *others = (sum(values) / len(option) for option, values in pairs)
    return all(gold > other for other in others)


def read_base(
    checked: CheckedModel,
    items: Sequence[KeptItem],
    words: Sequence[Written],
    *,
    packs: bool,
) -> Base:
    """Return the base model's answers, before training.

    Those of its own answers count that it is sure enough of and that come to an end; if these are
    few, as with a small model that never stops, the beginnings of others count as well.

    Args:
        checked: Inside `CheckedModel.undisturbed`.
        items: All of them.
        words: The model's own greedy answers to the first ones.
        packs: Whether the model can read them side by side (`abilities.can_pack`).
    """
    asked = [asked_of(checked, item) for item in items]
    found = likelihoods(checked, asked, packs=packs)
    sure = [
        OwnAnswer(number, each.ids, each.log_probabilities)
        for number, each in enumerate(words)
        if _mean(each.log_probabilities) >= LEAST_SURE and not is_loop(each.ids)
    ]
    ended = [each for each in sure if each.ids[-1] in checked.stop_ids]
    return Base(
        questions=tuple(item.question for item in items),
        right=tuple(is_right(item, values) for item, values in zip(items, found, strict=True)),
        answers=tuple(ended if len(ended) >= ENOUGH else sure),
    )


def compare(base: Base, now: Reading) -> tuple[Kept, float | None]:
    """Return what is left of the knowledge, and by how many nats per token the wording changed.

    The wording is None if the base has no answer to measure it on.
    """
    before = base.right[: len(now.right)]
    pairs = list(zip(before, now.right, strict=True))
    lost, gained = pairs.count((True, False)), pairs.count((False, True))
    kept = Kept(
        asked=len(pairs),
        right=sum(now.right),
        base_right=sum(before),
        of_base_right=pairs.count((True, True)),
        lost=lost,
        p_value=mcnemar_p(lost, gained),
    )
    own = base.reading.answers
    rises = [own[item] - now.answers[item] for item in own if item in now.answers]
    return kept, _mean(rises) if rises else None


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
