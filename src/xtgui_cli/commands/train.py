"""Step 4: start the training, or go on with it, and follow it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..project import checkpoint_to_resume, preflight, run_place, train_config
from ..project.live_view import watch
from ..runs.run_reader import FollowedRun
from ..runs.training_process import start_training
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, list_checkpoints, lock_holder
from ..texts import t
from ..ui.console import is_interactive, say


@dataclass(frozen=True, kw_only=True)
class TrainRequest:
    """What to train, and how to start."""

    root: Path
    """The project's folder."""
    config: Path | None = None
    """A config from elsewhere, trained from where it is and not changed; None: the project's."""
    resume: str | None = None
    """The checkpoint to resume; "": the latest one; None: do not resume."""
    fresh: bool = False
    """Move an old run away first."""
    detach: bool = False
    """Leave the training running and return at once."""
    sets: Sequence[str] = ()
    """KEY=VALUE settings to change in the config first."""
    plain: bool = False
    """Print lines instead of the live screen."""
    yes: bool = False
    """Ask nothing."""
    checks_disk: bool = True
    """Stop where the disk is too small for the checkpoints."""


@dataclass(frozen=True)
class _Decision:
    """How a start begins."""

    resume: Path | None = None
    """The checkpoint to go on from."""
    puts_away: bool = False
    """Whether what the folder holds of a run is moved to runs/ first."""


def run(request: TrainRequest) -> Exit:
    """Train in the project's work_dir, and show the progress unless detached.

    Everything the run makes goes to that folder, also with a config from elsewhere.

    Returns:
        0 finished or left running, 1 failed, 130 stopped.

    Raises:
        XtguiError: If anything is wrong before the engine starts.
    """
    from ..project.engine_environment import find_engine

    folder = RunFolder(request.root.absolute())
    config = request.config.absolute() if request.config is not None else None
    _require_free(folder)
    may_ask = is_interactive() and not request.yes
    decision = _decide(folder, request, may_ask=may_ask)
    if decision is None:
        return Exit.DONE
    is_resume = decision.resume is not None
    if config in (None, folder.config_file):
        train_config.update_config(folder, request.sets, is_resume=is_resume)
    elif request.sets:
        raise XtguiError("train.set_elsewhere", Exit.ANSWERS, path=config)
    config = train_config.require_config(folder, config)
    python = find_engine()
    run_place.require_place(folder)
    train_config.fit_to_machine(folder, config)
    if not preflight.has_room(
        folder, config, is_resume=is_resume, checks_disk=request.checks_disk, may_ask=may_ask
    ):
        return Exit.DONE
    if decision.puts_away:
        put_away = run_place.put_old_run_away(folder, config)
        say("train.put_away", path=put_away)
    run_id = _run_id(folder, decision.resume)
    process = start_training(python, folder, config, run_id, decision.resume)
    if request.detach:
        say("train.started", pid=process.pid)
        say("train.left_running.hint")
        return Exit.DONE
    return watch(FollowedRun(folder, process), request.plain, whole=False)


def _require_free(folder: RunFolder) -> None:
    holder = lock_holder(folder.lock_file)
    if holder is not None:
        raise XtguiError("train.already_running", Exit.ANSWERS, pid=holder.get("pid", "?"))


def _decide(folder: RunFolder, request: TrainRequest, *, may_ask: bool) -> _Decision | None:
    """Choose how to begin; None: not at all, and the reason has been said."""
    if request.resume is not None:
        return _resume(folder, checkpoint_to_resume.find(folder, request.resume))
    there = list_checkpoints(folder.work_dir)
    if request.fresh:
        return _Decision(puts_away=bool(there) or folder.events_file.exists())
    if not there:
        return _Decision()
    if not may_ask:
        raise XtguiError("train.checkpoints_there", Exit.ANSWERS, latest=there[-1].name)
    chosen = _ask(folder, there[-1].path)
    if chosen == "resume":
        return _resume(folder, there[-1].path)
    return _Decision(puts_away=True) if chosen == "put_away" else None


def _resume(folder: RunFolder, checkpoint: Path) -> _Decision | None:
    if checkpoint_to_resume.is_at_the_end(folder, checkpoint):
        say("train.nothing_left", name=checkpoint.name)
        say("train.nothing_left.hint")
        return None
    return _Decision(resume=checkpoint)


def _ask(folder: RunFolder, latest: Path) -> str:
    from ..ui import ask

    choices = [
        ("put_away", t("train.choice.put_away")),
        ("cancel", t("train.choice.cancel")),
    ]
    is_done = checkpoint_to_resume.is_at_the_end(folder, latest)
    if not is_done:
        choices.insert(0, ("resume", t("train.choice.resume", name=latest.name)))
    question = t("train.old_run_done" if is_done else "train.old_run", name=latest.name)
    return ask.select(question, choices, choices[0][0], name="old_run")


def _run_id(folder: RunFolder, resume: Path | None) -> str:
    """Give the id of the run that goes on, or a new one; it begins with the time, to be read."""
    known = checkpoint_to_resume.last_run_id(folder) if resume is not None else None
    return known or f"{time.strftime('%Y%m%d_%H%M%S')}_{uuid.uuid4().hex[:6]}"
