"""Step 4: starts a training or resumes it, and follows it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..project import preflight, settings_file, train_config, trust
from ..project.checked_run import count_run
from ..project.checkpoints import ResumePoint, find_resume_point
from ..project.code_consent import require_code_consent
from ..project.conversion import read_run_config
from ..project.further_epochs import FurtherEpochs, find_further_epochs, write_further_epochs
from ..project.intact_checkpoint import find_intact
from ..project.live_view import say_how_to_see_again, watch
from ..project.run_engine import engine_of_config, engine_of_run
from ..project.run_origin import RunChanges, find_changes, read_origin, remember
from ..project.stop_order import StopOrder
from ..project.written_config import read_layers
from ..runs.copied_command import quote
from ..runs.engine_session import BrokenCheckpointError, EngineSession
from ..runs.run_reader import RunReader
from ..runs.training_process import start_training
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.run_folder import Checkpoint, RunFolder, list_checkpoints, require_free, resume_at
from ..texts import t
from ..ui.console import in_words, is_interactive, say, talk
from ..ui.offer_checkpoint import offer_intact
from ..ui.panels import show_notes
from ..ui.phases import show_progress

if TYPE_CHECKING:
    from ..project.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class TrainRequest:
    """What to train, and how to start."""

    root: Path
    """The project's folder."""
    config: Path | None = None
    """Somebody else's config, trained in place and not changed; None: the project's."""
    resume: str | None = None
    """The checkpoint to resume; "": the latest one; None: do not resume."""
    more: int | None = None
    """Further epochs to train from the latest checkpoint, at least 1; None: as planned."""
    fresh: bool = False
    """Archive an old run first."""
    detach: bool = False
    """Leave the training running and return at once."""
    sets: Sequence[str] = ()
    """KEY=VALUE settings to change in the config first."""
    plain: bool = False
    """Print lines instead of the live screen."""
    yes: bool = False
    """Ask no questions."""
    accepts_changes: bool = False
    """Train what is there now, even if the run began with something else, or something else was
    checked."""
    checks_disk: bool = True
    """Stop if the disk is too small for the checkpoints."""
    says_next: bool = True
    """Say what to do afterwards."""


@dataclass(frozen=True)
class _Decision:
    """How a start begins."""

    point: ResumePoint | None = None
    """Where training resumes; None: it starts from the beginning."""
    puts_away: bool = False
    """Whether what the folder has of a run is archived in runs/ first."""

    @property
    def resume(self) -> Path | None:
        """The checkpoint to resume from."""
        return self.point.checkpoint.path if self.point else None

    @property
    def run_id(self) -> str:
        """The id of the run that is resumed, or a new one, which begins with the time."""
        known = self.point.run_id if self.point else None
        return known or f"{time.strftime('%Y%m%d_%H%M%S')}_{uuid.uuid4().hex[:6]}"


