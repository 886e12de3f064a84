"""Steps 4 to 6 in the session in which the config was written: what comes next is asked."""

from __future__ import annotations

from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, list_checkpoints, lock_holder
from ..texts import t
from ..ui import ask
from ..ui.console import show_error


def go_on(folder: RunFolder) -> Exit:
    """Train, then offer results, conversion and chat; the exit code is the training's."""
    from ..commands import train

    install_engine_if_wanted()
    code = train.run(train.TrainRequest(root=folder.root))
    while list_checkpoints(folder.work_dir) and lock_holder(folder.lock_file) is None:
        if not _offer_the_rest(folder):
            break
        code = train.run(train.TrainRequest(root=folder.root, resume=""))
    return code


def install_engine_if_wanted() -> None:
    """Offer to install the engine where there is none.

    Raises:
        EngineMissingError: If none is wanted now.
    """
    from ..project.engine_environment import EngineMissingError, find_engine

    try:
        find_engine()
    except EngineMissingError as error:
        show_error(error)
        if not ask.confirm(t("wizard.install_engine"), default=True, name="install_engine"):
            raise
        from ..commands import setup

        setup.run(setup.SetupRequest(yes=True))


def _offer_the_rest(folder: RunFolder) -> bool:
    """Ask what to see next until the user leaves; a failure is explained and asked on.

    True when the training, which has iterations left, is to go on.
    """
    from ..project.checkpoints import find_resume_point

    latest = find_resume_point(folder)
    choices = [(name, t(f"wizard.next_{name}")) for name in ("results", "convert", "chat")]
    if not latest.is_at_the_end:
        choices.insert(0, ("resume", t("wizard.next_resume", checkpoint=latest.checkpoint.name)))
    pending = [name for name, _ in choices]
    while True:
        chosen = ask.select(
            t("wizard.what_next"),
            [*choices, ("leave", t("wizard.leave_now"))],
            pending[0] if pending else "leave",
            name="next",
            echo="none",
        )
        if chosen in ("leave", "resume"):
            return chosen == "resume"
        if chosen in pending:
            pending = pending[pending.index(chosen) + 1 :]
        try:
            _do(chosen, folder)
        except XtguiError as error:
            show_error(error)


def _do(step: str, folder: RunFolder) -> None:
    if step == "results":
        from ..commands import results

        results.run(results.ResultsRequest(root=folder.root))
    elif step == "convert":
        from ..commands import convert

        convert.run(convert.ConvertRequest(root=folder.root))
    else:
        from ..commands import chat

        chat.run(chat.ChatRequest(root=folder.root, mode="compare"))
