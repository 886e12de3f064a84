"""The hook that checks the model: before training, at checkpoints, and at the end.

What it asks is in the config, under names that plain xtuner ignores:

    check_learning = True
    taught_rows = None  # number of rows at the beginning of the data that are the user's; None: all
    tests_path = None  # jsonl: test questions and the keywords of right answers
    kept_language = "en"  # of the general questions, "en" or "zh"; None: none
    val_data_path = None  # jsonl: rows held out from training
    until_learned = False  # whether the run ends early, see hook_until_learned.py
"""

from __future__ import annotations

import functools
import itertools
import json
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from mmengine.dist import get_world_size
from mmengine.hooks import Hook

from ..shared.atomic import write_text
from ..shared.custom_template import as_template
from ..shared.events import Event, EventReader
from ..shared.learning import Learning, read_tests, recommended
from ..shared.regular_file import read_json
from ..shared.run_folder import Checkpoint, NotACheckpointError, RunFolder
from .check_costs import Costs, extent_within, seconds_allowed
from .checked_model import CheckedModel, CheckStoppedError
from .checkpoint import put_weights
from .checkpoint_reader.errors import CheckpointError
from .degenerate import STOPS_WITHIN, Taught
from .hook_progress import ProgressHook
from .hook_saving import SavingHook
from .kept import Base, read_items
from .known import SAMPLE, answers_in, choose_rows, count_rows, encode_rows, read_rows
from .learning_check import LearningCheck, Material
from .prompt import encoder_of, stop_ids
from .run_context import RunContext

MANY_TOKENS, FEW_TOKENS = 2048, 256
"""The number of tokens asked at once lies between these."""
HELD_OUT = 100
"""Rows that are read from the file of held-out rows."""
REMEMBERED = 1000
"""Taught answers that are searched for in answers to other questions."""


class TrainingClock(Hook):  # type: ignore[misc]
    """Adds up the time of the iterations themselves, without saving and evaluating.

    It runs right after the progress hook, which waits for the device.
    """

    priority = 61

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._began = 0.0
        self.seconds = 0.0

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Start the clock."""
        self._began = self._clock()

    def after_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None
    ) -> None:
        """Add the iteration's time."""
        self.seconds += self._clock() - self._began


