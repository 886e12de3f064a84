"""What the help at a question says of planned values is what the plan does."""

from __future__ import annotations

import re

import pytest

from xtgui_cli.planning.base_facts import BaseFacts
from xtgui_cli.planning.general_mix import (
    BELOW_ROWS,
    FEWEST,
    MOST,
    plan_mix_general,
    plan_repeat_rows,
)
from xtgui_cli.planning.held_out import FROM_ROWS, MOST_ROWS, SHARE
from xtgui_cli.planning.packing import Measured
from xtgui_cli.planning.plan_steps import FEWEST_UPDATES, Trained, plan_steps
from xtgui_cli.planning.row_facts import RowFacts
from xtgui_cli.runs.next_step import MOST_LR
from xtgui_cli.settings.layers import Layers
from xtgui_cli.texts import set_language, t

EPOCHS = {
    "en": r"(\d+) epochs for (\d+) rows, (\d+) for (\d+), (\d+) for ([\d,]+) or more",
    "zh": r"(\d+) 行数据约 (\d+) 轮，(\d+) 行约 (\d+) 轮，(\d+) 行以上 (\d+) 轮",
}


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    set_language(request.param)
    return str(request.param)


def numbers(key: str) -> list[float]:
    return [float(n.replace(",", "")) for n in re.findall(r"\d[\d,.]*\d|\d", t(f"{key}.help"))]


def planned_epochs(rows: int) -> int:
    """Plan rows with as many different answers, repeated as planned, with general questions."""
    settings = Layers().in_force()
    facts = RowFacts(answers=rows, answered=rows)
    taught = Measured(rows, [60] * rows, [5] * rows, facts)
    base = BaseFacts(shape=None, max_positions=None, model_type="llama")
    repeats = plan_repeat_rows(settings, taught, base)
    general = plan_mix_general(settings, taught.repeated(repeats), base)
    trained = Trained(
        rows=repeats * rows + general,
        own_rows=rows,
        repeats=repeats,
        samples=repeats * rows + general,
        longest_sample=60,
        facts=facts,
        taught_share=repeats * rows / (repeats * rows + general),
    )
    return plan_steps(trained, settings).epochs


def test_the_epochs_that_it_names_are_those_that_are_planned(language: str) -> None:
    found = re.search(EPOCHS[language], t("settings.train.max_epochs.help"))
    assert found is not None
    values = [int(value.replace(",", "")) for value in found.groups()]
    pairs = list(zip(values[::2], values[1::2], strict=True))
    by_rows = dict(pairs) if language == "zh" else {rows: epochs for epochs, rows in pairs}

    assert by_rows == {rows: planned_epochs(rows) for rows in by_rows}


def test_general_questions_and_held_out_rows_are_described_as_they_are_planned(
    language: str,
) -> None:
    assert set(numbers("settings.data.mix_general")) == {BELOW_ROWS, FEWEST, MOST, 0}
    assert set(numbers("settings.train.val_ratio")) == {FROM_ROWS, SHARE, MOST_ROWS, 0}


def test_the_fewest_updates_and_the_highest_rate_are_those_of_the_rules(language: str) -> None:
    help_of = {name: t(f"settings.train.{name}.help") for name in ("accumulative_counts", "lr")}

    assert (FEWEST_UPDATES, MOST_LR) == (100, 2)
    assert {"en": "about 100 updates", "zh": "约 100 次"}[language] in help_of[
        "accumulative_counts"
    ]
    assert {"en": "twice the planned rate", "zh": "推算值的两倍"}[language] in help_of["lr"]
