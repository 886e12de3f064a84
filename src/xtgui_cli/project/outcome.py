"""The outcome of a run: its verdict and the next step, found once for every screen.

What reads models and data is imported when it is needed: bare `xtgui` has to respond at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ..runs.copied_command import join, quote
from ..runs.loss_course import LossCourse
from ..runs.next_step import (
    CHANGES_NOTHING_LEARNED,
    HOPELESS_FAULTS,
    NEAR,
    RunFacts,
    next_step,
)
from ..runs.snapshot import Snapshot, State
from ..runs.step_actions import NextStep
from ..runs.verdict import judge
from ..settings.table import Settings
from ..shared.errors import Notice, XtguiError
from ..shared.run_folder import RunFolder, find_root, latest_checkpoint, list_checkpoints
from ..shared.schedule_restarts import read_restarts
from .cause_of_death import was_oom_killed
from .written_config import read_layers


@dataclass(frozen=True)
class Outcome:
    """The outcome of a folder's run; each part is computed on demand."""

    folder: RunFolder
    snapshot: Snapshot
    state: State

    @cached_property
    def answers_are_long(self) -> bool | None:
        """Whether the loss says more than the number of known rows; None if nobody knows."""
        if len(self.snapshot.learnings) < 2:
            return None
        from .answer_length import know_answers_long

        return know_answers_long(self.folder)

    @cached_property
    def verdict(self) -> Sequence[Notice]:
        """What was learned and what was not, the most important first."""
        return judge(self.snapshot.learnings, self.course, answers_are_long=self.answers_are_long)

    @cached_property
    def unknown(self) -> Sequence[tuple[int, str]]:
        """Number and question of the taught rows that are not known, if knowing matters."""
        if self.answers_are_long:
            return ()
        from .taught_rows import find_unknown_rows

        rows = find_unknown_rows(self.folder, self.snapshot)
        return tuple((row.number, row.question) for row in rows)

    @cached_property
    def course(self) -> LossCourse:
        """How the loss developed."""
        return self.snapshot.course

    @cached_property
    def fault(self) -> str:
        """The code of why the run failed or died, if that is known; else ""."""
        end = self.snapshot.end
        if self.state == "failed" and end is not None and end.notice is not None:
            return end.notice.code
        is_silent = self.state == "died" and bool(self.snapshot.launches)
        return "faults.oom_killed" if is_silent and was_oom_killed(self.snapshot) else ""

    @property
    def fails_again(self) -> bool:
        """Whether neither resuming nor starting over would help."""
        return self.fault in HOPELESS_FAULTS

    @cached_property
    def step(self) -> NextStep | None:
        """What to do next.

        None while it trains, if only its log can tell, and for an archived run.
        """
        if self.folder.is_put_away:
            return None
        return next_step(_facts(self))

    @property
    def command(self) -> str:
        """The command of the step, to be copied; "" if there is no step."""
        if self.step is None:
            return ""
        return at_project(join(["xtgui", *self.step.action.arguments]), self.folder)


def at_project(command: str, folder: RunFolder) -> str:
    """Return a command that works from here: with the project, if that is elsewhere."""
    here, root = Path.cwd().resolve(), folder.root.resolve()
    is_here = root in (here, find_root(here))
    return command if is_here else f"{command} --root {quote(root)}"


# --- the facts -----------------------------------------------------------------------------------


def _facts(outcome: Outcome) -> RunFacts:
    folder, snapshot = outcome.folder, outcome.snapshot
    there, latest = list_checkpoints(folder.work_dir), latest_checkpoint(folder.work_dir)
    has_rest = latest is not None and _has_rest(folder, snapshot, latest.iter)
    settings = _settings(folder)
    lr_now = settings.train.lr if settings else None
    facts = RunFacts(
        state=outcome.state,
        latest=latest.name if latest else "",
        has_rest=has_rest,
        learnings=snapshot.learnings,
        course=outcome.course,
        answers_are_long=outcome.answers_are_long,
        checkpoints=frozenset(checkpoint.iter for checkpoint in there),
        epochs=_epochs(snapshot),
        lr=_trained_rate(snapshot, lr_now),
        lr_now=lr_now,
        fault=outcome.fault,
        find_memory_saver=lambda: _memory_saver(outcome, can_resume=has_rest),
        foreign_config=_foreign_config(folder, snapshot),
    )
    if settings is None:
        return facts
    return replace(
        facts,
        find_usual_lr=lambda: _usual_rate(settings),
        is_xtuners=settings.train.recipe == "xtuner",
        mix_general=settings.data.mix_general or 0,
        find_usual_mix=lambda: _usual_mix(settings, snapshot),
    )


