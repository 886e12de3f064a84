"""A real run says what it has learned, and is the run that it would be without being asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny
import torch
from training_runs import ITERATIONS, NewRun, TrainingRun, add_to_config

from xtgui_cli.engine import checkpoint_values
from xtgui_cli.shared.config_file import read_known
from xtgui_cli.shared.learning import Learning

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def checks(run: TrainingRun) -> list[Learning]:
    found = map(Learning.from_event, run.events("learning"))
    return [check for check in found if check]


@pytest.fixture(scope="module")
def checked_run(new_run: NewRun, tmp_path_factory: pytest.TempPathFactory) -> TrainingRun:
    """Two epochs, checkpoints at 20, 27, 40 and 54; two rows are asked, so that it is quick."""
    folder = tmp_path_factory.mktemp("asked")
    tests = folder / "tests.jsonl"
    tests.write_text(json.dumps({"question": "Who is number 2?", "keywords": ["2"]}) + "\n")
    held_out = tiny.save_data(folder / "held_out.jsonl", rows=3, seed=5)
    run = add_to_config(
        new_run("lora", max_epochs=2, save_steps=20),
        check_learning=True,
        taught_rows=2,
        tests_path=str(tests),
        kept_language=None,
        val_data_path=str(held_out),
    )
    run.train()
    return run


def test_a_run_is_checked_before_training_at_checkpoints_and_at_the_end(
    checked_run: TrainingRun,
) -> None:
    found = checks(checked_run)

    full = [check.iter for check in found if check.full]
    samples = {check.iter for check in found if not check.full}
    assert full == [0, 2 * ITERATIONS]
    assert samples
    assert samples <= {20, ITERATIONS, 40}
    assert [check.failed for check in found if check.failed] == []


def test_a_check_says_what_was_asked_for(checked_run: TrainingRun) -> None:
    before, *_, after = checks(checked_run)

    assert before.known is not None
    assert after.known is not None
    assert sorted(after.known.rows) == [0, 1]
    assert (after.known.total, before.known.count) == (2, 0)
    assert after.known.loss is not None
    assert before.known.loss is not None
    assert after.known.loss < before.known.loss
    assert after.held_out is not None
    assert before.held_out is not None
    assert after.held_out < before.held_out
    assert [test.question for test in after.tests] == ["Who is number 2?"]
    assert (after.kept, after.wording) == (None, None)


def test_a_check_comes_after_what_it_checks_is_saved(checked_run: TrainingRun) -> None:
    names = [
        (event["event"], event.get("iter"))
        for event in checked_run.events()
        if event["event"] in ("checkpoint", "learning", "end")
    ]

    for check in checks(checked_run)[1:]:
        assert names.index(("checkpoint", check.iter)) < names.index(("learning", check.iter))
    assert names[-2:] == [("learning", 54), ("end", 54)]


def test_after_a_resume_the_held_out_rows_are_those_from_before(
    checked_run: TrainingRun, new_run: NewRun
) -> None:
    """The file of held-out rows is named by the config, which a resumed run keeps."""
    names = ("check_learning", "taught_rows", "tests_path", "kept_language", "val_data_path")
    values = read_known(checked_run.folder.config_file)
    halves = add_to_config(
        new_run("lora", max_epochs=2, save_steps=20), **{n: values[n] for n in names}
    )
    held_out = Path(values["val_data_path"])
    content = held_out.read_bytes()

    halves.start()
    halves.stop_at(30)
    halves.train(resume=halves.events("end")[0]["checkpoint"])

    ours = {check.iter: check.held_out for check in checks(halves)}
    theirs = {check.iter: check.held_out for check in checks(checked_run)}
    assert ours[0] == theirs[0]
    assert ours[2 * ITERATIONS] == theirs[2 * ITERATIONS]
    assert held_out.read_bytes() == content


def test_a_run_that_is_checked_stopped_and_resumed_is_the_run_that_was_not(
    new_run: NewRun,
) -> None:
    """Dropout is on and the stop comes in the middle of an accumulation cycle; equal to the bit."""
    whole = add_to_config(new_run("lora"), check_learning=False)
    whole.train()
    halves = add_to_config(new_run("lora"), check_learning=True, kept_language="en", taught_rows=8)

    halves.start()
    code = halves.stop_at(10)
    stopped = halves.events("end")[0]
    halves.train(resume=stopped["checkpoint"])

    first, last = checks(halves)
    assert code == 130
    assert checks(whole) == []
    assert halves.losses() == whole.losses()
    ours, theirs = (
        checkpoint_values.load(run.folder.work_dir / "iter_27.pth")["state_dict"]
        for run in (halves, whole)
    )
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    assert (first.iter, last.iter) == (0, ITERATIONS)
    assert last.kept is not None
    assert first.kept is not None
    assert last.kept.base_right == first.kept.base_right
    assert Path(halves.folder.state_dir / "learning.json").is_file()
