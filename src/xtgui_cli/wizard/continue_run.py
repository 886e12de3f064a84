"""Steps 4 to 6 in the session that wrote the config: asks what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, list_checkpoints, lock_holder, old_runs
from ..texts import t
from ..ui import ask
from ..ui.console import in_words, say, show_error

if TYPE_CHECKING:
    from ..commands.train import TrainRequest
    from ..project.outcome import Outcome
    from ..runs.step_actions import NextStep

STEP, LEAVE = "step", "leave"
"""The entry for the next step, and the one that ends the session."""


def go_on(folder: RunFolder) -> Exit:
    """Train, then offer the next step, results, conversion and chat.

    Returns:
        The exit code of the last training.
    """
    from ..commands import train

    install_engine_if_wanted(model_of(folder))
    request: TrainRequest | None = train.TrainRequest(root=folder.root, says_next=False)
    code = Exit.DONE
    while request is not None:
        code = train.run(request)
        request = _ask_what_next(folder) if lock_holder(folder.lock_file) is None else None
    return code


def install_engine_if_wanted(model: Path | None) -> None:
    """Offer to install the engine that a model needs, if it is missing.

    Raises:
        EngineMissingError: If the user does not install it now.
    """
    from ..models.model_family import stack_of_folder
    from ..project.engine_install import engine_or_install

    stack = "modern" if model is None else stack_of_folder(model)
    engine_or_install(stack, may_ask=True)


def model_of(folder: RunFolder) -> Path | None:
    """Return the model in a project's config."""
    from ..project.conversion import read_run_config

    return read_run_config(folder).base


def _ask_what_next(folder: RunFolder) -> TrainRequest | None:
    """Ask what to do next until the user leaves; explain a failure and ask again.

    Returns:
        The training to start next; None if the user leaves.
    """
    outcome = _outcome(folder)
    choices = _choices(folder, outcome.step)
    if outcome.step is not None:
        say("next_step.next", reason=in_words(outcome.step.reason))
    left = [name for name, _ in choices]
    while len(choices) > 1:
        chosen = ask.select(t("wizard.what_next"), choices, left[0], name="next", echo="none")
        if chosen == LEAVE:
            return None
        if chosen in left:
            left = left[left.index(chosen) + 1 :]
        try:
            request = _do(chosen, outcome)
        except XtguiError as error:
            show_error(error)
            continue
        if request is not None:
            return request
    return None


def _outcome(folder: RunFolder) -> Outcome:
    from ..project.outcome import Outcome
    from ..runs.run_reader import RunReader

    run = RunReader(folder)
    run.update()
    return Outcome(folder, run.snapshot(), run.state)


def _choices(folder: RunFolder, step: NextStep | None) -> list[tuple[str, str]]:
    """Return what can be done: the next step first, leaving last."""
    has_saved = bool(list_checkpoints(folder.work_dir))
    names = ["results", "convert", "chat"] if has_saved else []
    names += ["runs"] if old_runs(folder) else []
    choices = [(name, t(f"wizard.next_{name}")) for name in names]
    if step is not None:
        from ..runs.step_actions import Chat

        name = "chat" if isinstance(step.action, Chat) else STEP
        effect = t(f"next_step.do_{step.code}", **step.data)
        others = [choice for choice in choices if choice[0] != name]
        choices = [(name, t("next_step.entry", effect=effect)), *others]
    return [*choices, (LEAVE, t("wizard.leave_now"))]


def _do(chosen: str, outcome: Outcome) -> TrainRequest | None:
    """Do what was chosen; a training is returned, for the caller to start."""
    folder = outcome.folder
    if chosen == STEP and outcome.step is not None:
        return _do_step(outcome.step, folder)
    if chosen == "results":
        from ..commands import results

        results.run(results.ResultsRequest(root=folder.root, says_next=False))
    elif chosen == "runs":
        from ..commands import runs

        latest = old_runs(folder)[-1].root.name
        runs.run(runs.RunsRequest(root=folder.root, names=(latest,)))
    elif chosen == "convert":
        from ..commands import convert

        convert.run(convert.ConvertRequest(root=folder.root))
    else:
        from ..commands import chat

        chat.run(chat.ChatRequest(root=folder.root, mode="compare"))
    return None


def _do_step(step: NextStep, folder: RunFolder) -> TrainRequest | None:
    from ..commands import convert, estimate, train
    from ..runs.step_actions import Convert, Estimate, Train

    if isinstance(step.action, Convert):
        name = step.action.checkpoint
        convert.run(convert.ConvertRequest(root=folder.root, checkpoint=name))
    if isinstance(step.action, Estimate):
        estimate.run(estimate.EstimateRequest(root=folder.root))
    if not isinstance(step.action, Train):
        return None
    if step.code == "wordings" and not _has_more_wordings(folder):
        return None
    return train.TrainRequest(
        root=folder.root,
        resume="" if step.action.is_resume else None,
        more=step.action.more,
        fresh=step.action.is_fresh,
        sets=step.action.sets,
        says_next=False,
    )


def _has_more_wordings(folder: RunFolder) -> bool:
    """Show a row in several wordings, and wait until the user has added such rows to the data."""
    from ..project.taught_rows import find_wordings
    from ..ui.next_step_view import show_wordings

    wordings = find_wordings(folder)
    if wordings is None:
        return True
    show_wordings(wordings)
    before = wordings.file.stat()
    name = wordings.file.name
    if not ask.confirm(t("next_step.wordings_added", file=name), default=True, name="wordings"):
        return False
    now = wordings.file.stat()
    if (now.st_mtime_ns, now.st_size) == (before.st_mtime_ns, before.st_size):
        say("next_step.wordings_unchanged", file=name)
        return False
    return True
