"""`xtgui data preview --json`: rows, lengths and plan as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..data.survey import RowEncoder, Survey
from ..data.token_runs import TokenRow
from ..planning.length_stats import QUANTILES, histogram, quantile
from ..planning.plan import Plan
from ..project.preview_context import PreviewContext


def to_json(
    context: PreviewContext, rows: list[TokenRow], survey: Survey, plan: Plan
) -> dict[str, Any]:
    """Give rows, lengths and plan as data; ids and labels end at max_length, as xtuner's do."""
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
            "warnings": [reason.code for reason in plan.reasons if reason.is_warning],
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