def _settings(folder: RunFolder) -> Settings | None:
    try:
        return read_layers(folder).in_force()
    except XtguiError:
        return None


def _has_rest(folder: RunFolder, snapshot: Snapshot, latest: int) -> bool:
    try:
        restarts = read_restarts(folder.schedule_restarts_file)
    except XtguiError:
        restarts = ()
    total = restarts[-1].end if restarts else snapshot.total
    return total is None or latest < total


def _epochs(snapshot: Snapshot) -> float:
    per_epoch = snapshot.iters_per_epoch
    return snapshot.iteration / per_epoch if per_epoch else snapshot.epoch


def _trained_rate(snapshot: Snapshot, lr_now: float | None) -> float | None:
    """Return the learning rate that was set for the last start.

    The iterations tell its highest value so far. A higher one in the settings has not been reached
    yet; a lower one was set since.
    """
    resumed_at = snapshot.launches[-1].resumed_at if snapshot.launches else 0
    rates = [point.value for point in snapshot.lrs if point.iteration > resumed_at]
    highest = max((rate for rate in rates if math.isfinite(rate) and rate > 0), default=None)
    if highest is None or (lr_now is not None and highest <= NEAR * lr_now):
        return lr_now
    return highest


def _memory_saver(outcome: Outcome, *, can_resume: bool) -> str:
    """Return the change that makes the run fit, as KEY=VALUE; "" if none is known.

    If the run can be resumed, a change that allows that takes precedence.
    """
    from ..ui.estimate_view import typed_changes
    from .memory_savers import find_memory_savers

    found = find_memory_savers(outcome.folder, outcome.snapshot, outcome.fault)
    if found is None:
        return ""
    best = found.best[0]
    for each in found.best if can_resume else ():
        if set(each.changes) == {CHANGES_NOTHING_LEARNED} and (each.fits or not best.fits):
            return typed_changes(each.changes)
    return typed_changes(best.changes)


def _usual_rate(settings: Settings) -> float:
    """Return the learning rate that would be planned for the alpha that is set."""
    from ..planning.recipe import plan_rates
    from .model_shapes import find_shape

    width = None
    if settings.model.path:
        try:
            width = find_shape(settings.model.path)[1].hidden
        except XtguiError:
            width = None
    planned = plan_rates(
        replace(
            settings,
            train=replace(settings.train, lr=None, recipe="planned"),
            lora=replace(settings.lora, lora_alpha=None),
        ),
        width,
        1,
    )
    alpha = settings.lora.lora_alpha
    if alpha is None or not settings.method.trains_adapter:
        return planned.lr
    return planned.lr * planned.lora_alpha / alpha


def _usual_mix(settings: Settings, snapshot: Snapshot) -> int:
    """Return how many general questions could be mixed in; 0 if the base cannot answer any."""
    from ..models.model_folder import check_model
    from ..planning.general_mix import FEWEST, MOST

    try:
        base = check_model(settings.model.path).base if settings.model.path else None
    except XtguiError:
        return 0
    if base is None or not base.has_chat_template:
        return 0
    known = next((each.known for each in snapshot.learnings if each.known), None)
    return min(max(known.total if known else 0, FEWEST), MOST)


def _foreign_config(folder: RunFolder, snapshot: Snapshot) -> str:
    """Return the config that was trained, if it exists and is not the project's own."""
    trained, own = Path(snapshot.config), folder.config_file
    if not snapshot.config or not trained.is_file():
        return ""
    return "" if trained.resolve() == own.resolve() else str(trained)
