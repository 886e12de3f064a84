"""`xtgui estimate`: what a run needs of memory, disk and time, and what to change if it is much."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..planning import machine
from ..planning.gpus import find_card
from ..planning.memory.requirements import EASY, Estimate
from ..planning.memory.suggestions import find_remedies
from ..planning.memory.training_memory import GIB
from ..planning.memory.training_setup import Device
from ..project import settings_file as answers_step
from ..project.model_shapes import find_largest_that_fits, find_shape
from ..project.requirements import (
    device_of,
    device_of_card,
    find_needs,
    planned_settings,
    settings_in,
)
from ..project.settings_file import Answers
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, find_root
from ..texts import t
from ..ui.json_output import print_json

if TYPE_CHECKING:
    from ..project.build_run import Prepared


def run(
    root: Path | None,
    model: str | None,
    method: str | None,
    sets: list[str],
    gpu: str | None,
    as_json: bool,
) -> Exit:
    """Say what a run with the settings of the project, or the defaults, needs.

    Raises — XtguiError "estimate.no_model" and what is wrong with flags, model or card.
    """
    estimate = make(root, model, method, sets, gpu)
    if as_json:
        print_json(to_json(estimate))
    else:
        from ..ui.estimate_view import show_estimate

        show_estimate(estimate)
    return Exit.DONE


def make(
    root: Path | None, model: str | None, method: str | None, sets: list[str], gpu: str | None
) -> Estimate:
    """Give the estimate. Raises — as `run`."""
    root = root or find_root(Path.cwd()) or Path.cwd()
    answers = _answers(RunFolder(root), model, method, sets)
    here = machine.look()
    device = device_of_card(find_card(gpu)) if gpu is not None else device_of(here)
    asked = answers.get("model.path")
    if not asked:
        raise XtguiError("estimate.no_model", Exit.ANSWERS)
    name, shape = find_shape(str(asked))
    prepared = _prepared(answers, _as_machine(here, device))
    settings = planned_settings(prepared) if prepared else answers
    plan = vars(prepared.plan) if prepared else None
    needs = find_needs(shape, settings, device, root, plan)
    remedies = None
    if needs.verdict != "fits":
        room = device.free_gib * GIB * (EASY if needs.verdict == "tight" else 1)
        remedies = find_remedies(shape, settings, device, room)
    return Estimate(
        model=name,
        needs=needs,
        remedies=remedies,
        largest_fitting=find_largest_that_fits(device, device.free_gib * GIB)
        if remedies is not None and not remedies.is_enough
        else None,
        iteration_s=_iteration_s(RunFolder(root), str(asked), needs.run.method),
        total_iters=prepared.plan.total_iters if prepared else None,
        is_counted=prepared is not None,
        num_gpus=answers.get("launch.num_gpus") or 1,
        deepspeed=answers.get("launch.deepspeed"),
    )


def _answers(folder: RunFolder, model: str | None, method: str | None, sets: list[str]) -> Answers:
    """Give the answers that count: flags, then `--set`, edits of the config, xtgui.toml."""
    from ..project.config_writer import hand_edits

    saved = answers_step.load(folder.settings_file)
    if not folder.settings_file.is_file() and folder.config_file.is_file():
        saved = settings_in(folder.config_file)  # a folder that XtunerGUI has made
    flags = {"model.path": model, "train.method": method}
    return answers_step.merge(
        saved,
        hand_edits(folder),
        answers_step.parse_sets(sets),
        {key: value for key, value in flags.items() if value is not None},
    )


def _as_machine(here: machine.Machine, device: Device) -> machine.Machine:
    return dataclasses.replace(here, device=device.kind, bf16=device.has_bf16)


def _prepared(answers: Answers, here: machine.Machine) -> Prepared | None:
    """Give the run as it would be written; None where model or data are not there, or not whole."""
    from ..project.build_run import prepare
    from ..ui.console import ACCENT, talk

    if not answers.get("data.path"):
        return None
    try:
        with talk().status(t("wizard.counting"), spinner_style=ACCENT):
            return prepare(answers, here)
    except XtguiError:
        return None  # `xtgui init` says what is wrong; the shape alone is enough here


def _iteration_s(folder: RunFolder, model: str, method: str) -> float | None:
    """Give an iteration's usual time in the folder's last run, if that was of this kind."""
    from ..runs.run_reader import FollowedRun

    if not folder.events_file.is_file():
        return None
    followed = FollowedRun(folder)
    followed.update()
    snapshot = followed.snapshot()
    is_same = snapshot.method == method and Path(snapshot.model).name == Path(model).name
    return snapshot.iteration_s if is_same else None


def to_json(estimate: Estimate) -> dict[str, Any]:
    """Give the estimate as data; bytes, and null for what is not known."""
    needs, remedies = estimate.needs, estimate.remedies
    memory = dataclasses.asdict(needs.memory)
    total_s = None
    if estimate.iteration_s is not None and estimate.total_iters is not None:
        total_s = estimate.iteration_s * estimate.total_iters
    return {
        "model": estimate.model,
        "parameters": needs.shape.parameters,
        "counted_data": estimate.is_counted,
        "run": dataclasses.asdict(needs.run),
        "device": dataclasses.asdict(needs.device),
        "memory": {**memory, "total": needs.memory.total},
        "verdict": needs.verdict,
        "remedies": [dataclasses.asdict(remedy) for remedy in remedies.single] if remedies else [],
        "together": dataclasses.asdict(remedies.together)
        if remedies and remedies.together
        else None,
        "largest_fitting": estimate.largest_fitting,
        "fitting_parameters": remedies.fitting_parameters if remedies else None,
        "disk": {
            **dataclasses.asdict(needs.disk),
            "training": needs.disk.training,
            "free": needs.free_disk,
        },
        "time": {"iteration_s": estimate.iteration_s, "total_s": total_s},
    }
