"""Bare `xtgui`: where this folder stands in the six steps, and the next command.

It must respond at once: only small files are read, and only the ends of the events file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..project.nearest_project import enter_command, find_project, recent_projects
from ..runs.copied_command import join
from ..runs.step_actions import Chat, NextStep, Train
from ..shared.config_file import UnreadableConfigError
from ..shared.disk import free_bytes
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.run_folder import RunFolder, old_runs
from ..texts import t
from ..ui.json_output import print_json
from ..ui.units import file_size

if TYPE_CHECKING:
    from ..project.outcome import Outcome
    from ..runs.quick_status import Glance
    from ..runs.snapshot import Snapshot
    from ..settings.table import Settings


@dataclass(frozen=True)
class Advice:
    """A useful command."""

    command: str
    effect: Notice
    """What it does."""


@dataclass(frozen=True, kw_only=True)
class OverviewRequest:
    """Which folder to show."""

    root: Path | None = None
    """The project's folder; None: the one found from here, or none at all."""
    as_json: bool = False
    """Print one JSON object."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The state of a project's folder."""

    folder: RunFolder
    settings: Settings
    """The settings in force; the defaults if its files have faults."""
    faults: int
    """Number of faults in xtgui.toml, or in the values of the config."""
    broken_config: Notice | None
    """Why the config cannot be read."""
    missing: tuple[str, ...]
    """Keys that are still to be answered."""
    gone: tuple[str, ...]
    """Paths that no longer exist: the model's, and the data's if it is still to be trained."""
    has_config: bool
    run: Glance
    converted: tuple[str, ...]
    """Names of the folders made from checkpoints."""
    outcome: Outcome | None = None
    """The outcome of the run; None if there was none, or it is training."""

    @property
    def step(self) -> NextStep | None:
        """The next step after the run."""
        return self.outcome.step if self.outcome else None


def run(request: OverviewRequest) -> Exit:
    """Show where a folder stands; without a project how to begin.

    Raises:
        XtguiError: "cli.root_missing" if the folder does not exist.
    """
    root = request.root
    if root is None:
        root = find_project(Path.cwd())
    if root is not None and not root.is_dir():
        raise XtguiError("cli.root_missing", Exit.ANSWERS, path=root)
    standing = None if root is None else read_standing(RunFolder(root.resolve()))
    if request.as_json:
        content = {"root": None} if standing is None else to_json(standing)
        print_json(content)
    else:
        _show(standing)
    return Exit.DONE


def read_standing(folder: RunFolder) -> Standing:
    """Return the state of a folder. Faults of its files are counted, not raised."""
    # imported here, because none of it is needed without a project
    from ..project import settings_file
    from ..project.written_config import read_layers
    from ..runs.quick_status import glance
    from ..settings.layers import Layers

    settings, faults, broken_config = Layers().in_force(), 0, None
    try:
        settings = read_layers(folder).in_force()
    except UnreadableConfigError as error:
        settings = Layers(saved=settings_file.load(folder.settings_file)).in_force()
        broken_config = error.notice
    except XtguiError as error:
        faults = max(len(error.problems), 1)
    paths = {"model.path": settings.model.path, "data.path": settings.data.path}
    has_config = folder.config_file.is_file()
    run, snapshot = glance(folder)
    is_from_elsewhere = has_config and not folder.settings_file.exists()
    missing = [key for key, path in paths.items() if not path]
    return Standing(
        folder=folder,
        settings=settings,
        faults=faults,
        broken_config=broken_config,
        missing=() if is_from_elsewhere or faults or broken_config else tuple(missing),
        gone=_gone(run, *paths.values()),
        has_config=has_config,
        run=run,
        converted=_converted(folder.work_dir),
        outcome=_outcome(folder, run, snapshot),
    )


def _gone(run: Glance, model: str | None, data: str | None) -> tuple[str, ...]:
    """Return the missing sources that are still needed; a name on a hub is not a path."""
    needs_data = run.state not in ("running", "finished", "other")
    paths = [Path(path) for path in (model, data if needs_data else None) if path]
    return tuple(str(path) for path in paths if path.is_absolute() and not path.exists())


def _outcome(folder: RunFolder, run: Glance, snapshot: Snapshot) -> Outcome | None:
    if run.state == "none" or run.state == "running":
        return None
    from ..project.outcome import Outcome

    return Outcome(folder, snapshot, "finished" if run.state == "other" else run.state)


def _converted(work_dir: Path) -> tuple[str, ...]:
    if not work_dir.is_dir():
        return ()
    names = (path.name for path in work_dir.iterdir() if path.name.startswith("xtuner_"))
    return tuple(sorted(name for name in names if name.endswith(("_hf", "_merge"))))


def advise(standing: Standing) -> list[Advice]:
    """Return the command to run next, first, and others that make sense now."""
    from ..project.outcome import at_project

    old = len(old_runs(standing.folder))
    runs = [_advice("xtgui runs", "wizard.do_runs", count=old)] if old else []
    return [
        replace(advice, command=at_project(advice.command, standing.folder))
        for advice in (*_advise(standing), *runs)
    ]


