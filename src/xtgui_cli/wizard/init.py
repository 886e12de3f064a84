"""`xtgui init`: steps 1 to 3, asked or taken from flags, then written; and on through 4 to 6."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..project import settings_file, trust
from ..project.nearest_project import enter_command, find_project, remember_project
from ..project.written_config import adopt_config, read_layers
from ..settings.layers import Layer, Layers
from ..settings.table import Value
from ..shared.disk import free_bytes
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, find_root, require_free
from ..texts import requested_language, set_language, t
from ..ui import ask
from ..ui.console import ACCENT, is_interactive, say, show_paged, talk
from ..ui.panels import show_title
from ..ui.units import file_size
from . import model_page, paths_page
from .questions import Question, ask_in_order
from .session import Session

if TYPE_CHECKING:
    from ..project.build_run import BuiltRun
    from .review import Choice


@dataclass(frozen=True, kw_only=True)
class InitRequest:
    """Which project to set up, and which answers are known."""

    root: Path | None = None
    """The project's folder; None: the nearest one upwards, or the one that the user names."""
    answers_file: Path | None = None
    """A file like xtgui.toml, whose answers override the project's."""
    sets: Sequence[str] = ()
    """KEY=VALUE settings that override both."""
    yes: bool = False
    """Ask no questions."""
    no_train: bool = False
    """End once the config is written."""
    step: int | None = None
    """The step, 1 to 3, whose questions are asked again."""
    trust: bool = False
    """Trust the folder's files from now on."""


def run(request: InitRequest) -> Exit:
    """Ask for missing answers (nothing with *yes*), write the config, offer to train.

    Raises:
        XtguiError: If flags, answers, model or data are wrong; then nothing has been written that
            was not answered before.
    """
    if request.yes and request.step is not None:
        raise XtguiError("cli.contradiction", Exit.ANSWERS, flags="--yes, --step")
    answers = _read_answers(request.answers_file)
    flags = settings_file.parse_sets(request.sets)
    root = paths_page.given_root(request.root, {**answers, **flags})
    said = Layers(answers=_without_root(answers), flags=_without_root(flags))
    if request.yes:
        here = root or _find_above(trust_root=request.trust) or Path.cwd()
        return _without_questions(here, said, request)
    ask.require_person(t("settings.model.path"))
    return _with_questions(root, said, request)


def _find_above(*, trust_root: bool) -> Path | None:
    return find_project(Path.cwd(), is_above=True, of_anyone=trust_root)


def _read_answers(file: Path | None) -> Layer:
    if file is None:
        return {}
    if not file.expanduser().is_file():
        raise XtguiError("wizard.answers_missing", Exit.ANSWERS, path=file)
    return settings_file.load(file.expanduser())


def _without_root(layer: Layer) -> dict[str, Value]:
    return {key: value for key, value in layer.items() if key != "paths.root"}


# --- from a script ---------------------------------------------------------------------------


def _without_questions(root: Path, said: Layers, request: InitRequest) -> Exit:
    from ..planning import machine
    from ..project.build_run import build_run
    from ..project.code_consent import require_code_consent
    from ..project.settled_run import settle_run
    from .review import show_review

    folder = RunFolder(root)
    paths_page.require_utf8(root)
    paths_page.require_no_file(root)
    settings_file.require_savable({**said.answers, **said.flags})
    require_free(folder)
    _require_trust(root, trust_root=request.trust, may_ask=False)
    known = adopt_config(folder, read_layers(folder))
    layers = replace(known, answers=said.answers, flags=said.flags)
    session = Session(folder, layers)
    _import_data(session)
    require_code_consent(session.settings, flags=said.flags, may_ask=False)
    here = machine.detect()
    build_run(session.settings, here, session.sources, expects_answers=True)
    paths_page.prepare_root(root)  # only now that nothing is wrong
    built = settle_run(session.settings, here, session.sources)
    show_review(session, built)
    _write(session, built)
    taken_over = {} if folder.settings_file.exists() else known.saved
    answered = {**taken_over, **said.answers, **session.layers.flags}
    settings_file.save(folder.settings_file, answered)
    trust.trust(root)
    if request.no_train:
        return Exit.DONE
    from ..commands import train

    return train.run(train.TrainRequest(root=root, yes=True))


def _import_data(session: Session) -> None:
    """Convert data of another format into the project, and set what follows from it.

    Model and test questions are checked first: if they are wrong, nothing has been written.
    """
    from ..project.build_run import require_paths
    from ..project.import_data import take_in, template_for
    from ..project.test_questions import require_tests

    model_path, data_path = require_paths(session.settings)
    session.sources.model(model_path)
    require_tests(session.settings)
    path = take_in(Path(data_path), session.folder)
    changes: dict[str, Value] = {} if str(path) == data_path else {"data.path": str(path)}
    is_plain_text = session.sources.data(path).is_plain_text
    changes |= template_for(session.settings, is_plain_text=is_plain_text)
    flags = {**session.layers.flags, **changes}
    session.layers = replace(session.layers, flags=flags)


# --- with a person ---------------------------------------------------------------------------