class LearningHook(Hook):  # type: ignore[misc]
    """Checks what the model has learned; runs after the saving hook has saved it."""

    priority = 96

    def __init__(
        self,
        context: RunContext,
        progress: ProgressHook,
        trained: TrainingClock,
        saving: SavingHook,
    ) -> None:
        self._context = context
        self._progress = progress
        self._trained = trained
        self._saving = saving
        self._history: list[Learning] = []
        """All checks of the run, including those before a resume."""
        self._check: LearningCheck | None = None
        self._checked_at_s = 0.0
        """Training time at the last check."""

    @property
    def _state_file(self) -> Path:
        return self._context.folder.state_dir / "learning.json"

    def before_train(self, runner: Any) -> None:
        """Check the model before its first iteration, or restore the checks of a resumed run."""
        if runner.cfg.get("check_learning") is True and get_world_size() == 1:
            self._report(0, lambda: self._begin(runner), full=True)

    def after_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None
    ) -> None:
        """Check the model if this iteration's checkpoint was saved, the last one excepted."""
        iteration = runner.iter + 1
        is_saved = self._context.checkpoint == Checkpoint.at(iteration, Path()).name
        if is_saved and iteration < runner.train_loop.max_iters:
            self.check(iteration, full=False)
            self._keep_recommended(runner)
            self._progress.pause_ended()

    def after_train(self, runner: Any) -> None:
        """Check everything once more, and keep the checkpoint that is recommended."""
        last = runner.train_loop.iter
        if self.check(last, full=True):
            self._check_recommended(runner, last)
            self._keep_recommended(runner)

    def _keep_recommended(self, runner: Any) -> None:
        checked = {each.iter for each in self._history}
        self._saving.keep_beside_limit(runner, recommended(self._history), checked)

    def _check_recommended(self, runner: Any, last: int) -> None:
        """Check everything at the recommended checkpoint if that is not the last one.

        Samples may have been lucky: if the full check finds less, another one is recommended and
        checked. Afterwards the model has the weights of the last checkpoint again.
        """
        folder, looked_at = Path(runner.work_dir), {last}
        while (best := recommended(self._history)) is not None and best not in looked_at:
            looked_at.add(best)
            there = all(Checkpoint.at(each, folder).path.is_file() for each in (best, last))
            if self._check is None or self._context.stop_requested or not there:
                return
            try:
                put_weights(runner.model.llm, Checkpoint.at(best, folder).path)
            except CheckpointError:
                traceback.print_exc()
                return
            try:
                self.check(best, full=True)
            finally:
                put_weights(runner.model.llm, Checkpoint.at(last, folder).path)

    def check(self, iteration: int, *, full: bool) -> Learning | None:
        """Make a check, say what it found and return it; None if no check was made.

        A requested stop cancels it. A check that is not full is left out if it takes too much of
        the training time.
        """
        check = self._check
        if check is None or self._context.stop_requested:
            return None
        seconds = seconds_allowed(self._trained.seconds, self._checked_at_s)
        extent = check.everything if full else extent_within(seconds, check.costs, check.everything)
        if extent is None:
            return None
        self._checked_at_s = self._trained.seconds
        return self._report(
            iteration,
            lambda: check.full(iteration) if full else check.sample(iteration, extent),
            full=full,
        )

    @property
    def asks_rows(self) -> bool:
        """Whether rows can be asked: from `before_train` on, until a check has failed."""
        return self._check is not None and self._check.everything.rows > 0

    @property
    def asks_items(self) -> bool:
        """Whether general questions can be asked, and compared with the base model's answers."""
        return self._check is not None and self._check.base is not None

    def recall(self, iteration: int, *, rows: bool, items: bool) -> Learning | None:
        """Ask rows or general questions between two checkpoints.

        Returns:
            What was found; None if nothing can be asked, or the run is to stop.
        """
        check = self._check
        if check is None or self._context.stop_requested:
            return None
        measure = functools.partial(check.recall, iteration, rows=rows, items=items)
        return self._report(iteration, measure, full=False, name="recall")

    def _begin(self, runner: Any) -> Learning | None:
        checked = checked_model(runner, lambda: self._context.stop_requested)
        check = LearningCheck(checked, material_of(runner.cfg, checked))
        self._check = check
        if runner.train_loop.iter > 0:
            self._read_state(check)
            self._history = read_checks(self._context.folder, runner.train_loop.iter)
            return None
        found = check.before_training()
        self._write_state(check, found)
        return found

    def _report(
        self,
        iteration: int,
        measure: Callable[[], Learning | None],
        *,
        full: bool,
        name: str = "learning",
    ) -> Learning | None:
        """Report what a check finds. After one that fails there are no more; training continues."""
        phase = self._context.phase
        self._context.enter("evaluating")
        try:
            found = measure()
        except CheckStoppedError:
            found = None
        except Exception as error:
            traceback.print_exc()
            self._check = None
            reason = type(error).__name__
            self._context.say("warning", code="check_failed", data={"reason": reason})
            found = Learning(iteration, full=full, failed=reason)
        self._context.enter(phase)
        if found:
            if name == "learning":  # the others have no checkpoint to recommend
                self._history.append(found)
            self._context.say(name, **found.to_event())
        return found

    def _write_state(self, check: LearningCheck, before: Learning) -> None:
        content = {
            "before": before.to_event(),
            "base": check.base.to_json() if check.base else None,
            "costs": asdict(check.costs),
        }
        write_text(self._state_file, json.dumps(content, ensure_ascii=False) + "\n")

    def _read_state(self, check: LearningCheck) -> None:
        """Read what the first start noted for comparison with later checks."""
        try:
            content = read_json(self._state_file)
            check.costs = Costs(**content["costs"])
            check.take_base(Base.from_json(content["base"]) if content["base"] else None)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return


