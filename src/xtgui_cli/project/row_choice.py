"""Chooses the rows that a run trains: without those held out, followed by general questions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..data.messages import Messages
from ..models.model_folder import ModelInfo
from ..planning.general_mix import (
    USUAL_TOKENS,
    most_questions,
    plan_mix_general,
    plan_repeat_rows,
)
from ..planning.machine import Machine
from ..planning.packing import Measured
from ..planning.plan import make_plan
from ..planning.plan_samples import longest_allowed
from ..settings.layers import replace_values
from ..settings.table import BY_KEY, Origin, Settings
from ..shared.errors import Exit, XtguiError
from ..shared.templates import PromptTemplate
from .general_answers import BaseModel, GeneralAnswers, asked_in, read_answers
from .sources import Sources

Measure = Callable[[Sequence[Messages]], Measured]

_MIX_GENERAL = BY_KEY["data.mix_general"]


@dataclass(frozen=True, kw_only=True)
class RowContext:
    """What the choice depends on, besides the rows."""

    settings: Settings
    machine: Machine
    model: ModelInfo
    template: PromptTemplate
    sources: Sources
    measure: Measure
    """Counts rows under the template."""
    expects_answers: bool
    """Whether answers that are still to be generated count as if they were known."""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Answers that a base model is still to give."""

    base: BaseModel
    known: GeneralAnswers
    wanted: int
    """Number of answers in all."""
    most: int
    """Maximum number of questions, in all."""


@dataclass(frozen=True, kw_only=True)
class ChosenRows:
    """The rows that a run trains."""

    measured: Measured
    """The user's own rows, repeated if necessary, then the general questions."""
    settings: Settings
    """With the open ones about held-out rows and general questions decided."""
    held_out: tuple[int, ...]
    """The numbers of the held-out rows in the user's file, from 0."""
    general: tuple[tuple[str, str], ...] = ()
    """General questions and the base model's answers."""
    system: str = ""
    """The system text of each general question; "" for none."""
    already_asked: int = 0
    """How many of our general questions the user's rows ask themselves."""
    missing: Missing | None = None
    """What to ask the engine; None if all answers that count are known."""
    is_short_of_time: bool = False
    """Whether fewer general questions are mixed in than wanted, since answering takes too long."""

    @property
    def is_made(self) -> bool:
        """Whether they differ from the user's file."""
        return bool(self.held_out or self.general or self.missing or self.measured.repeats > 1)


def choose_rows(measured: Measured, context: RowContext) -> ChosenRows:
    """Return the rows that are trained.

    Args:
        measured: All rows of the user's data.
        context: What the choice depends on.

    Raises:
        XtguiError: "data.nothing_held_out" or "data.too_many_general" for a value that the user
            set.
    """
    settings = context.settings
    held_out, taught = context.sources.split(measured, settings)
    if held_out.ratio and not held_out.rows:
        raise XtguiError(
            "data.nothing_held_out", Exit.ANSWERS, ratio=f"{held_out.ratio:g}", rows=measured.rows
        )
    base = context.model.base
    asked = asked_in(taught.prompts)
    repeated = taught.repeated(plan_repeat_rows(settings, taught, base, len(asked)))
    decided: dict[str, Any] = {
        "data.repeat_rows": repeated.repeats,
        "train.val_ratio": held_out.ratio,
        "data.mix_general": plan_mix_general(settings, repeated, base, len(asked)),
    }
    given, settings = settings, replace_values(settings, decided, Origin.PLANNED)
    chosen = ChosenRows(
        measured=repeated, settings=settings, held_out=held_out.rows, already_asked=len(asked)
    )
    if settings.data.mix_general and _teaches(chosen, context):
        chosen = _mix(chosen, asked, context)
    if chosen.general or chosen.missing or given.data.repeat_rows is not None:
        return chosen
    # Without other rows beside them, more epochs do what repeating them would.
    once = replace_values(settings, {"data.repeat_rows": 1}, Origin.PLANNED)
    return replace(chosen, measured=taught, settings=once)


def _teaches(chosen: ChosenRows, context: RowContext) -> bool:
    """Return whether any of the user's own rows are left to train."""
    measured = chosen.measured
    limit = longest_allowed(chosen.settings, context.model.max_positions)
    pairs = zip(measured.first_trained, measured.lengths, strict=True)
    return any(first < min(length, limit) for first, length in pairs)


def _mix(chosen: ChosenRows, asked: frozenset[str], context: RowContext) -> ChosenRows:
    """Return the rows followed by general questions, except those that the rows already ask."""
    settings, wanted = chosen.settings, chosen.settings.data.mix_general or 0
    base = _base_model(chosen, context)
    known = replace(read_answers(base, context.sources.mark(context.model)), excluded=asked)
    available = len(known.questions) - len(asked & set(known.questions))
    if wanted > available:
        raise XtguiError("data.too_many_general", Exit.ANSWERS, wanted=wanted, most=available)
    general, answered = known.first(wanted), len(known.answers)
    whole = _with_general(chosen.measured, known, wanted, base.system, context.measure)
    most = min(len(known.questions), _most_in_time(whole, settings, context))
    can_ask = context.expects_answers and len(general) < wanted and answered < most
    count = min(wanted, len(general) + most - answered) if can_ask else len(general)
    return replace(
        chosen,
        measured=_with_general(chosen.measured, known, count, base.system, context.measure),
        general=general,
        system=base.system,
        missing=Missing(base=base, known=known, wanted=wanted, most=most) if can_ask else None,
        is_short_of_time=count < wanted and (can_ask or most <= answered < len(known.questions)),
    )


def _base_model(chosen: ChosenRows, context: RowContext) -> BaseModel:
    settings, facts = chosen.settings, chosen.measured.facts
    system = facts.system if settings.train.SYSTEM is None else settings.train.SYSTEM
    return BaseModel(
        path=context.model.path,
        template=context.template,
        system=system if facts.system and context.template.system else "",
        language=facts.language,
        trust_remote_code=settings.model.trust_remote_code,
        may_quantise=settings.method.quantizes_base,
    )


def _with_general(
    taught: Measured, known: GeneralAnswers, count: int, system: str, measure: Measure
) -> Measured:
    """Return the rows with *count* general questions; pending answers count as usual ones."""
    general = known.first(count)
    to_come = known.to_come(count - len(general))
    rows = [general_row(*pair, system) for pair in general]
    counted = measure([*rows, *(general_row(question, "", system) for question in to_come)])
    lengths = [
        length + (USUAL_TOKENS if number >= len(general) else 0)
        for number, length in enumerate(counted.lengths)
    ]
    return taught.with_general(lengths, counted.first_trained)


def _most_in_time(whole: Measured, settings: Settings, context: RowContext) -> int:
    """Return how many questions there is time for, in all."""
    if settings.is_given(_MIX_GENERAL):
        return sys.maxsize
    base = context.model.base
    plan = make_plan(whole, settings, context.machine, base)
    longest = max(whole.lengths[whole.rows - whole.general :], default=0)
    is_full = not settings.method.trains_adapter
    return most_questions(plan, base, context.machine, longest, is_full=is_full)


def general_row(question: str, answer: str, system: str) -> list[dict[str, Any]]:
    """Return a general question as a row of OpenAI messages."""
    said = [("system", system)] if system else []
    said += [("user", question), ("assistant", answer)]
    return [{"role": role, "content": content} for role, content in said]
