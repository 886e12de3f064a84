"""How many general questions are mixed with the user's rows, and how often these are repeated.

Mixed-in questions preserve what a model knows, and more so the more different ones there are: 60
that are seen four times preserve more than 24 that are seen as often as the rows. So the rows are
repeated.

Their answers are the base model's own. With 24 taught rows on SmolLM2-135M, 40 such questions kept
4 of 5 others right where 3 of 5 were left without them, and no taught row was lost.
"""

from __future__ import annotations

import sys

from ..settings.table import Settings
from .base_facts import BaseFacts
from .machine import Machine
from .pace import answer_seconds, rough_seconds
from .packing import Measured
from .plan import Plan
from .recipe import times_seen

BELOW_ROWS = 300
"""This many rows keep a model busy with more than one thing, and mixing would cost time."""
FEWEST, MOST = 16, 60
EPOCHS = 4
"""How often each general question is seen at most, if the rows can be repeated instead."""
ANSWER_TOKENS = 48
"""Tokens within which an answer has to end by itself to be used."""
USUAL_TOKENS = 20
"""Assumed length of an answer that is still to be generated, in tokens."""
TIME_SHARE = 0.1
"""The share of a run's time that answering may take."""


def plan_mix_general(settings: Settings, taught: Measured, base: BaseFacts, asked: int = 0) -> int:
    """Return how many general questions are wanted: as set, or about as many as there are rows.

    It is 0 for many rows, for data without questions, for a part of the data (a quick try), and for
    a model that has not learned to answer.

    Args:
        settings: The settings, of which some may be open.
        taught: The user's own rows, repeated or not.
        base: The model.
        asked: How many of our general questions these rows already ask: they count as general
            questions, not as rows that teach.
    """
    wanted = settings.data.mix_general
    if wanted is not None:
        return wanted
    own = taught.taught
    is_part = (settings.data.max_dataset_length or own) < own
    if settings.train.recipe == "xtuner" or own >= BELOW_ROWS or is_part:
        return 0
    if not taught.facts.has_questions or not base.has_chat_template:
        return 0
    teaching = taught.rows - asked * taught.repeats
    return max(0, min(max(teaching, FEWEST), MOST) - asked)


def plan_repeat_rows(settings: Settings, taught: Measured, base: BaseFacts, asked: int = 0) -> int:
    """Return how often each of the user's rows is trained in an epoch: as set, or as needed.

    Once if nothing is mixed in, or if the number of epochs is set.

    Args:
        settings: The settings, of which some may be open.
        taught: The user's own rows, each once.
        base: The model.
        asked: How many of our general questions these rows already ask.
    """
    wanted = settings.data.repeat_rows
    if wanted is not None:
        return wanted
    if settings.train.max_epochs is not None or not plan_mix_general(settings, taught, base, asked):
        return 1
    facts = taught.facts
    seen = times_seen(facts.answers or taught.rows)
    return max(1, round(seen / max(1.0, facts.repeats) / EPOCHS))


def most_questions(
    plan: Plan, base: BaseFacts, machine: Machine, prompt_tokens: int, *, is_full: bool
) -> int:
    """Return how many questions can be answered in a tenth of the run's time.

    There is no limit if the model's shape, and so its pace, is not known.

    Args:
        plan: The run, with the general questions that are wanted.
        base: The model.
        machine: The machine that trains.
        prompt_tokens: Tokens of a question in its prompt.
        is_full: Whether all weights are trained rather than an adapter.
    """
    if base.shape is None:
        return sys.maxsize
    run_s = rough_seconds(plan, base.shape, machine, is_full=is_full)
    answer_s = answer_seconds(base.shape, machine, prompt_tokens, ANSWER_TOKENS)
    return int(TIME_SHARE * run_s / answer_s)