def read_checks(folder: RunFolder, iteration: int, name: str = "learning") -> list[Learning]:
    """Return the checks of a run that resumes from an iteration, from its events.

    Checks that a start made after the checkpoint that the next start resumed from do not count.

    Args:
        folder: The project.
        iteration: Iterations done.
        name: The name of the events.
    """
    checks: list[Learning] = []
    for event in EventReader(folder.events_file)():
        if event["event"] == "start":
            done = _iterations_before(event)
            checks = [check for check in checks if check.iter <= done]
        elif event["event"] == name and (check := Learning.from_event(event)):
            checks.append(check)
    return [check for check in checks if check.iter <= iteration]


def _iterations_before(start: Event) -> int:
    """Return the iteration that a start resumes from; -1 if it starts from scratch."""
    try:
        return Checkpoint.parse(str(start.get("resumed_from"))).iter
    except NotACheckpointError:
        return -1


def checked_model(runner: Any, stop_requested: Callable[[], bool]) -> CheckedModel:
    """Return the model that a runner trains, with the question format of its config."""
    from xtuner.registry import BUILDER

    cfg, llm = runner.cfg, runner.model.llm
    model = llm.get_base_model() if hasattr(llm, "get_base_model") else llm
    tokenizer = BUILDER.build(cfg.tokenizer)
    template = as_template(cfg.prompt_template)
    if template is None:
        raise ValueError(f"not a prompt template: {cfg.prompt_template}")
    own_eos = getattr(model.generation_config, "eos_token_id", None)
    own_eos = [own_eos] if isinstance(own_eos, int) else own_eos or []
    tokens = cfg.get("max_length", MANY_TOKENS) * cfg.get("batch_size", 1)
    dtype = cfg.get("amp_dtype")
    return CheckedModel(
        model=model,
        tokenizer=tokenizer,
        template=template,
        encoder=encoder_of(tokenizer, template),
        system=cfg.get("SYSTEM") or "",
        stop_ids=stop_ids(tokenizer, template, own_eos),
        most_tokens=min(MANY_TOKENS, max(FEW_TOKENS, tokens)),
        autocast_dtype=getattr(torch, dtype) if dtype else None,
        stop_requested=stop_requested,
    )


def material_of(cfg: Any, checked: CheckedModel) -> Material:
    """Return the questions that a config asks for."""
    data, count = Path(cfg.data_path), count_rows(Path(cfg.data_path))
    total = min(count, cfg.get("taught_rows") or count)
    if cfg.get("max_dataset_length") and cfg.max_dataset_length < count:
        total = 0  # xtuner draws the rows that it trains on and does not say which
    seed = cfg.get("seed") or 0
    rows = read_rows(data, choose_rows(total, seed, REMEMBERED))
    encode = functools.partial(
        encode_rows, template=checked.template, encoder=checked.encoder, max_length=cfg.max_length
    )
    taught = tuple(itertools.islice(encode(rows), SAMPLE))
    held_out, tests, language = (
        cfg.get(name) for name in ("val_data_path", "tests_path", "kept_language")
    )
    return Material(
        rows=taught,
        total_rows=total,
        held_out=tuple(encode(_first_rows(Path(held_out)))) if held_out else (),
        items=read_items(language) if language else (),
        tests=read_tests(Path(tests)) if tests else (),
        questions=cfg.get("evaluation_inputs") or (),
        max_new_tokens=cfg.get("max_new_tokens") or STOPS_WITHIN,
        taught=Taught(answers_in(rows), max((row.trained for row in taught), default=0)),
    )


def _first_rows(path: Path) -> dict[int, Mapping[str, Any]]:
    return read_rows(path, range(min(HELD_OUT, count_rows(path))))
