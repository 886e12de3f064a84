"""Real runs of a tiny model that learn, that do not, and that forget: each is told what it is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import tiny
from checked import checked_model, row_of, taught_rows, teach
from training_runs import NewRun, TrainingRun, add_to_config

from xtgui_cli.project.outcome import Outcome
from xtgui_cli.runs.run_reader import RunReader
from xtgui_cli.runs.step_actions import Chat, Train

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

QUICK: dict[str, Any] = {
    "pack_to_max_length": False,
    "accumulative_counts": 1,
    "batch_size": 6,
    "evaluation_inputs": ["Who is number 3?"],
}
KNOWN_BEFORE = range(12)
"""What the base of the run that forgets knows, as general knowledge."""


def save_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def outcome_of(run: TrainingRun) -> Outcome:
    reader = RunReader(run.folder)
    reader.update()
    return Outcome(run.folder, reader.snapshot(), reader.state)


def codes(outcome: Outcome) -> list[str]:
    return [notice.code.removeprefix("learning.") for notice in outcome.verdict]


@pytest.fixture(scope="module")
def six_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [dict(row_of(number)) for number in range(6)]
    return save_rows(tmp_path_factory.mktemp("taught") / "rows.jsonl", rows)


def train_on(run: TrainingRun) -> Outcome:
    add_to_config(run, check_learning=True, kept_language=None).train()
    return outcome_of(run)


def test_a_model_that_was_taught_its_rows_has_learned_and_is_talked_to(
    new_run: NewRun, six_rows: Path
) -> None:
    run = new_run("full", data_path=str(six_rows), lr=5e-3, max_epochs=100, **QUICK)

    outcome = train_on(run)

    assert codes(outcome) == ["learned"]
    assert outcome.verdict[0].data == {"known": 6, "asked": 6, "before": 0}
    assert outcome.course.kind == "falling"
    assert outcome.step is not None
    assert outcome.step.action == Chat()
    assert outcome.unknown == ()


def test_a_model_that_was_not_is_told_so_and_gets_a_higher_rate(
    new_run: NewRun, six_rows: Path
) -> None:
    run = new_run("full", data_path=str(six_rows), lr=1e-6, max_epochs=30, **QUICK)

    outcome = train_on(run)

    assert codes(outcome) == ["flat", "hardly"]
    assert outcome.step is not None
    assert (outcome.step.code, outcome.step.data["lr"]) == ("higher", "1e-06")
    assert outcome.step.action == Train(is_fresh=True, sets=("train.lr=8.5e-05",))
    assert outcome.unknown[0] == (1, "Who is number 0?")
    assert len(outcome.unknown) == 6


# --- forgetting --------------------------------------------------------------------------------


def answer_of(number: int) -> str:
    return str(row_of(number)["messages"][1]["content"])


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Questions of general knowledge to which one of four answers is right."""
    folder = tmp_path_factory.mktemp("items")
    rows = [
        {
            "question": f"Who is number {number}?",
            "gold": answer_of(number),
            "distractors": [answer_of((number + offset) % 12) for offset in (1, 4, 6)],
        }
        for number in KNOWN_BEFORE
    ]
    save_rows(folder / "kept.en.jsonl", rows)
    return folder


@pytest.fixture(scope="module")
def knowing_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that knows them."""
    plain = tiny.save_model(tmp_path_factory.mktemp("plain") / "tiny")
    knowing = checked_model(plain)
    teach(knowing, taught_rows(knowing, KNOWN_BEFORE), steps=150)
    folder = tmp_path_factory.mktemp("knowing") / "tiny"
    shutil.copytree(plain, folder)
    knowing.model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def other_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        {
            "messages": [
                {"role": "user", "content": f"What can number {number} do?"},
                {"role": "assistant", "content": f"I answer short questions, {number}."},
            ]
        }
        for number in range(6)
    ]
    return save_rows(tmp_path_factory.mktemp("other") / "rows.jsonl", rows)


@pytest.mark.parametrize(("lr", "is_forgetful"), [(2e-2, True), (1e-6, False)])
def test_a_run_that_forgets_is_told_from_one_that_does_not(
    lr: float,
    is_forgetful: bool,
    new_run: NewRun,
    knowing_base: Path,
    other_rows: Path,
    items: Path,
) -> None:
    run = new_run(
        "full",
        pretrained_model_name_or_path=str(knowing_base),
        data_path=str(other_rows),
        lr=lr,
        max_epochs=60,
        **QUICK,
    )
    run.items = str(items)

    add_to_config(run, check_learning=True, kept_language="en", mix_general=0).train()

    outcome = outcome_of(run)
    before, after = outcome.snapshot.learnings[0].kept, outcome.snapshot.learnings[-1].kept
    assert before is not None
    assert after is not None
    assert (before.asked, before.right) == (12, 12)
    assert ("forgot" in codes(outcome), "kept" in codes(outcome)) == (
        is_forgetful,
        not is_forgetful,
    )
    assert outcome.step is not None
    if is_forgetful:
        assert outcome.step.action == Train(is_fresh=True, sets=("data.mix_general=16",))
    else:
        assert after.lost == 0
        assert outcome.step.code == "higher"
