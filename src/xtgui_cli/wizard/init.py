"""`xtgui init`: steps 1 to 3, asked or taken from flags, then written; and on through 4 to 6."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..project import settings_file as answers_step
from ..project import trust
from ..project.settings_file import Answers
from ..shared.disk import free_bytes
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, find_root
from ..texts import requested_language, set_language, t
from ..ui import ask
from ..ui.console import ACCENT, is_interactive, out, say, talk
from ..ui.panels import show_title
from ..ui.units import file_size
from . import model_page as choose_sources
from . import paths_page as paths
from .questions import Question, ask_in_order
from .session import Sitting

if TYPE_CHECKING:
    from ..project.build_run import Prepared


def run(
    root: Path | None,
    answers_file: Path | None,
    sets: list[str],
    yes: bool,
    no_train: bool,
    step: int | None,
    trust_root: bool = False,
) -> Exit:
    """Ask for what is not answered (with *yes* nothing), write the config, offer to train.

    Raises — XtguiError for what is wrong with flags, answers, model or data; then nothing has
    been written that was not answered before.
    """
    if yes and step is not None:
        raise XtguiError("cli.contradiction", Exit.ANSWERS, flags="--yes, --step")
    given = answers_step.merge(_from_file(answers_file), answers_step.parse_sets(sets))
    unset = {key: None for key, value in answers_step.parse_sets(sets).items() if value is None}
    place = paths.given_root(root, given)
    given.pop("paths.root", None)
    changes = given | unset
    if yes:
        return _without_questions(place or _here(), changes, no_train, trust_root)
    return _with_questions(place, changes, no_train, step, trust_root)


def _from_file(answers_file: Path | None) -> Answers:
    if answers_file is None:
        return {}
    if not answers_file.expanduser().is_file():
        raise XtguiError("wizard.answers_missing", Exit.ANSWERS, path=answers_file)
    return answers_step.load(answers_file.expanduser())


def _here() -> Path:
    return find_root(Path.cwd()) or Path.cwd()


# --- from a script ---------------------------------------------------------------------------


def _without_questions(root: Path, changes: Answers, no_train: bool, trust_root: bool) -> Exit:
    from ..planning.machine import look
    from ..project.build_run import prepare
    from .review import show_ready

    folder = RunFolder(root)
    paths.require_no_file(root)
    _require_trust(root, trust_root, may_ask=False)
    saved = answers_step.load(folder.settings_file)
    saved.pop("paths.root", None)
    sitting = Sitting(folder, answers_step.merge(saved, changes), _edits(folder, changes))
    choose_sources.require_sources(sitting.effective())
    changes = changes | _take_in_data(sitting)
    prepared = prepare(sitting.effective(), look())
    paths.prepare_root(root)
    show_ready(sitting, prepared)
    _write(sitting, prepared, changes)
    _say_written(folder)
    if no_train:
        return Exit.DONE
    from ..commands import train

    return train.run(root, None, None, False, False, [], False, True)


def _take_in_data(sitting: Sitting) -> Answers:
    """Convert data of another format into the project; give the answers that follow from it.

    The model is looked at first: where it is wrong, nothing has been written.
    """
    from ..project.build_run import look_at_data, look_at_model
    from ..project.import_data import take_in, template_answers

    given = sitting.effective()
    look_at_model(given["model.path"])
    path = take_in(Path(given["data.path"]), sitting.folder)
    changes: Answers = {} if str(path) == given["data.path"] else {"data.path": str(path)}
    changes |= template_answers(look_at_data(path).is_plain_text, given)
    sitting.answers = answers_step.merge(sitting.answers, changes)
    return changes


# --- with a person ---------------------------------------------------------------------------


def _with_questions(
    place: Path | None, changes: Answers, no_train: bool, step: int | None, trust_root: bool
) -> Exit:
    _ask_language()
    show_title(talk(), t("wizard.welcome"), t("wizard.leave"))
    sitting = _open(place, changes, trust_root)
    try:
        wants_training = _ask_all(sitting, step)
    except KeyboardInterrupt:
        say("wizard.kept", root=sitting.folder.root)
        raise
    if no_train or not wants_training:
        say("wizard.next_train", folder=sitting.folder.root)
        return Exit.DONE
    from .continue_run import go_on

    return go_on(sitting.folder)


def _ask_language() -> None:
    """Ask for the language first where nothing names one: a rented machine's locale is often C."""
    from ..project.user_config import remembered_language, save_user_config

    if not is_interactive() or requested_language(sys.argv[1:], os.environ):
        return
    if remembered_language():
        return
    chosen = ask.select(
        "Language / 语言", [("en", "English"), ("zh", "中文")], "en", name="language"
    )
    save_user_config({"ui.language": chosen})
    set_language(chosen)


