"""What is bad about a data file under a plan, a sentence each."""

from __future__ import annotations

import sys

from ..data.survey import Survey
from ..models.model_folder import ModelInfo
from ..planning.plan import Plan
from ..planning.plan_samples import LOSS_LIMIT
from ..planning.plan_steps import FEWEST_UPDATES
from ..planning.reasons import percent
from ..texts import t


def advise(survey: Survey, plan: Plan, model: ModelInfo) -> list[str]:
    """Give a sentence for everything that is bad, the worst first; none where all is well."""
    advice = []
    if not plan.samples:
        advice.append(t("preview.advice_nothing", max_length=plan.max_length))
    elif plan.optimizer_steps < FEWEST_UPDATES:
        steps = plan.optimizer_steps
        advice.append(t("preview.advice_few_steps", steps=steps, few=FEWEST_UPDATES))
    if plan.lost_share > LOSS_LIMIT:
        advice.append(t("preview.advice_packing", percent=percent(plan.lost_share)))
    if survey.cut_rows:
        advice.append(_about_cut(max(survey.measured.lengths), model.max_positions))
    if survey.never_trained:
        advice.append(t("preview.advice_vanishing"))
    return advice


def _about_cut(longest: int, limit: int | None) -> str:
    if limit and longest > limit:
        return t("preview.advice_too_long", longest=longest, limit=limit)
    return t("preview.advice_longer", longest=longest, length=_rounded(longest, limit))


def _rounded(length: int, limit: int | None) -> int:
    """Give the next multiple of 64, which is what GPUs like, within what the model reads."""
    return min(-(-length // 64) * 64, limit or sys.maxsize)