def _advise(standing: Standing) -> list[Advice]:
    run = standing.run
    results = _advice("xtgui results", "wizard.do_results")
    chat = _advice("xtgui chat --compare", "wizard.do_chat")
    if run.state == "running":
        return [
            _advice("xtgui attach", "wizard.do_attach"),
            _advice("xtgui stop", "wizard.do_stop"),
        ]
    if standing.folder.is_put_away:
        return [
            results,
            chat,
            _advice("xtgui convert", "wizard.do_convert", checkpoint=run.checkpoint),
        ]
    if standing.faults:
        return [_advice("xtgui init", "wizard.do_mend")]
    if standing.broken_config is not None:
        return [_advice("xtgui train", "wizard.do_see_config")]
    if standing.gone:
        return [
            _advice("xtgui init --step 2", "wizard.do_find"),
            *([results] if run.checkpoint else []),
        ]
    if standing.missing or not standing.has_config:
        return [_advice("xtgui init", "wizard.do_init")]
    why = [_advice("xtgui logs", "wizard.do_logs")] if run.state in ("failed", "died") else []
    step = standing.step
    if standing.outcome is not None and standing.outcome.fails_again:
        return why
    if step is None:
        return [_advice("xtgui train", "wizard.do_train"), *why]
    action = join(["xtgui", *step.action.arguments])
    first = Advice(action, Notice(f"next_step.do_{step.code}", step.data))
    others = [*why, *([results] if run.checkpoint else [])]
    if run.checkpoint and run.state in ("finished", "other"):
        convert = _advice("xtgui convert", "wizard.do_convert", checkpoint=run.checkpoint)
        others += [] if standing.converted else [convert]
        others += [chat] if not isinstance(step.action, Chat) else []
    return [first, *others]


def _enter(root: Path) -> Advice:
    return Advice(enter_command(root), Notice("wizard.do_enter", {"name": root.name}))


def _advice(command: str, effect: str, **data: Any) -> Advice:
    return Advice(command, Notice(effect, data))


def to_json(standing: Standing) -> dict[str, Any]:
    """Return the standing as data, with the useful commands."""
    from ..settings.layers import given
    from ..settings.table import SETTINGS

    return {
        "root": str(standing.folder.root),
        "answers": given(standing.settings),
        "settings": {
            setting.key: {
                "value": standing.settings.value(setting),
                "origin": standing.settings.origin(setting).name.lower(),
            }
            for setting in SETTINGS
        },
        "missing": list(standing.missing),
        "gone": list(standing.gone),
        "faults": standing.faults,
        "config": str(standing.folder.config_file) if standing.has_config else None,
        "run": asdict(standing.run),
        "converted": list(standing.converted),
        "next": [one.command for one in advise(standing)],
    }


# --- in words --------------------------------------------------------------------------------


def _show(standing: Standing | None) -> None:
    from ..ui.console import in_words
    from ..ui.overview_view import Stage, show_nothing, show_standing

    start = [_advice("xtgui init", "wizard.start_init"), _advice("xtgui demo", "wizard.start_demo")]
    if standing is None:
        start = [*map(_enter, recent_projects()[:3]), *start]
    commands = [
        (one.command, in_words(one.effect)) for one in (advise(standing) if standing else start)
    ]
    if standing is None:
        show_nothing(commands)
        return
    facts, marks = _facts(standing), _marks(standing)
    stages = [Stage(marks[name], t(f"wizard.stage_{name}"), facts[name]) for name in facts]
    model = standing.settings.model.path
    show_standing(standing.folder.root.name, Path(model).name if model else "", stages, commands)


def _marks(standing: Standing) -> dict[str, Any]:
    """Mark each step as done, to do now, or later; the first that is not done is now."""
    is_done = standing.run.state in ("finished", "other")
    is_trained = is_done and not (standing.step and isinstance(standing.step.action, Train))
    done = {
        "paths": True,
        "sources": not (standing.missing or standing.gone or standing.faults),
        "parameters": standing.has_config and standing.broken_config is None,
        "train": is_trained,
        "results": is_trained and standing.run.checkpoint is not None,
        "convert": bool(standing.converted),
    }
    first = next((name for name, is_done in done.items() if not is_done), None)
    return {
        name: "done" if is_done else "now" if name == first else "later"
        for name, is_done in done.items()
    }


def _facts(standing: Standing) -> dict[str, str]:
    return {
        "paths": _path_fact(standing.folder.root),
        "sources": _source_fact(standing),
        "parameters": _parameter_fact(standing),
        "train": _run_fact(standing.run),
        "results": t("wizard.answers_at", count=standing.run.answered)
        if standing.run.answered
        else "",
        "convert": " · ".join(standing.converted),
    }


def _path_fact(root: Path) -> str:
    home = Path.home()
    shown = f"~/{root.relative_to(home)}" if root.is_relative_to(home) and root != home else root
    return t("wizard.free", path=shown, free=file_size(free_bytes(root)))


def _source_fact(standing: Standing) -> str:
    if standing.faults:
        return t("wizard.unreadable_answers", count=standing.faults)
    if standing.missing:
        return t("wizard.missing", names=", ".join(standing.missing))
    if standing.gone:
        return t("wizard.gone", paths=", ".join(standing.gone))
    settings = standing.settings
    names = [Path(path).name for path in (settings.model.path, settings.data.path) if path]
    return " · ".join([settings.train.method, *names]) if names else ""


def _parameter_fact(standing: Standing) -> str:
    if standing.broken_config is not None:
        return t("wizard.broken_config")
    if not standing.has_config:
        return ""
    train = standing.settings.train
    facts = [f"lr {train.lr:g}"] if train.lr is not None and not standing.faults else []
    facts += [t("wizard.epochs", count=train.max_epochs)] if train.max_epochs else []
    facts += [t("wizard.iterations", count=standing.run.total)] if standing.run.total else []
    return " · ".join([*facts, str(standing.folder.config_file.relative_to(standing.folder.root))])


def _run_fact(run: Glance) -> str:
    if run.state == "none":
        return ""
    if run.state == "running" and run.total is None:
        return t("wizard.run_starting")
    return t(
        f"wizard.run_{run.state}",
        checkpoint=run.checkpoint or t("wizard.no_checkpoint"),
        done=run.iteration,
        total=run.total if run.total is not None else "?",
        left=(run.total or 0) - run.iteration,
    )