def _open(place: Path | None, changes: Answers, trust_root: bool) -> Sitting:
    """Find or make the project's folder and take over what was answered in it before."""
    root = place or find_root(Path.cwd())
    if root is None:
        show_title(talk(), t("wizard.step_1"))
        root = paths.ask_root()
        say("wizard.room", style="dim", free=file_size(free_bytes(root)))
    else:
        paths.prepare_root(root)
        say("wizard.folder", style="dim", path=root, free=file_size(free_bytes(root)))
    _require_trust(root, trust_root, may_ask=True)
    folder = RunFolder(root)
    saved = answers_step.load(folder.settings_file)
    saved.pop("paths.root", None)
    if saved:
        named = (saved.get(key) for key in ("train.method", "model.path", "data.path"))
        facts = " · ".join(Path(str(value)).name for value in named if value)
        say("wizard.going_on", style="dim", facts=facts or folder.settings_file)
    trust.trust(root)
    if changes:
        answers_step.save(folder.settings_file, changes)
    sitting = Sitting(folder, answers_step.merge(saved, changes), _edits(folder, changes))
    choose_sources.look_again(sitting)
    return sitting


def _edits(folder: RunFolder, changes: Answers) -> Answers:
    """Give the hand edits of the config that nothing said now replaces."""
    from ..project.config_writer import hand_edits

    return {key: value for key, value in hand_edits(folder).items() if key not in changes}


def _require_trust(root: Path, trust_root: bool, may_ask: bool) -> None:
    if trust_root:
        trust.trust(root)
    trust.require_trust(root, may_ask=may_ask and is_interactive())


def _ask_all(sitting: Sitting, step: int | None) -> bool:
    """Ask steps 1 to 3, show what is ready, write it; whether training is wanted next."""
    from . import parameters_page as parameters
    from .review import ask_ready, change_one, count_or_change, show_ready

    if step == 1:
        _ask_again(paths.questions(), sitting)
    show_title(talk(), t("wizard.step_2"))
    _ask_sources(sitting, again=step == 2)
    prepared = count_or_change(sitting)
    has_seen_parameters = sitting.folder.config_file.exists() and step != 3
    while True:
        try:
            if not has_seen_parameters:
                show_title(talk(), t("wizard.step_3"))
                prepared = parameters.ask_parameters(sitting, prepared)
                has_seen_parameters = True
        except ask.GoBack:
            _ask_sources(sitting, from_last=True)
            prepared = count_or_change(sitting)
            continue
        show_ready(sitting, prepared)
        try:
            choice = ask_ready()
        except ask.GoBack:
            has_seen_parameters = False
            continue
        if choice == "change":
            prepared = change_one(sitting, prepared)
        elif choice == "show":
            out().print(prepared.config_text)
        else:
            _write(sitting, prepared, {})
            _say_written(sitting.folder)
            return choice == "train"


def _ask_sources(sitting: Sitting, again: bool = False, from_last: bool = False) -> None:
    while True:
        try:
            ask_in_order(choose_sources.questions(), sitting, again, from_last)
        except ask.GoBack:
            say("wizard.nothing_before", style="dim", path=sitting.folder.root)
            again, from_last = True, False
        else:
            return


def _ask_again(questions: list[Question], sitting: Sitting) -> None:
    try:
        ask_in_order(questions, sitting, again=True)
    except ask.GoBack:
        return


# --- writing ---------------------------------------------------------------------------------


def _write(sitting: Sitting, prepared: Prepared, changes: Answers) -> None:
    """Write answers and config: the config first, so that no answers claim what is not there."""
    from ..project.config_writer import write_config

    write_config(prepared, sitting.folder)
    if changes:
        answers_step.save(sitting.folder.settings_file, changes)
    trust.trust(sitting.folder.root)


def _say_written(folder: RunFolder) -> None:
    say("wizard.written", style=ACCENT, path=folder.config_file)
