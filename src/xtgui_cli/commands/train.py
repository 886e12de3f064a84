"""Step 4: start the training, or go on with it, and follow it."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from ..project import run_place, train_config, train_needs
from ..project.checkpoints import ResumePoint, find_resume_point
from ..project.live_view import watch
from ..runs.run_reader import RunReader
from ..runs.training_process import start_training
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, list_checkpoints, lock_holder
from ..texts import t
from ..ui.console import is_interactive, say


@dataclass(frozen=True)
class _Decision:
    """How a start begins."""

    point: ResumePoint | None = None
    """Where training resumes; None: it begins anew."""
    puts_away: bool = False
    """Whether what the folder holds of a run is moved to runs/ first."""

    @property
    def resume(self) -> Path | None:
        """The checkpoint to resume from."""
        return self.point.checkpoint.path if self.point else None

    @property
    def run_id(self) -> str:
        """The id of the run that is resumed, or a new one, which begins with the time."""
        known = self.point.run_id if self.point else None
        return known or f"{time.strftime('%Y%m%d_%H%M%S')}_{uuid.uuid4().hex[:6]}"


def run(
    root: Path,
    config: Path | None,
    resume: str | None,
    fresh: bool,
    detach: bool,
    sets: list[str],
    plain: bool,
    yes: bool,
    checks_disk: bool = True,
) -> Exit:
    """Train the config of *root* in its work_dir, and follow it unless *detach*.

    Args — config: a config from elsewhere: it is trained from where it lies, not copied, and not
    changed; all that the run makes goes to the work_dir of *root* all the same. resume: a
    checkpoint's name, "" the latest, None: do not resume. fresh: put an old run away first.
    checks_disk: whether a disk that cannot hold the checkpoints stops the start.
    Gives 0 finished or left running, 1 failed, 130 stopped.
    Raises — XtguiError for all that is wrong before the engine starts.
    """
    from ..project.engine_environment import find_engine

    folder = RunFolder(root.absolute())
    config = config.absolute() if config is not None else None
    _require_free(folder)
    decision = _decide(folder, resume, fresh, may_ask=is_interactive() and not yes)
    if decision is None:
        return Exit.DONE
    if sets:
        train_config.change_settings(folder, config, sets, is_resume=decision.resume is not None)
    config = train_config.require_config(folder, config)
    python = find_engine()
    run_place.require_place(folder)
    train_config.fit_to_machine(folder, config)
    may_ask = is_interactive() and not yes
    if not train_needs.are_met(folder, config, decision.resume, checks_disk, may_ask):
        return Exit.DONE
    if decision.puts_away:
        put_away = run_place.put_old_run_away(folder, config)
        say("train.put_away", path=put_away)
    process = start_training(python, folder, config, run_id=decision.run_id, resume=decision.resume)
    if detach:
        say("train.started", pid=process.pid)
        say("train.left_running.hint")
        return Exit.DONE
    return watch(RunReader(folder, process), plain=plain, whole=False)


def _require_free(folder: RunFolder) -> None:
    holder = lock_holder(folder.lock_file)
    if holder is not None:
        raise XtguiError("train.already_running", Exit.ANSWERS, pid=holder.pid or "?")


def _decide(folder: RunFolder, resume: str | None, fresh: bool, may_ask: bool) -> _Decision | None:
    """Choose how to begin; None: not at all, and the reason has been said."""
    if resume is not None:
        return _resume(find_resume_point(folder, resume))
    there = list_checkpoints(folder.work_dir)
    if fresh:
        return _Decision(puts_away=bool(there) or folder.events_file.exists())
    if not there:
        return _Decision()
    latest = find_resume_point(folder)
    if not may_ask:
        raise XtguiError("train.checkpoints_there", Exit.ANSWERS, latest=latest.checkpoint.name)
    chosen = _ask(latest)
    if chosen == "resume":
        return _resume(latest)
    return _Decision(puts_away=True) if chosen == "put_away" else None


def _resume(point: ResumePoint) -> _Decision | None:
    if point.is_at_the_end:
        say("train.nothing_left", name=point.checkpoint.name)
        say("train.nothing_left.hint")
        return None
    return _Decision(point)


def _ask(latest: ResumePoint) -> str:
    from ..ui import ask

    name = latest.checkpoint.name
    choices = [
        ("put_away", t("train.choice.put_away")),
        ("cancel", t("train.choice.cancel")),
    ]
    if not latest.is_at_the_end:
        choices.insert(0, ("resume", t("train.choice.resume", name=name)))
    question = t("train.old_run_done" if latest.is_at_the_end else "train.old_run", name=name)
    return ask.select(question, choices, choices[0][0], name="old_run")
