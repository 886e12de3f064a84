"""Bare `xtgui`: where a folder stands, and what to run next."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xtgui_cli.commands import overview
from xtgui_cli.commands.overview import OverviewRequest, Standing, advise, read_standing
from xtgui_cli.project import settings_file
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import LockHolder, RunFolder, take_lock, write_lock
from xtgui_cli.shared.schedule_restarts import ScheduleRestart, add_restart

Make = Callable[..., RunFolder]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that makes a project in the current folder, with all that is asked for."""
    monkeypatch.chdir(tmp_path)

    def go(
        has_answers: bool = True,
        has_config: bool = True,
        events: tuple[dict[str, Any], ...] = (),
        checkpoints: tuple[int, ...] = (),
        lr: str = "1e-4",
    ) -> RunFolder:
        folder = RunFolder(tmp_path)
        if has_answers:
            model, data = tmp_path / "m" / "small", tmp_path / "d" / "r.jsonl"
            model.mkdir(parents=True)
            data.parent.mkdir()
            data.touch()
            paths = {"model.path": str(model), "data.path": str(data)}
            settings_file.save(folder.settings_file, paths)
        if has_config or checkpoints:
            folder.work_dir.mkdir()
        if has_config:
            folder.config_file.write_text(f"lr = {lr}\n")
        for number in checkpoints:
            (folder.work_dir / f"iter_{number}.pth").write_bytes(b"")
        if events:
            write = EventWriter(folder.events_file)
            for event in events:
                write(event["name"], **{key: event[key] for key in event if key != "name"})
        return folder

    return go


START = {"name": "start", "run_id": "r", "pid": 1, "resumed_from": None}
PLAN = {"name": "plan", "total_iters": 300}
ITERATION = {"name": "iter", "iter": 120, "loss": 1.0, "lr": 1e-4}


def test_the_end_of_a_long_run_is_known_though_its_events_are_in_the_middle(make: Make) -> None:
    folder = make(events=(START, PLAN, ITERATION))
    restart = ScheduleRestart(100, 150, 0, 1e-4, decay_iters=10, cause="learned")
    add_restart(folder.schedule_restarts_file, restart)

    assert read_standing(folder).run.total == 150


def end(status: str) -> dict[str, Any]:
    return {"name": "end", "status": status, "iter": 120}


def commands(standing: Standing) -> list[str]:
    return [one.command for one in advise(standing)]


def test_nothing_answered_leads_to_init(make: Make) -> None:
    standing = read_standing(make(has_answers=False, has_config=False))

    assert standing.missing == ("model.path", "data.path")
    assert commands(standing) == ["xtgui init"]


def test_a_written_config_leads_to_training(make: Make) -> None:
    assert commands(read_standing(make()))[0] == "xtgui train"


@pytest.mark.parametrize("has_answers", [True, False])
def test_a_rate_that_the_config_computes_is_left_out(
    make: Make, capsys: pytest.CaptureFixture[str], *, has_answers: bool
) -> None:
    make(has_answers=has_answers, lr="2 * 1e-4")

    code = overview.run(OverviewRequest())

    assert code == 0
    assert "work_dir/xtuner_config.py" in capsys.readouterr().out


