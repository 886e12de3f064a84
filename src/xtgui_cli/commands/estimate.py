"""`xtgui estimate`: the memory, disk space and time that a run needs, and what to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..planning import machine
from ..planning.gpus import find_card
from ..planning.memory.requirements import EASY, Estimate, Needs
from ..planning.memory.suggestions import Run, Suggestions, find_suggestions
from ..planning.memory.training_memory import GIB
from ..planning.memory.training_setup import device_of, device_of_card
from ..planning.pace import rough_seconds
from ..planning.plan import Plan, with_length
from ..project import settings_file
from ..project.model_shapes import find_largest_that_fits, find_shape
from ..project.nearest_project import find_project
from ..project.requirements import find_needs
from ..project.written_config import read_layers
from ..settings.layers import Layers
from ..settings.table import Settings
from ..settings.values import require_valid
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from ..texts import t
from ..ui.json_output import print_json

if TYPE_CHECKING:
    from ..project.build_run import BuiltRun


@dataclass(frozen=True, kw_only=True)
class EstimateRequest:
    """Which run to estimate; None if the project decides."""

    root: Path | None = None
    """The project's folder; None: the nearest one upwards, or none at all."""
    model: str | None = None
    """A model folder, or an id of the catalogue."""
    method: str | None = None
    """The fine-tuning method."""
    sets: Sequence[str] = ()
    """KEY=VALUE settings over the project's."""
    gpu: str | None = None
    """The name of a card; None: this machine's."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: EstimateRequest) -> Exit:
    """Report what a run with the settings of the project, or the defaults, needs.

    Raises:
        XtguiError: "estimate.no_model", or if something is wrong with flags, model or card.
    """
    estimate = make(request)
    if request.as_json:
        print_json(to_json(estimate))
    else:
        from ..ui.estimate_view import show_estimate

        show_estimate(estimate)
    return Exit.DONE


def make(request: EstimateRequest) -> Estimate:
    """Return the estimate.

    Raises:
        XtguiError: Those of `run`.
    """
    folder = RunFolder(request.root or find_project(Path.cwd()) or Path.cwd())
    layers = _layers(folder, request)
    asked = layers.in_force().model.path
    if not asked:
        raise XtguiError("estimate.no_model", Exit.ANSWERS)
    here = machine.detect()
    device = device_of(here) if request.gpu is None else device_of_card(find_card(request.gpu))
    name, shape = find_shape(asked)
    there = replace(here, device=device.kind, bf16=device.has_bf16)
    is_written = folder.config_file.is_file()
    built = _build(layers.to_plan(), there, expects_answers=not is_written)
    settings, plan = (built.settings, built.plan) if built else (layers.in_force(), None)
    needs = find_needs(shape, settings, device, folder.root, plan)
    suggestions = None if needs.verdict == "fits" else _suggest(needs, settings, plan)
    never_fits = suggestions is not None and not suggestions.is_enough
    room = device.free_gib * GIB
    return Estimate(
        model=name,
        settings=settings,
        needs=needs,
        suggestions=suggestions,
        largest_fitting=find_largest_that_fits(device, room) if never_fits else None,
        iteration_s=_iteration_s(folder, asked, needs.run.method),
        rough_s=None
        if plan is None
        else rough_seconds(plan, shape, here, is_full=not settings.method.trains_adapter),
        total_iters=plan.total_iters if plan else None,
    )


def _layers(folder: RunFolder, request: EstimateRequest) -> Layers:
    """Return the project's settings with `--set`, `--model` and `--method` over them."""
    flags = settings_file.parse_sets(request.sets)
    said = {"model.path": request.model, "train.method": request.method}
    flags |= require_valid({key: value for key, value in said.items() if value is not None})
    return replace(read_layers(folder), flags=flags)


def _build(settings: Settings, here: machine.Machine, *, expects_answers: bool) -> BuiltRun | None:
    """Return the run as it would be written; None if model or data are missing or faulty."""
    from ..project.build_run import build_run
    from ..ui.console import ACCENT, talk

    if not settings.data.path:
        return None
    try:
        with talk().status(t("wizard.counting"), spinner_style=ACCENT):
            return build_run(settings, here, expects_answers=expects_answers)
    except XtguiError:
        return None  # `xtgui init` reports what is wrong; the shape alone is enough here


def _suggest(needs: Needs, settings: Settings, plan: Plan | None) -> Suggestions:
    free_bytes = needs.device.free_gib * GIB
    return find_suggestions(
        Run(
            shape=needs.shape,
            settings=settings if plan is None else with_length(settings, needs.run.length),
            device=needs.device,
            room_bytes=free_bytes * (EASY if needs.verdict == "tight" else 1),
        )
    )


def _iteration_s(folder: RunFolder, model: str, method: str) -> float | None:
    """Return an iteration's usual time in the folder's last run, if that was of the same kind."""
    from ..runs.run_reader import RunReader

    if not folder.events_file.is_file():
        return None
    reader = RunReader(folder)
    reader.update()
    snapshot = reader.snapshot()
    is_same = snapshot.method == method and Path(snapshot.model).name == Path(model).name
    return snapshot.iteration_s if is_same else None


def to_json(estimate: Estimate) -> dict[str, Any]:
    """Return the estimate as data; sizes in bytes, and null for unknown values."""
    needs, suggestions = estimate.needs, estimate.suggestions
    memory = asdict(needs.memory)
    total_s = None
    if estimate.iteration_s is not None and estimate.total_iters is not None:
        total_s = estimate.iteration_s * estimate.total_iters
    return {
        "model": estimate.model,
        "parameters": needs.shape.parameters,
        "counted_data": estimate.total_iters is not None,
        "run": asdict(needs.run),
        "device": asdict(needs.device),
        "memory": {**memory, "total": needs.memory.total},
        "verdict": needs.verdict,
        "remedies": [asdict(each) for each in suggestions.single] if suggestions else [],
        "together": asdict(suggestions.together) if suggestions and suggestions.together else None,
        "largest_fitting": estimate.largest_fitting,
        "disk": {
            **asdict(needs.disk),
            "training": needs.disk.training,
            "free": needs.free_disk,
        },
        "time": {
            "iteration_s": estimate.iteration_s,
            "total_s": total_s,
            "rough_s": estimate.rough_s,
        },
    }