def run(request: TrainRequest) -> Exit:
    """Train in the project's work_dir, and show the progress unless detached.

    Everything the run writes goes to that folder, even with a config from elsewhere.

    Returns:
        0 finished or left running, 1 failed, 130 stopped.

    Raises:
        XtguiError: If anything is wrong before the engine starts.
    """
    folder = RunFolder(request.root.absolute())
    config = request.config.absolute() if request.config is not None else None
    require_free(folder)
    may_ask = is_interactive() and not request.yes
    decision = _decide(folder, request, may_ask=may_ask)
    if decision is None:
        return Exit.DONE
    if decision.point is not None:
        point = _require_intact(folder, decision.point, may_ask=may_ask)
        decision = _Decision(point)
    is_resume = decision.resume is not None
    before = folder.config_file.read_bytes() if folder.config_file.is_file() else None
    if decision.point is not None and not _takes_changes(
        folder, request, decision.point, may_ask=may_ask
    ):
        return Exit.DONE
    if config in (None, folder.config_file):
        _find_further(folder, request, decision)  # refuses before anything is changed
        _require_code_consent(folder, request.sets, may_ask=may_ask)
        train_config.update_config(
            folder, request.sets, is_resume=is_resume, restarts_schedule=request.more is not None
        )
        if request.sets:  # given by the user, even if they let a model run its code
            trust.trust(folder.root)
    elif request.sets:
        raise XtguiError("train.set_elsewhere", Exit.ANSWERS, path=config)
    elif request.more:
        raise XtguiError("train.more_elsewhere", Exit.ANSWERS, path=config)
    config = train_config.require_config(folder, config)
    if config == folder.config_file:
        preflight.require_one_process(folder, config)
    preflight.require_sources(config)
    preflight.require_readable_tests(folder, config)
    further = _find_further(folder, request, decision)
    python = engine_of_config(config, may_ask=may_ask)
    preflight.require_place(folder)
    if not train_config.fit_to_machine(folder, config, may_ask=may_ask, yes=request.yes):
        return Exit.DONE
    if not preflight.has_room(
        folder, config, is_resume=is_resume, checks_disk=request.checks_disk, may_ask=may_ask
    ):
        return Exit.DONE
    if further:
        write_further_epochs(folder, further)
        _tell(further)
    origin = read_origin(folder, config)
    checked = None if request.accepts_changes else count_run(folder, config, origin)
    old = preflight.put_old_run_away(folder, config, before) if decision.puts_away else None
    if old is not None:
        say("train.put_away", path=old)
        say("train.put_away.hint", path=quote(old))
    remember(folder, origin, checked)
    if decision.resume is not None:
        resume_at(folder.work_dir, decision.resume)
    start = partial(
        start_training, python, folder, config, run_id=decision.run_id, resume=decision.resume
    )
    if request.detach:
        say("train.started", pid=start().pid)
        say_how_to_see_again(folder)
        return Exit.DONE
    order = StopOrder(folder)
    with order.heeded():
        return watch(
            RunReader(folder, start()),
            plain=request.plain,
            whole=False,
            says_next=request.says_next,
            order=order,
        )


def _decide(folder: RunFolder, request: TrainRequest, *, may_ask: bool) -> _Decision | None:
    """Choose how to begin; None: not at all, and the reason has been given."""
    if request.resume is not None:
        return _resume(find_resume_point(folder, request.resume))
    if request.more is not None:
        return _Decision(find_resume_point(folder))
    there = list_checkpoints(folder.work_dir)
    if request.fresh:
        return _Decision(puts_away=preflight.holds_run(folder))
    if not there:
        return _Decision()
    latest = find_resume_point(folder)
    if not may_ask:
        raise _checkpoints_there(folder, latest)
    chosen = _ask(latest, ran_out=_ran_out_of_memory(_outcome(folder)))
    if chosen == "resume":
        return _resume(latest)
    return _Decision(puts_away=True) if chosen == "put_away" else None


def _resume(point: ResumePoint) -> _Decision | None:
    if point.is_at_the_end:
        say("train.nothing_left", name=point.checkpoint.name)
        say("train.nothing_left.hint")
        return None
    return _Decision(point)


def _takes_changes(
    folder: RunFolder, request: TrainRequest, point: ResumePoint, *, may_ask: bool
) -> bool:
    """Return whether to resume although something has changed since the run began.

    Raises:
        XtguiError: "train.misfit" if the checkpoint cannot be loaded any more, "train.changed" if
            nobody can be asked.
    """
    config = (request.config or folder.config_file).absolute()
    now = read_origin(folder, config)
    changes = find_changes(folder, config, now, restarts_schedule=request.more is not None)
    if changes is None:
        return True
    name, key = point.checkpoint.name, "train.misfit" if changes.is_misfit else "train.changed"
    accepts = request.accepts_changes and not changes.is_misfit
    can_put_back = may_ask and bool(changes.old_values) and config == folder.config_file.absolute()
    if (changes.is_misfit and not can_put_back) or not (may_ask or accepts):
        raise XtguiError(key, Exit.ANSWERS, changes.notices, name=name)
    say(key, style="yellow", name=name)
    show_notes(talk(), [in_words(notice) for notice in changes.notices], style="yellow")
    if accepts:
        return True
    if not can_put_back:
        return _confirm_changes(name)
    if (chosen := _ask_about_changes(name, changes)) != "put_back":
        return chosen == "resume"
    train_config.put_back(folder, changes.old_values)
    say("resume.put_back_done", keys=", ".join(changes.old_values))
    return _takes_changes(folder, request, point, may_ask=may_ask)


