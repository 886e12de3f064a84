"""The runs of a project: the current one and archived ones, listed and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..runs.known_run import CURRENT, Comparison, KnownRun, SettingDifference
from ..runs.quick_status import glance
from ..runs.xtuner_logs import read_progress
from ..settings.table import SETTINGS, Settings
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, old_runs
from .run_origin import differing_parts
from .written_config import is_equal, read_config_settings

_NOT_COMPARED = ("paths",)


def list_runs(folder: RunFolder) -> list[KnownRun]:
    """Return the runs of a project, the current one first, then archived ones, latest first."""
    folders = {CURRENT: folder, **{old.root.name: old for old in reversed(old_runs(folder))}}
    found = (_look_at(name, each) for name, each in folders.items())
    return [run for run in found if run.state != "none"]


def find_run(folder: RunFolder, name: str) -> RunFolder:
    """Return the folder of the run with this name, or the only one whose name begins so.

    Raises:
        XtguiError: "runs.no_such_run".
    """
    project = RunFolder(folder.project_root)
    folders = {CURRENT: project, **{old.root.name: old for old in old_runs(project)}}
    meant = [each for each in folders if each.startswith(name)] if name else []
    if name not in folders and len(meant) != 1:
        there = ", ".join(folders)
        raise XtguiError("runs.no_such_run", Exit.ANSWERS, name=name, there=there)
    return folders[name if name in folders else meant[0]]


def compare(folder: RunFolder, names: tuple[str, str]) -> Comparison:
    """Return the differences between two runs.

    Raises:
        XtguiError: "runs.no_such_run", "runs.same_run", or "runs.not_trained".
    """
    one, other = (find_run(folder, name) for name in names)
    if one == other:
        raise XtguiError("runs.same_run", Exit.ANSWERS, name=names[0])
    runs = _in_full(one), _in_full(other)
    return Comparison(
        runs=runs,
        settings=_differences(runs),
        changed=differing_parts(one, other),
    )


def _look_at(name: str, folder: RunFolder) -> KnownRun:
    seen, snapshot = glance(folder)
    return KnownRun(
        name=name,
        folder=folder,
        state=seen.state,
        iteration=seen.iteration,
        total=seen.total,
        checkpoint=seen.checkpoint,
        snapshot=snapshot,
    )


def _in_full(folder: RunFolder) -> KnownRun:
    name = folder.root.name if folder.is_put_away else CURRENT
    run = _look_at(name, folder)
    if run.state == "none":
        raise XtguiError("runs.not_trained", Exit.ANSWERS, name=name)
    return replace(run, snapshot=read_progress(folder).snapshot())


def _differences(runs: tuple[KnownRun, KnownRun]) -> list[SettingDifference] | None:
    try:
        one, other = (_settings(run.folder) for run in runs)
    except (OSError, XtguiError):
        return None
    return list(_differing(one, other))


def _settings(folder: RunFolder) -> Settings:
    """Return the settings that a run was trained with, whatever its config says now."""
    trained = folder.trained_config_file
    config = trained if trained.is_file() else folder.config_file
    return read_config_settings(config, folder.project_root)


def _differing(one: Settings, other: Settings) -> Iterator[SettingDifference]:
    for setting in SETTINGS:
        values = one.value(setting), other.value(setting)
        if setting.section not in _NOT_COMPARED and not is_equal(*values):
            yield SettingDifference(setting.key, values)