def _with_questions(root: Path | None, said: Layers, request: InitRequest) -> Exit:
    _ask_language()
    show_title(talk(), t("wizard.welcome"), t("wizard.leave"))
    session = _open(root, {**said.answers, **said.flags}, trust_root=request.trust)
    try:
        wants_training = _ask_all(session, request.step)
    except KeyboardInterrupt:
        say("wizard.kept", command=_command("xtgui init", session.folder))
        raise
    if request.no_train or not wants_training:
        say("wizard.next_train", command=_command("xtgui train", session.folder))
        return Exit.DONE
    from .continue_run import go_on

    return go_on(session.folder)


def _command(command: str, folder: RunFolder) -> str:
    here = Path.cwd().resolve()
    is_here = find_root(here) == folder.root.resolve()
    return command if is_here else f"{enter_command(folder.root)} && {command}"


def _ask_language() -> None:
    """Ask for the language first if nothing names one: a rented machine's locale is often C."""
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


def _open(root: Path | None, changes: Layer, *, trust_root: bool) -> Session:
    """Find or create the project's folder and read its earlier answers."""
    root = root or _find_above(trust_root=trust_root)
    if root is not None:
        require_free(RunFolder(root))
    if root is None:
        show_title(talk(), t("wizard.step_1"))
        root = paths_page.ask_root()
        say("wizard.room", style="dim", free=file_size(free_bytes(root)))
    else:
        paths_page.prepare_root(root)
        say("wizard.folder", style="dim", path=root, free=file_size(free_bytes(root)))
    _require_trust(root, trust_root=trust_root, may_ask=True)
    folder = RunFolder(root)
    saved = settings_file.load(folder.settings_file)
    if _without_root(saved):
        named = (saved.get(key) for key in ("train.method", "model.path", "data.path"))
        facts = " · ".join(Path(str(value)).name for value in named if value)
        say("wizard.going_on", style="dim", facts=facts or folder.settings_file)
    trust.trust(root)
    remember_project(root)
    session = Session(folder, _take_over(folder, read_layers(folder)))
    for key, value in changes.items():
        session.record(key, value)
    model_page.check_again(session)
    return session


def _take_over(folder: RunFolder, layers: Layers) -> Layers:
    """Adopt a config's settings as answers if xtgui has not been here before, and say so."""
    adopted = adopt_config(folder, layers)
    if adopted is not layers:
        settings_file.save(folder.settings_file, adopted.saved)
        names = ", ".join(t(f"settings.{key}") for key in adopted.saved)
        say("wizard.taken_over", style="dim", file=folder.config_file.name, names=names)
    return adopted


def _require_trust(root: Path, *, trust_root: bool, may_ask: bool) -> None:
    if trust_root:
        trust.trust(root)
    trust.require_trust(root, may_ask=may_ask and is_interactive())


def _ask_all(session: Session, step: int | None) -> bool:
    """Ask steps 1 to 3, show the review, write; return whether training is next."""
    from ..project.training_rows import place
    from . import parameters_page
    from .review import ask_what_now, change_one, count_or_change, show_review

    if step == 1:
        _ask_again(paths_page.questions(), session)
    show_title(talk(), t("wizard.step_2"))
    _ask_sources(session, again=step == 2)
    built = count_or_change(session)
    has_seen_parameters = session.folder.config_file.exists() and step != 3
    while True:
        try:
            if not has_seen_parameters:
                show_title(talk(), t("wizard.step_3"))
                built = parameters_page.ask_parameters(session, built)
                has_seen_parameters = True
        except ask.GoBack:
            _ask_sources(session, from_last=True)
            built = count_or_change(session)
            continue
        show_review(session, built)
        try:
            choice = ask_what_now()
        except ask.GoBack:
            has_seen_parameters = False
            continue
        if choice == "change":
            built = change_one(session, built)
        elif choice == "show":
            show_paged(place(built, session.folder).config_text)
        else:
            _write(session, _settle(session, built, choice))
            return choice == "train"


def _ask_sources(session: Session, *, again: bool = False, from_last: bool = False) -> None:
    while True:
        try:
            ask_in_order(model_page.questions(), session, again=again, from_last=from_last)
        except ask.GoBack:
            say("wizard.nothing_before", style="dim", path=session.folder.root)
            again, from_last = True, False
        else:
            return


def _ask_again(questions: list[Question], session: Session) -> None:
    try:
        ask_in_order(questions, session, again=True)
    except ask.GoBack:
        return


def _settle(session: Session, built: BuiltRun, choice: Choice) -> BuiltRun:
    """Have the base model answer mixed-in questions; say what follows if the plan changes."""
    if built.rows.missing is None:
        return built
    from ..planning import machine
    from ..project.engine_environment import EngineMissingError
    from ..project.settled_run import settle_run
    from .continue_run import install_engine_if_wanted
    from .review import counts_of

    if choice == "train":
        with contextlib.suppress(EngineMissingError):
            install_engine_if_wanted(built.model.path)
    settled = settle_run(session.settings, machine.detect(), session.sources)
    if settled.plan.total_iters != built.plan.total_iters:
        say("general.replanned", style="dim", **counts_of(settled.plan))
    return settled


def _write(session: Session, built: BuiltRun) -> None:
    """Write the config, then xtgui.toml, so that this never claims what is not there."""
    from ..project.config_writer import write_config

    require_free(session.folder)  # a run may have been started since the questions began
    write_config(built, session.folder)
    trust.trust(session.folder.root)
    remember_project(session.folder.root)
    say("wizard.written", style=ACCENT, path=session.folder.config_file)