def _confirm_changes(name: str) -> bool:
    from ..ui import ask

    return ask.confirm(t("train.accept_changes", name=name), default=False, name="changes")


def _ask_about_changes(name: str, changes: RunChanges) -> str:
    """Ask whether to resume with the old values, with the present ones, or not at all."""
    from ..ui import ask

    choices = [
        ("put_back", t("resume.put_back", name=name)),
        ("resume", t("resume.as_it_is", name=name)),
        ("cancel", t("train.choice.cancel")),
    ]
    if changes.is_misfit:
        del choices[1]
    return ask.select(t("resume.how"), choices, "cancel", name="changes")


def _require_intact(folder: RunFolder, point: ResumePoint, *, may_ask: bool) -> ResumePoint:
    """Return where training resumes: there, or at an intact checkpoint if that one is broken.

    Raises:
        BrokenCheckpointError: If it is broken, and no intact one is used instead.
    """
    path = point.checkpoint.path
    if path.is_dir():  # DeepSpeed's checkpoints are folders
        return point
    python = engine_of_run(read_run_config(folder), may_ask=may_ask)
    with EngineSession(python, folder.engine_log) as engine:
        try:
            show_progress(engine.request("check_resumable", checkpoint=str(path)))
        except BrokenCheckpointError as error:
            intact = find_intact(engine, folder, path, "resume")
            taken = offer_intact(error, intact, command="resume", may_ask=may_ask)
            return find_resume_point(folder, taken.name)
    return point


def _require_code_consent(folder: RunFolder, sets: Sequence[str], *, may_ask: bool) -> None:
    flags = settings_file.parse_sets(sets)
    settings = replace(read_layers(folder), flags=flags).in_force()
    require_code_consent(settings, flags=flags, may_ask=may_ask)


def _find_further(
    folder: RunFolder, request: TrainRequest, decision: _Decision
) -> FurtherEpochs | None:
    if request.more is None or decision.point is None:
        return None
    return find_further_epochs(folder, decision.point, request.more)


def _tell(further: FurtherEpochs) -> None:
    restart = further.restart
    name = Checkpoint.at(restart.begin, Path()).name
    say("train.more", name=name, epoch=further.max_epochs, end=restart.end)
    code = "train.more_rate_warm" if restart.warmup_iters else "train.more_rate"
    say(code, lr=f"{restart.lr:g}", iterations=restart.warmup_iters)


def _outcome(folder: RunFolder) -> Outcome:
    from ..project.outcome import Outcome

    run = RunReader(folder)
    run.update()
    return Outcome(folder, run.snapshot(), run.state)


def _ran_out_of_memory(outcome: Outcome) -> bool:
    from ..runs.next_step import MEMORY_FAULTS

    return outcome.fault in MEMORY_FAULTS


def _checkpoints_there(folder: RunFolder, latest: ResumePoint) -> XtguiError:
    """Return the error for a start in a folder with a run, with advice for scripts."""
    outcome, hint = _outcome(folder), "train.checkpoints_there.resume"
    if latest.is_at_the_end:
        hint = "train.checkpoints_there.at_the_end"
    elif outcome.fails_again:
        hint = "train.checkpoints_there.fails_again"
    elif _ran_out_of_memory(outcome):
        hint = "train.checkpoints_there.memory"
    error = XtguiError("train.checkpoints_there", Exit.ANSWERS, latest=latest.checkpoint.name)
    error.hint = Notice(hint, {"command": outcome.command})
    return error


def _ask(latest: ResumePoint, *, ran_out: bool) -> str:
    from ..ui import ask

    name = latest.checkpoint.name
    choices = [
        ("put_away", t("train.choice.put_away")),
        ("cancel", t("train.choice.cancel")),
    ]
    if not latest.is_at_the_end:
        choices.insert(0, ("resume", t("train.choice.resume", name=name)))
    question = t("train.old_run_done" if latest.is_at_the_end else "train.old_run", name=name)
    if ran_out:
        say("resume.ran_out_of_memory", style="yellow")
    default = "cancel" if ran_out else choices[0][0]
    return ask.select(question, choices, default, name="old_run")