@pytest.mark.parametrize("source", ["m/small", "d/r.jsonl"])
def test_a_source_that_is_gone_is_named_and_leads_to_choosing_again(
    source: str, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make()
    (folder.root / source).rename(folder.root / "elsewhere")

    overview.run(OverviewRequest(root=folder.root))

    assert commands(read_standing(folder)) == ["xtgui init --step 2"]
    told = "".join(capsys.readouterr().out.split())
    assert "nolongerexists" in told
    assert "✓2Modelanddata" not in told


def test_of_a_finished_run_the_data_may_be_gone(make: Make) -> None:
    folder = make(events=(START, PLAN, end("finished")), checkpoints=(300,))
    (folder.root / "d" / "r.jsonl").unlink()

    assert read_standing(folder).gone == ()


def test_without_its_model_a_finished_run_is_not_converted_or_talked_to(make: Make) -> None:
    folder = make(events=(START, PLAN, end("finished")), checkpoints=(300,))
    (folder.root / "m" / "small").rmdir()

    assert commands(read_standing(folder)) == ["xtgui init --step 2", "xtgui results"]


def test_a_run_that_was_stopped_leads_to_resuming(make: Make) -> None:
    events = (START, PLAN, ITERATION, end("stopped"))

    standing = read_standing(make(events=events, checkpoints=(100, 120)))

    assert commands(standing) == ["xtgui train --resume", "xtgui results"]
    assert (standing.run.iteration, standing.run.total) == (120, 300)
    assert standing.run.checkpoint == "iter_120.pth"


def test_a_failure_without_a_checkpoint_leads_to_the_log(make: Make) -> None:
    standing = read_standing(make(events=(START, end("failed"))))

    assert commands(standing) == ["xtgui train", "xtgui logs"]


def test_a_start_without_an_end_whose_process_is_gone_has_died(make: Make) -> None:
    assert read_standing(make(events=(START, PLAN, ITERATION))).run.state == "died"


def test_a_start_that_died_before_it_spoke_is_told_from_the_end_before_it(make: Make) -> None:
    folder = make(events=(START, PLAN, ITERATION, end("stopped")), checkpoints=(120,))
    descriptor = take_lock(folder.lock_file)
    write_lock(descriptor, LockHolder(pid=2, at=time.time() + 1))
    os.close(descriptor)

    assert read_standing(folder).run.state == "died"


def test_a_clock_that_was_set_back_makes_no_finished_run_a_dead_one(make: Make) -> None:
    now = time.time()
    told = (PLAN, ITERATION, end("finished"))
    later = tuple({**event, "at": now - 172_800} for event in told)
    folder = make(events=({**START, "pid": 4711, "at": now}, *later), checkpoints=(120,))
    descriptor = take_lock(folder.lock_file)
    write_lock(descriptor, LockHolder(pid=4711, at=now - 1))
    os.close(descriptor)

    assert read_standing(folder).run.state == "finished"


def test_a_run_whose_lock_is_held_is_running(make: Make) -> None:
    folder = make(events=(START, PLAN, ITERATION))
    descriptor = take_lock(folder.lock_file)
    write_lock(descriptor, LockHolder(pid=1))

    standing = read_standing(folder)

    assert standing.run.state == "running"
    assert commands(standing) == ["xtgui attach", "xtgui stop"]


def test_a_finished_run_leads_to_chatting_and_to_converting_as_long_as_that_is_not_done(
    make: Make,
) -> None:
    folder = make(events=(START, PLAN, ITERATION, end("finished")), checkpoints=(120,))
    others = ["xtgui results", "xtgui convert"]
    assert commands(read_standing(folder)) == ["xtgui chat --compare", *others]

    (folder.work_dir / "xtuner_iter_120_hf").mkdir()

    assert commands(read_standing(folder)) == ["xtgui chat --compare", "xtgui results"]


LOST = {"name": "iter", "iter": 300, "loss": "nan", "lr": 1.0}
HARDLY = {"rows": [0, 1], "known": [False, False], "total": 2}
CHECKS = (
    {"name": "learning", "iter": 0, "full": True, "known": {**HARDLY, "loss": 3.9}},
    {"name": "learning", "iter": 120, "full": True, "known": {**HARDLY, "loss": 0.3}},
)


@pytest.mark.parametrize("status", ["finished", "stopped", "failed"])
def test_a_run_that_diverged_leads_to_a_lower_rate_and_not_to_the_same_again(
    make: Make, status: str
) -> None:
    iterations = [{**LOST, "iter": number} for number in range(1, 121)]

    standing = read_standing(
        make(events=(START, PLAN, *iterations, end(status)), checkpoints=(120,), lr="1.0")
    )

    assert commands(standing)[0] == "xtgui train --fresh --set train.lr=5e-05"
    assert not any("--resume" in command for command in commands(standing))


def test_a_run_that_failed_because_its_weights_are_no_numbers_leads_there_too(make: Make) -> None:
    failed = {**end("failed"), "code": "loss_not_finite"}

    standing = read_standing(make(events=(START, PLAN, {**LOST, "iter": 3}, failed), lr="1.0"))

    assert commands(standing) == ["xtgui train --fresh --set train.lr=5e-05", "xtgui logs"]


def test_a_run_that_has_not_learned_leads_to_its_next_step(
    make: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = {**PLAN, "total_iters": 120, "iters_per_epoch": 15}
    events = (START, plan, CHECKS[0], ITERATION, CHECKS[1], end("finished"))
    folder = make(events=events, checkpoints=(120,))

    overview.run(OverviewRequest(root=folder.root))

    shown = capfd.readouterr().out
    assert commands(read_standing(folder))[0] == "xtgui train --more 9"
    assert "Next  xtgui train --more 9" in shown
    assert "● 4 Train" in shown


def test_checks_in_the_middle_of_a_long_run_count_too(make: Make) -> None:
    folder = make(events=(START, PLAN, CHECKS[0]), checkpoints=(120,))
    write = EventWriter(folder.events_file)
    for number in range(1, 4001):
        write("iter", iter=number, loss=1.0, lr=1e-4)
        if number == 2000:
            write("learning", iter=2000, held_out=1.5)

    outcome = read_standing(folder).outcome

    assert outcome is not None
    assert [check.iter for check in outcome.snapshot.learnings] == [0, 2000]


def test_from_elsewhere_the_command_names_the_project(
    make: Make, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = read_standing(make())
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert commands(standing) == [f"xtgui train --root {standing.folder.root.resolve()}"]


def test_a_folder_of_xtunergui_is_understood(make: Make) -> None:
    standing = read_standing(make(has_answers=False, checkpoints=(250, 1000)))

    assert standing.missing == ()
    assert (standing.run.state, standing.run.checkpoint) == ("other", "iter_1000.pth")


def test_faults_in_the_answers_are_counted_and_not_fatal(make: Make) -> None:
    folder = make()
    folder.settings_file.write_text("[train]\nlr = 'fast'\nseed = -1\n")

    standing = read_standing(folder)

    assert standing.faults == 2
    assert commands(standing) == ["xtgui init"]


def test_of_a_file_of_many_events_only_the_ends_are_read(make: Make) -> None:
    folder = make(events=(START, PLAN))
    write = EventWriter(folder.events_file)
    for number in range(1, 4001):
        write("iter", iter=number, loss=1.0, lr=1e-4)

    run = read_standing(folder).run

    assert folder.events_file.stat().st_size > 200_000
    assert (run.iteration, run.total) == (4000, 300)


def test_the_same_is_there_as_data(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make()

    overview.run(OverviewRequest(root=folder.root, as_json=True))

    shown = json.loads(capsys.readouterr().out)
    assert shown["next"] == ["xtgui train"]
    assert shown["answers"]["model.path"] == str(folder.root / "m" / "small")


def test_names_from_elsewhere_cannot_steer_the_terminal(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make()
    settings_file.save(folder.settings_file, {"model.path": "/m/\x1b[31mred[red]"})

    overview.run(OverviewRequest(root=folder.root))

    shown = capsys.readouterr().out
    assert "red[red]" in shown
    assert "\x1b[31m" not in shown
