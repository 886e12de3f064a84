"""`train.until_learned` with the real xtuner on a tiny model: it ends early, and exactly so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tiny
from checked import checked_model, row_of, teach
from training_runs import (
    NewRun,
    TrainingRun,
    add_to_config,
    copy_of,
    last_start,
    rates,
    train_further,
)

from xtgui_cli.engine.kept import read_items
from xtgui_cli.engine.known import encode_rows
from xtgui_cli.planning.plan_steps import lr_factor
from xtgui_cli.project.checkpoints import find_resume_point
from xtgui_cli.shared.events import encode
from xtgui_cli.shared.run_folder import Checkpoint, RunFolder
from xtgui_cli.shared.schedule_restarts import ScheduleRestart, read_restarts

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

LR, PER_UPDATE, PLANNED = 5e-3, 2, 160
"""Two rows, one at a time: two iterations make an epoch, and an update."""
CHECK = DECAY = 10 * PER_UPDATE
VALUES: dict[str, Any] = {
    "lr": LR,
    "pack_to_max_length": False,
    "batch_size": 1,
    "accumulative_counts": PER_UPDATE,
    "max_epochs": PLANNED // 2,
    "warmup_ratio": 0.0,
    "warmup_iters": 0,
    "save_steps": CHECK,
    "save_total_limit": 40,
}


def save_rows(folder: Path, count: int) -> Path:
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row_of(number)) + "\n" for number in range(count)))
    return file


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_rows(tmp_path_factory.mktemp("rows"), 2)


def new_learner(new_run: NewRun, rows: Path, **values: Any) -> TrainingRun:
    run = new_run("full", data_path=str(rows), **VALUES | values)
    return add_to_config(run, until_learned=True, kept_language=None)


@pytest.fixture(scope="module")
def learned(new_run: NewRun, rows: Path) -> TrainingRun:
    run = new_learner(new_run, rows)
    run.train()
    return run


def recalls(run: TrainingRun) -> dict[int, Any]:
    """Return what the checks found, by iteration; later starts win."""
    return {event["iter"]: event["known"] for event in run.events("recall")}


def decision(run: TrainingRun) -> int:
    """Return the iteration of the second check in a row that knows the rows."""
    [restart] = read_restarts(run.folder.schedule_restarts_file)
    return restart.begin


def end_of(run: TrainingRun) -> int:
    return decision(run) * 3 // 2


def test_it_ends_half_as_many_updates_after_its_rows_are_known_twice(learned: TrainingRun) -> None:
    found, at = recalls(learned), decision(learned)
    plans, end = learned.events("plan"), learned.events("end")[-1]

    total = at * 3 // 2
    assert list(found) == list(range(CHECK, at + 1, CHECK))
    assert [all(check["known"]) for check in found.values()][-3:] == [False, True, True]
    assert [(plan["total_iters"], plan["ends_early"]) for plan in plans] == [
        (PLANNED, None),
        (total, "learned"),
    ]
    assert (plans[1]["planned_iters"], plans[1]["optimizer_steps"]) == (PLANNED, total // 2)
    assert (end["status"], end["code"], end["iter"]) == ("finished", "learned", total)
    assert end["checkpoint"] == f"iter_{total}.pth"
    assert Checkpoint.at(total, learned.folder.work_dir).path.is_file()
    assert [event["iter"] for event in learned.events("learning") if event["full"]] == [0, total]


def test_the_rate_is_kept_and_falls_to_0_over_the_last_updates(learned: TrainingRun) -> None:
    lr, at = rates(learned), decision(learned)

    cosine = [LR * lr_factor(number, 0, PLANNED) for number in range(at + 1)]
    kept = [cosine[-1]] * (at // 2 - DECAY)
    falling = [cosine[-1] * (1 - done / DECAY) for done in range(DECAY)]
    assert list(lr) == list(range(1, end_of(learned) + 1))
    assert list(lr.values()) == pytest.approx([*cosine[:-1], *kept, *falling], rel=1e-9)


def test_it_is_at_its_end_and_can_be_trained_further(learned: TrainingRun, tmp_path: Path) -> None:
    run, before = copy_of(learned, RunFolder(tmp_path / "run")), end_of(learned)
    was_at_the_end = find_resume_point(run.folder).is_at_the_end

    run.train(resume=train_further(run))

    events = last_start(run)
    after = before + 2
    lr = {event["iter"]: event["lr"] for event in events if event["event"] == "iter"}
    [plan] = [event for event in events if event["event"] == "plan"]
    assert was_at_the_end
    assert (plan["total_iters"], plan["ends_early"], plan["max_epochs"]) == (
        after,
        None,
        after // 2,
    )
    assert list(lr) == [before + 1, after]
    assert lr[before + 1] == pytest.approx(LR)
    assert not [event for event in events if event["event"] == "recall"]
    assert (events[-1]["status"], events[-1]["code"]) == ("finished", "")


def same(run: TrainingRun, whole: TrainingRun) -> None:
    """Compare two runs to the bit: losses, rates, checks, their end, and the weights there."""
    assert run.losses() == whole.losses()
    assert rates(run) == rates(whole)
    assert recalls(run) == recalls(whole)
    assert read_restarts(run.folder.schedule_restarts_file) == read_restarts(
        whole.folder.schedule_restarts_file
    )
    ours, theirs = (each.events("plan")[-1] | {"at": 0} for each in (run, whole))
    assert ours == theirs
    assert run.events("end")[-1]["code"] == "learned"
    assert weights(run) == weights(whole)


def weights(run: TrainingRun) -> dict[str, list[float]]:
    import torch

    path = Checkpoint.at(end_of(run), run.folder.work_dir).path
    content = torch.load(path, weights_only=False)
    return {name: value.flatten().tolist() for name, value in content["state_dict"].items()}


def test_a_stop_and_a_resume_while_the_rate_falls_change_nothing(
    new_run: NewRun, rows: Path, learned: TrainingRun
) -> None:
    halves, end = new_learner(new_run, rows), end_of(learned)

    halves.start()
    code = halves.stop_at(end - DECAY + 3)
    stopped = halves.events("end")[-1]
    halves.train(resume=stopped["checkpoint"])

    assert code == 130, halves.log()
    assert end - DECAY < stopped["iter"] < end
    same(halves, learned)


@pytest.mark.parametrize("later", [-CHECK, CHECK])
def test_resumed_before_or_after_the_decision_it_ends_where_it_would_have(
    learned: TrainingRun, tmp_path: Path, later: int
) -> None:
    """As after a process that was killed."""
    run = copy_of(learned, RunFolder(tmp_path / "run"))

    run.train(resume=f"iter_{decision(learned) + later}.pth")

    same(run, learned)
    plans = [event["total_iters"] for event in last_start(run) if event["event"] == "plan"]
    assert plans == [end_of(learned)]


def test_a_check_that_a_stop_has_left_out_is_made_up_for(
    learned: TrainingRun, tmp_path: Path
) -> None:
    """As after a stop at the iteration of the deciding check: saved there, but not checked."""
    run = copy_of(learned, RunFolder(tmp_path / "run"))
    run.folder.schedule_restarts_file.unlink()
    events = run.events()
    at = decision(learned)
    check = next(e for e in events if e["event"] == "recall" and e["iter"] == at)
    before = events[: events.index(check)]
    run.folder.events_file.write_text("".join(map(encode, before)), "utf-8")

    run.train(resume=f"iter_{at}.pth")

    same(run, learned)


def test_rows_that_are_not_learned_are_trained_as_planned(new_run: NewRun, rows: Path) -> None:
    run = new_learner(new_run, rows, lr=1e-5, max_epochs=30)

    run.train()

    [plan], end = run.events("plan"), run.events("end")[-1]
    assert list(recalls(run)) == [20]
    assert (plan["total_iters"], plan["ends_early"]) == (60, None)
    assert (end["status"], end["code"], end["iter"]) == ("finished", "", 60)
    assert not run.folder.schedule_restarts_file.exists()
    assert rates(run)[60] == pytest.approx(1e-5 * lr_factor(59, 0, 60))


def test_a_run_that_cannot_be_checked_says_so(new_run: NewRun, rows: Path) -> None:
    run = add_to_config(new_learner(new_run, rows, max_epochs=1), check_learning=False)

    run.train()

    assert [event["code"] for event in run.events("warning")] == ["until_learned_off"]


# --- forgetting ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def knowing_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that has been taught most answers to the questions of general knowledge."""
    folder = tiny.save_model(tmp_path_factory.mktemp("knowing") / "model")
    checked = checked_model(folder)
    questions = {number: as_row(item) for number, item in enumerate(read_items("en"))}
    teach(checked, list(encode_rows(questions, checked.template, checked.encoder, 128)), steps=12)
    checked.model.save_pretrained(folder)
    return folder


