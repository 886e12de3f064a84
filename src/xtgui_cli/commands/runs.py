"""`xtgui runs`: the runs of a project, and the differences between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..project.known_runs import compare, list_runs
from ..runs.known_run import CURRENT, Comparison, KnownRun
from ..runs.progress import RECENT
from ..runs.series import curve_numbers
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..ui.json_output import print_json


@dataclass(frozen=True, kw_only=True)
class RunsRequest:
    """Which runs to show."""

    root: Path
    """The project's folder."""
    names: Sequence[str] = ()
    """Two to compare, or one to compare with the current one; none: list all."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: RunsRequest) -> Exit:
    """List the runs of a project, or compare two of them.

    Raises:
        XtguiError: "runs.none_here", "runs.too_many", or those of `known_runs.compare`.
    """
    from ..ui.runs_view import show_comparison, show_runs

    folder = RunFolder(RunFolder(request.root).project_root)
    if len(request.names) > 2:
        raise XtguiError("runs.too_many", Exit.ANSWERS)
    if request.names:
        one, other = (*request.names, CURRENT)[:2]
        comparison = compare(folder, (one, other))
        if request.as_json:
            print_json(_comparison_as_data(comparison))
        else:
            show_comparison(comparison)
        return Exit.DONE
    runs = list_runs(folder)
    if not runs:
        raise XtguiError("runs.none_here", Exit.ANSWERS, path=folder.root)
    if request.as_json:
        print_json({"runs": [_as_data(each) for each in runs]})
    else:
        show_runs(runs)
    return Exit.DONE


def _as_data(run: KnownRun) -> dict[str, Any]:
    snapshot = run.snapshot
    last = snapshot.learnings[-1] if snapshot.learnings else None
    return {
        "name": run.name,
        "path": str(run.folder.work_dir),
        "run_id": snapshot.run_id,
        "state": run.state,
        "began_at": run.began_at,
        "method": snapshot.method,
        "model": snapshot.model,
        "iteration": run.iteration,
        "total": run.total,
        "loss": snapshot.loss,
        "checkpoint": run.checkpoint,
        "learning": last.to_event() if last else None,
    }


def _comparison_as_data(comparison: Comparison) -> dict[str, Any]:
    settings = comparison.settings
    return {
        "runs": [
            {**_as_data(run), "losses": _losses(run), "trained_s": round(run.snapshot.trained_s, 3)}
            for run in comparison.runs
        ],
        "settings": None if settings is None else {each.key: each.values for each in settings},
        "changed": list(comparison.changed),
    }


def _losses(run: KnownRun) -> dict[str, float] | None:
    numbers = curve_numbers(run.snapshot.losses, RECENT)
    if numbers is None:
        return None
    return {
        "first": numbers.first.value,
        "last": numbers.last.value,
        "lowest": numbers.lowest.value,
    }
