"""The content of `xtgui data preview`: as data, and as a sentence per problem."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

from ..data.survey import RowEncoder, Survey
from ..data.token_runs import TokenRow
from ..models.model_folder import ModelInfo
from ..planning.length_stats import QUANTILES, histogram, quantile
from ..planning.plan import Plan
from ..planning.plan_samples import LOSS_LIMIT
from ..planning.plan_steps import FEWEST_UPDATES
from ..planning.reasons import percent
from ..project.preview_context import PreviewContext
from ..texts import t


def to_json(
    context: PreviewContext, rows: list[TokenRow], survey: Survey, plan: Plan
) -> dict[str, Any]:
    """Return rows, lengths and plan as data; ids and labels end at max_length, as xtuner's do."""
    ordered = sorted(survey.measured.lengths)
    limit = plan.max_length
    median, p90, p99, longest = (quantile(ordered, share) for share in QUANTILES)
    return {
        "template": context.encoder.template.name,
        "max_length": limit,
        "rows": [_row_json(row, context.encoder) for row in rows],
        "lengths": {
            "rows": survey.measured.rows,
            "tokens": survey.tokens,
            "trained": survey.trained,
            "trained_cut": survey.trained_cut,
            "cut_rows": survey.cut_rows,
            "median": median,
            "p90": p90,
            "p99": p99,
            "longest": longest,
            "histogram": [asdict(bar) for bar in histogram(ordered, limit)],
        },
        "vanishing": list(survey.vanishing),
        "plan": {
            **{name: value for name, value in asdict(plan).items() if name != "reasons"},
            "warnings": [reason.notice.code for reason in plan.reasons if reason.is_warning],
        },
    }


def _row_json(row: TokenRow, encoder: RowEncoder) -> dict[str, Any]:
    ids = row.encoded.input_ids[: row.max_length]
    return {
        "row": row.number,
        "tokens": row.tokens,
        "trained": row.trained,
        "cut": row.cut,
        "ids": ids,
        "labels": row.encoded.labels[: row.max_length],
        "text": encoder.tokenizer.decode(ids),
    }


def advise(survey: Survey, plan: Plan, model: ModelInfo) -> list[str]:
    """Return a sentence for each problem, the worst first; none if all is well."""
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
    """Return the next multiple of 64, which suits GPUs, within what the model reads."""
    return min(-(-length // 64) * 64, limit or sys.maxsize)
