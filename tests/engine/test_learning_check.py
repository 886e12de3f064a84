"""How much a check asks, and when the hook makes one."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tiny
from checked import checked_model, row_of, taught_rows, teach

from xtgui_cli.engine import hook_learning, learning_check
from xtgui_cli.engine.check_costs import Costs, Extent
from xtgui_cli.engine.checked_model import CheckedModel
from xtgui_cli.engine.full_disk import DiskWait
from xtgui_cli.engine.hook_learning import LearningHook, TrainingClock
from xtgui_cli.engine.hook_progress import ProgressHook
from xtgui_cli.engine.hook_saving import SavingHook
from xtgui_cli.engine.kept import read_items
from xtgui_cli.engine.known import Recall, TaughtRow
from xtgui_cli.engine.learning_check import LearningCheck, Material
from xtgui_cli.engine.run_context import RunContext
from xtgui_cli.engine.token_loss import TokenLossHook
from xtgui_cli.shared import learning
from xtgui_cli.shared.events import EventReader, EventWriter
from xtgui_cli.shared.run_folder import RunFolder

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> CheckedModel:
    return checked_model(tiny.save_model(tmp_path_factory.mktemp("tiny") / "model"))


# --- how much ------------------------------------------------------------------------------------


def test_a_sample_is_the_beginning_of_the_full_check(checked: CheckedModel) -> None:
    material = Material(
        rows=taught_rows(checked, range(20)), total_rows=300, items=read_items("en")[:6]
    )
    check = LearningCheck(checked, material)

    before = check.before_training()
    sample = check.sample(10, Extent(rows=16, items=4, held_out=False))

    assert before.known is not None
    assert sample.known is not None
    assert sample.known.rows == before.known.rows[:16] == tuple(range(16))
    assert sample.known.total == 300
    assert (before.full, sample.full) == (True, False)
    assert sample.kept is not None
    assert (sample.kept.asked, sample.kept.lost) == (4, 0)
    assert check.costs.row > 0
    assert check.costs.item > 0


def test_a_sample_is_expected_to_take_more_than_its_share_of_the_first_check(
    tmp_path: Path,
) -> None:
    """All of the base's own answers are among its items. The clock ticks once when asked."""
    checked = checked_model(tiny.save_model(tmp_path / "model"))
    teach(checked, taught_rows(checked, range(6)))  # it answers and stops
    items = read_items("en")
    ticks = itertools.count()
    check = LearningCheck(checked, Material(items=items), clock=lambda: float(next(ticks)))

    check.before_training()

    assert check.base is not None
    assert check.base.answers
    assert 1 / len(items) < check.costs.item < 4 / len(items)


def test_a_full_check_tells_rows_and_other_words_apart(tmp_path: Path) -> None:
    """The model knows its rows by heart, and says nothing else to the same question reworded."""
    checked = checked_model(tiny.save_model(tmp_path / "model"), most_tokens=512)
    rows = taught_rows(checked, range(6))
    teach(checked, rows)
    tests = (
        learning.TestQuestion("Who is number 3?", ("Dora", "21")),
        learning.TestQuestion("Who is number 4?", ("Dora",)),
    )
    material = Material(rows, 6, held_out=taught_rows(checked, [30]), tests=tests)

    found = LearningCheck(checked, material).full(100)

    assert found.known is not None
    assert found.known.count == 6
    assert [test.right for test in found.tests] == [True, False]
    assert found.tests[0].answer == "It is Dora, of room 21."
    assert found.held_out is not None
    assert found.known.loss is not None
    assert found.held_out > found.known.loss
    assert (found.kept, found.wording) == (None, None)


def test_a_check_takes_what_its_clock_says(checked: CheckedModel) -> None:
    clock = itertools.count()
    check = LearningCheck(
        checked, Material(taught_rows(checked, range(4)), 4), clock=lambda: float(next(clock))
    )

    found = check.sample(10, Extent(4, 0, held_out=False))

    assert found.seconds == 3.0
    assert check.costs == Costs(row=0.25)


