"""A base model's answers to general questions, which are trained with the user's rows.

The engine asks it once for each model, template, system text and question file; all answers are
kept in the user's cache, even unusable ones, so that no question is asked twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from ..models.model_mark import ModelMark
from ..planning.general_mix import ANSWER_TOKENS
from ..planning.held_out import question_number
from ..planning.row_facts import Language
from ..runs.engine_session import EngineSession
from ..shared.atomic import write_text
from ..shared.config_file import config_templates_dir
from ..shared.custom_template import to_fields
from ..shared.json_values import mapping
from ..shared.regular_file import read_json
from ..shared.templates import PromptTemplate
from ..ui.phases import show_progress
from .code_consent import require_agreement
from .engine_environment import find_engine_for
from .user_config import cache_dir

_FORMAT = 1
"""Version of the answers; if it is raised, they are generated again."""


@dataclass(frozen=True, kw_only=True)
class BaseModel:
    """A base model, and how it is asked."""

    path: Path
    template: PromptTemplate
    system: str
    """The system text of each question; "" for none."""
    language: Language
    """The language of the questions."""
    trust_remote_code: bool
    may_quantise: bool
    """Whether it may be loaded in 4 bits, as in training."""


@dataclass(frozen=True, kw_only=True)
class GeneralAnswers:
    """What a base model has answered so far."""

    file: Path
    """The file that keeps them."""
    questions: tuple[str, ...]
    """All of them, in the order in which they are asked."""
    answers: tuple[str | None, ...] = ()
    """To the first questions; None if an answer did not end by itself, or was empty."""
    excluded: frozenset[str] = frozenset()
    """Questions that are never mixed in, since the user's rows ask them."""

    def first(self, count: int) -> tuple[tuple[str, str], ...]:
        """Return the first *count* questions that have an answer, with it, or all of them."""
        pairs = zip(self.questions, self.answers, strict=False)
        return tuple(
            (question, answer)
            for question, answer in pairs
            if answer and question not in self.excluded
        )[:count]

    def to_come(self, count: int) -> tuple[str, ...]:
        """Return the next *count* questions that are still to be answered."""
        rest = self.questions[len(self.answers) :]
        return tuple(each for each in rest if each not in self.excluded)[:count]


def read_questions(language: Language) -> tuple[str, ...]:
    """Return the general questions for data in a language: one of each topic in turn.

    For Chinese, every other one is English: models know both, and a small one that answers few
    Chinese questions keeps more of both this way. With 16 Chinese rows on SmolLM2-135M, 13 of 30
    Chinese questions stayed right with 60 English ones mixed in, 5 without.
    """
    return _in_turn([_by_topic(each) for each in _languages(language)])


def asked_in(prompts: Iterable[int]) -> frozenset[str]:
    """Return the general questions, in both languages, that the user's rows already ask.

    Args:
        prompts: The number of each row's question (see `planning.held_out`).
    """
    numbers = frozenset(prompts)
    questions = {*read_questions("zh"), *read_questions("en")}
    return frozenset(each for each in questions if question_number(each) in numbers)


def _languages(language: Language) -> tuple[Language, ...]:
    return ("zh", "en") if language == "zh" else ("en",)


def _by_topic(language: Language) -> tuple[str, ...]:
    topics: dict[str, list[str]] = {}
    for line in _question_file(language).read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            topics.setdefault(row["topic"], []).append(row["question"])
    return _in_turn(topics.values())


def _in_turn(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(each for turn in zip_longest(*lists) for each in turn if each)


def read_answers(base: BaseModel, mark: ModelMark) -> GeneralAnswers:
    """Return the known answers of a base model; none if it was never asked."""
    questions = read_questions(base.language)
    made_of = [
        _FORMAT,
        [mark.config, mark.weights],
        to_fields(base.template),
        base.system,
        *(_digest(_question_file(each).read_bytes()) for each in _languages(base.language)),
    ]
    key = _digest(json.dumps(made_of).encode())[:32]
    file = cache_dir() / "general_answers" / f"{key}.json"
    return GeneralAnswers(file=file, questions=questions, answers=_read(file, len(questions)))


def ask_engine(base: BaseModel, known: GeneralAnswers, *, wanted: int, most: int) -> None:
    """Have the engine ask until there are enough answers, and keep them.

    Nothing is kept if it is interrupted.

    Args:
        base: The model.
        known: The answers so far.
        wanted: Number of answers in all.
        most: Maximum number of questions, in all.

    Raises:
        XtguiError: If there is no engine, or it fails.
    """
    asked = len(known.answers)
    if base.trust_remote_code:
        require_agreement(base.path, may_ask=False)
    with EngineSession(find_engine_for(base.path), cache_dir() / "general_answers.log") as engine:
        done = show_progress(
            engine.request(
                "general_answers",
                base=str(base.path),
                template=to_fields(base.template),
                system=base.system,
                trust_remote_code=base.trust_remote_code,
                is_quantised=base.may_quantise,
                questions=known.questions[asked:most],
                wanted=wanted - len(known.first(wanted)) + len(known.excluded),
                max_new_tokens=ANSWER_TOKENS,
            )
        )
    answers = [*known.answers, *_checked(done.get("answers"))]
    write_text(known.file, json.dumps({"answers": answers}, ensure_ascii=False, indent=0))


def _read(file: Path, most: int) -> tuple[str | None, ...]:
    try:
        content = mapping(read_json(file))
    except (OSError, ValueError):
        return ()
    return _checked(content.get("answers"))[:most]


def _checked(answers: object) -> tuple[str | None, ...]:
    """Return answers from outside as they should be; nothing else is trained on."""
    if not isinstance(answers, Sequence) or isinstance(answers, str):
        return ()
    return tuple(each if isinstance(each, str) and each.strip() else None for each in answers)


def _question_file(language: Language) -> Path:
    return config_templates_dir() / "general" / f"mix.{language}.jsonl"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