def as_row(item: Any) -> dict[str, Any]:
    asked = {"role": "user", "content": item.question}
    return {"messages": [asked, {"role": "assistant", "content": item.gold}]}


@pytest.fixture(scope="module")
def forgetful(
    new_run: NewRun, knowing_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> TrainingRun:
    """Trained at a rate that ruins the model before it learns its rows."""
    model, rows = str(knowing_model), save_rows(tmp_path_factory.mktemp("six"), 6)
    values = {"lr": 5e-2, "batch_size": 3, "max_epochs": 60, "accumulative_counts": 1}
    run = new_learner(new_run, rows, pretrained_model_name_or_path=model, **values)
    add_to_config(run, kept_language="en")
    run.train()
    return run


def test_a_run_that_forgets_ends_at_once_and_is_saved(forgetful: TrainingRun) -> None:
    last, end = forgetful.events("recall")[-1], forgetful.events("end")[-1]
    plan, full = forgetful.events("plan")[-1], forgetful.events("learning")[-1]

    assert (last["iter"], last["kept"]["asked"]) == (50, 60)
    assert last["kept"]["p_value"] < 0.05
    assert last["kept"]["lost"] >= 0.1 * last["kept"]["base_right"]
    assert (plan["total_iters"], plan["planned_iters"], plan["ends_early"]) == (50, 120, "forgot")
    assert (end["status"], end["code"], end["iter"]) == ("finished", "forgot", 50)
    assert end["checkpoint"] == "iter_50.pth"
    assert Checkpoint.at(50, forgetful.folder.work_dir).path.is_file()
    assert (full["iter"], full["full"], full["kept"]) == (50, True, last["kept"])
    assert find_resume_point(forgetful.folder).is_at_the_end


def test_a_run_that_has_forgotten_can_be_trained_further(
    forgetful: TrainingRun, tmp_path: Path
) -> None:
    run = copy_of(forgetful, RunFolder(tmp_path / "run"))

    run.train(resume=train_further(run))

    assert [event["iter"] for event in last_start(run) if event["event"] == "iter"] == [51, 52]
    assert read_restarts(run.folder.schedule_restarts_file) == (
        ScheduleRestart(begin=50, end=52, warmup_iters=0, lr=5e-2),
    )