# --- when ----------------------------------------------------------------------------------------


class Run:
    """A run whose training is said to take so long, with the hook that checks it."""

    def __init__(
        self, checked: CheckedModel, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.folder = RunFolder(folder)
        self.context = RunContext(self.folder, EventWriter(self.folder.events_file))
        self.trained = TrainingClock()
        progress = ProgressHook(self.context)
        saving = SavingHook(self.context, progress, TokenLossHook(), DiskWait(self.context))
        self.hook = LearningHook(self.context, progress, self.trained, saving)
        data = folder / "rows.jsonl"
        data.write_text("\n".join(json.dumps(row_of(number)) for number in range(20)))
        config = {
            "check_learning": True,
            "data_path": str(data),
            "max_length": 128,
            "kept_language": "en",
            "evaluation_inputs": ["Who are you?"],
        }
        self.runner = SimpleNamespace(
            cfg=Config(config),
            iter=0,
            train_loop=SimpleNamespace(iter=0, max_iters=40),
            work_dir=str(self.folder.work_dir),
        )
        monkeypatch.setattr(hook_learning, "checked_model", lambda *_: checked)
        monkeypatch.setattr(hook_learning, "read_items", lambda language: read_items(language)[:8])

    def save(self, iteration: int) -> None:
        """Do an iteration after which there is a checkpoint."""
        self.context.checkpoint = f"iter_{iteration}.pth"
        self.runner.iter = iteration - 1
        self.hook.after_train_iter(self.runner, 0)

    def checks(self) -> list[learning.Learning]:
        events = EventReader(self.folder.events_file)()
        found = [
            learning.Learning.from_event(each) for each in events if each["event"] == "learning"
        ]
        return [each for each in found if each]

    def warnings(self) -> list[str]:
        events = EventReader(self.folder.events_file)()
        return [each["code"] for each in events if each["event"] == "warning"]


class Config(dict[str, Any]):
    """As far as mmengine's is one."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


@pytest.fixture
def run(checked: CheckedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(checked, tmp_path, monkeypatch)


def test_everything_is_asked_before_training_and_at_the_end(run: Run) -> None:
    run.hook.before_train(run.runner)
    run.runner.train_loop.iter = 40
    run.hook.after_train(run.runner)

    assert [(check.iter, check.full) for check in run.checks()] == [(0, True), (40, True)]


def test_a_checkpoint_is_checked_once_enough_time_was_trained(run: Run) -> None:
    run.hook.before_train(run.runner)
    run.save(10)
    run.trained.seconds = 1000.0
    run.save(20)
    run.save(30)

    assert [(check.iter, check.full) for check in run.checks()] == [(0, True), (20, False)]


def test_the_last_checkpoint_is_left_to_the_full_check(run: Run) -> None:
    run.hook.before_train(run.runner)
    run.trained.seconds = 1000.0
    run.save(40)

    assert [check.iter for check in run.checks()] == [0]


def test_an_iteration_without_a_checkpoint_is_not_checked(run: Run) -> None:
    run.hook.before_train(run.runner)
    run.trained.seconds = 1000.0
    run.context.checkpoint = "iter_10.pth"
    run.runner.iter = 10
    run.hook.after_train_iter(run.runner, 0)

    assert [check.iter for check in run.checks()] == [0]


def test_nobody_waits_for_a_check_who_wants_to_stop(run: Run) -> None:
    run.hook.before_train(run.runner)
    run.trained.seconds = 1000.0
    run.context.stop_requested = True
    run.save(10)
    run.hook.after_train(run.runner)

    assert [check.iter for check in run.checks()] == [0]


def test_a_resumed_run_compares_with_what_the_first_start_found(
    run: Run, checked: CheckedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.hook.before_train(run.runner)
    again = Run(checked, run.folder.root, monkeypatch)
    again.runner.train_loop.iter = 10

    again.hook.before_train(again.runner)
    again.trained.seconds = 1000.0
    again.save(20)

    first, second = again.checks()
    assert (first.iter, second.iter) == (0, 20)
    assert second.kept is not None
    assert first.kept is not None
    assert second.kept == first.kept


def test_without_that_a_resumed_run_tells_what_it_can(run: Run) -> None:
    run.runner.train_loop.iter = 10

    run.hook.before_train(run.runner)
    run.runner.train_loop.iter = 40
    run.hook.after_train(run.runner)

    [check] = run.checks()
    assert check.known is not None
    assert (check.kept, check.wording) == (None, None)


def test_checks_of_an_abandoned_start_do_not_count(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    say = EventWriter(folder.events_file)
    for resumed_from, checked_at in ((None, (0, 10, 20)), ("iter_10.pth", (15,)), (None, (0, 5))):
        say("start", resumed_from=resumed_from)
        for iteration in checked_at:
            say("recall", iter=iteration)

    every = [
        [check.iter for check in hook_learning.read_checks(folder, iteration, "recall")]
        for iteration in (4, 20)
    ]
    say("start", resumed_from="iter_5.pth")
    resumed = [check.iter for check in hook_learning.read_checks(folder, 20, "recall")]

    assert every == [[0], [0, 5]]
    assert resumed == [0, 5]


@pytest.mark.parametrize(("known", "asked"), [(0, 4), (3, 8), (14, 16), (18, 20), (19, 20)])
def test_rows_are_no_longer_asked_once_too_many_are_unknown(
    checked: CheckedModel, monkeypatch: pytest.MonkeyPatch, known: int, asked: int
) -> None:
    """Of 20 rows one may be unknown; first four are asked, then as many again each time."""
    check = LearningCheck(checked, Material(rows=taught_rows(checked, range(20)), total_rows=20))

    def known_until(_: CheckedModel, rows: Sequence[TaughtRow], **__: bool) -> Recall:
        return Recall(tuple(row.number < known for row in rows), loss=1.0)

    monkeypatch.setattr(learning_check, "known", known_until)

    found = check.recall(10, rows=True, items=False)

    assert found.known is not None
    assert (found.known.asked, found.known.count) == (asked, known)
    assert learning.is_learned(found.known) is (known == 19)


def test_all_general_questions_are_asked_only_where_a_few_show_a_loss(tmp_path: Path) -> None:
    checked = checked_model(tiny.save_model(tmp_path / "model"))
    check = LearningCheck(checked, Material(items=read_items("en")[:30]))
    check.before_training()

    unchanged = check.recall(10, rows=False, items=True)
    teach(checked, taught_rows(checked, range(6)), steps=20)
    ruined = check.recall(20, rows=False, items=True)

    assert unchanged.kept is not None
    assert ruined.kept is not None
    assert (unchanged.kept.asked, unchanged.kept.lost) == (24, 0)
    assert ruined.kept.asked == 30
    assert (unchanged.known, ruined.known) == (None, None)


def test_a_config_that_does_not_ask_is_not_checked(run: Run) -> None:
    del run.runner.cfg["check_learning"]

    run.hook.before_train(run.runner)
    run.hook.after_train(run.runner)

    assert run.checks() == []


def test_a_check_that_fails_is_the_last_and_training_goes_on(run: Run) -> None:
    run.runner.cfg["tests_path"] = "nowhere.jsonl"

    run.hook.before_train(run.runner)
    run.hook.after_train(run.runner)

    assert [check.failed for check in run.checks()] == ["FileNotFoundError"]
    assert run.warnings() == ["check_failed"]


def test_only_the_users_own_rows_are_asked(run: Run) -> None:
    run.runner.cfg["taught_rows"] = 5

    run.hook.before_train(run.runner)

    [check] = run.checks()
    assert check.known is not None
    assert sorted(check.known.rows) == list(range(5))


def test_no_rows_are_asked_where_nobody_knows_which_are_trained_on(run: Run) -> None:
    run.runner.cfg["max_dataset_length"] = 10

    run.hook.before_train(run.runner)

    [check] = run.checks()
    assert check.known is None
