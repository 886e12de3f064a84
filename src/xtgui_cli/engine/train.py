"""Trains: runs xtuner's own `tools/train.py` on a plain config, with our hooks around it."""

from __future__ import annotations

import argparse
import functools
import importlib.metadata
import os
import platform
import shutil
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..shared.errors import Exit, XtguiError
from ..shared.events import EventWriter
from ..shared.oom_kills import count_oom_kills
from ..shared.run_folder import RunFolder
from ..shared.schedule_restarts import ScheduleRestart, read_restarts
from .checkpoint_reader.checkpoint_file import require_intact
from .compat import import_xtuner
from .config_facts import ConfigFacts, read_config_facts
from .data_workers import end_workers, find_lost_worker, shield_workers
from .device import find_device
from .faults import explain
from .full_disk import DiskWait
from .log_file import print_to_log
from .resumable import require_resumable
from .run_context import RunContext, listen_for_stop

_PACKAGES = ("xtuner", "torch", "transformers", "peft", "mmengine", "datasets", "bitsandbytes")


def main(arguments: list[str]) -> int:
    """Train one run and return the exit code: 0 finished, 130 stopped, 1 failed."""
    options = _parse(arguments)
    folder = RunFolder(options.work_dir.parent)
    resumed_from = options.resume.name if options.resume else None
    print_to_log()
    context = RunContext(
        folder, EventWriter(folder.events_file), resumed_from, checkpoint=resumed_from
    )
    cache = folder.state_dir / "cache"
    clean_up = functools.partial(_clean_up, folder, cache)
    listen_for_stop(context, clean_up)
    facts = _announce(context, options)
    try:
        clean_up()
        _train(context, options, facts, cache)
    except BaseException as raised:
        error = find_lost_worker(raised)
        traceback.print_exception(error)
        code, data = explain(error, context.phase)
        if not folder.state_dir.is_dir():
            code, data = "folder_gone", data | {"path": str(folder.work_dir)}
        if code == "loss_not_finite":
            code = context.code_of_nan
        context.end("failed", code, **data | {"iter": context.iter})
        return Exit.FAILED
    finally:
        clean_up()
    if context.is_cut_short:
        context.end("stopped")
        return Exit.INTERRUPTED
    context.end("finished", context.ends_early)
    return Exit.DONE


def _clean_up(folder: RunFolder, cache: Path) -> None:
    """Remove what is useless after this start, including what a killed one left."""
    end_workers()
    shutil.rmtree(cache, ignore_errors=True)
    for place in (folder.work_dir, folder.resume_dir):
        for path in place.glob(".iter_*.pth.unfinished"):
            path.unlink(missing_ok=True)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="train")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work-dir", type=Path, required=True)
    parser.add_argument("--run-id", required=True)
    parser.add_argument("--resume", type=Path)
    options = parser.parse_args(arguments)
    for name in ("config", "work_dir", "resume"):
        path = getattr(options, name)
        setattr(options, name, path.absolute() if path else None)
    if RunFolder(options.work_dir.parent).work_dir != options.work_dir:
        parser.error("--work-dir must be called work_dir")
    return options


def _announce(context: RunContext, options: argparse.Namespace) -> ConfigFacts | None:
    """Say what begins, before anything slow; None if the config cannot be read."""
    try:
        facts = read_config_facts(options.config.read_text("utf-8"))
    except (OSError, ValueError, XtguiError):
        facts = None
    device, device_name = find_device()
    context.say(
        "start",
        run_id=options.run_id,
        pid=os.getpid(),
        method=facts.method if facts else None,
        model=facts.model if facts else None,
        config=str(options.config),
        resumed_from=context.resumed_from,
        versions=_versions(),
        device=device,
        device_name=device_name,
        oom_kills=count_oom_kills(),
        fixes=[],
    )
    return facts


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def _train(
    context: RunContext, options: argparse.Namespace, facts: ConfigFacts | None, cache: Path
) -> None:
    if facts is None:
        context.enter("config")
        try:
            facts = read_config_facts(options.config.read_text("utf-8"))
        except XtguiError as error:
            raise error.__cause__ or error from None
    if options.resume and not options.resume.is_dir():  # DeepSpeed's checkpoints are folders
        context.enter("resuming")
        # at once: the imports take many seconds
        require_intact(options.resume, require_resumable)
    context.enter("importing")
    os.environ["HF_DATASETS_CACHE"] = str(cache)  # of this run alone: no old rows are served
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_DATASETS_OFFLINE", "1")
    fixes: list[str] = []
    xtuner_train = import_xtuner(facts, fixes)
    _attach_hooks(context, _schedule_restarts(context))
    context.say("engine", fixes=fixes)
    context.enter("config")
    sys.argv = ["train.py", str(options.config), "--work-dir", str(options.work_dir)]
    if options.resume:
        sys.argv += ["--resume", str(options.resume)]
    xtuner_train.main()


def _schedule_restarts(context: RunContext) -> tuple[ScheduleRestart, ...]:
    """Return where the schedule restarts; a run from scratch forgets those of an older one."""
    file = context.folder.schedule_restarts_file
    if context.resumed_from is None:
        file.unlink(missing_ok=True)
    return read_restarts(file)


def _attach_hooks(context: RunContext, restarts: Sequence[ScheduleRestart]) -> None:
    """Register our hooks with every runner that is built, and say which phase begins.

    This happens at run time and not in the config, which plain xtuner can still run.
    """
    import mmengine.runner.runner as runner_module
    from mmengine.runner import Runner
    from xtuner.model import SupervisedFinetune

    from . import evaluation
    from .hook_learning import LearningHook, TrainingClock
    from .hook_progress import ProgressHook
    from .hook_saving import SavingHook
    from .hook_schedule import ScheduleHook
    from .hook_until_learned import UntilLearnedHook
    from .packs import join_samples, keep_packs_apart
    from .token_loss import TokenLossHook
    from .trained_rows import TrainedRows

    rows = TrainedRows()
    rows.attach()
    token_loss = TokenLossHook()
    token_loss.attach(SupervisedFinetune)
    schedule = ScheduleHook(context, restarts)
    progress = ProgressHook(context, checks_warmup=not restarts)
    disk = DiskWait(context)
    saving = SavingHook(context, progress, token_loss, disk)
    evaluation.attach(context, saving.is_saved_epoch_end, disk)
    trained = TrainingClock()
    learning = LearningHook(context, progress, trained, saving)
    until_learned = UntilLearnedHook(context, schedule, progress, learning)
    ours = (token_loss, schedule, progress, trained, until_learned, saving, learning)
    register_hooks = Runner.register_hooks

    @functools.wraps(register_hooks)
    def register_hooks_and_ours(self: Any, *arguments: Any, **options: Any) -> None:
        register_hooks(self, *arguments, **options)
        for hook in ours:
            self.register_hook(hook)

    build_train_loop = Runner.build_train_loop

    @functools.wraps(build_train_loop)
    def build_train_loop_of_packs(self: Any, *arguments: Any, **options: Any) -> Any:
        progress.packing = keep_packs_apart(self)
        join_samples(self)
        loader = self._train_dataloader
        dataset = loader.get("dataset") if isinstance(loader, Mapping) else None
        loop = build_train_loop(self, *arguments, **options)
        rows.require_checked(context.folder, self, dataset, loop)
        return loop

    build_dataloader = Runner.build_dataloader

    @functools.wraps(build_dataloader)
    def build_shielded_dataloader(*arguments: Any, **options: Any) -> Any:
        loader = build_dataloader(*arguments, **options)
        shield_workers(loader)
        return loader

    save_checkpoint = runner_module.save_checkpoint

    @functools.wraps(save_checkpoint)
    def save_when_there_is_room(*arguments: Any, **options: Any) -> None:
        disk.through(functools.partial(save_checkpoint, *arguments, **options))

    Runner.build_dataloader = staticmethod(build_shielded_dataloader)
    runner_module.save_checkpoint = save_when_there_is_room
    Runner.register_hooks = register_hooks_and_ours
    Runner.build_train_loop = build_train_loop_of_packs
    Runner.build_model = _in_phase(context, "model", Runner.build_model)
    Runner.build_train_loop = _in_phase(context, "data", Runner.build_train_loop)
    Runner.load_or_resume = _in_phase(context, "resuming", Runner.load_or_resume)


def _in_phase(context: RunContext, phase: str, build: Any) -> Any:
    @functools.wraps(build)
    def build_in_phase(*arguments: Any, **options: Any) -> Any:
        context.enter(phase)
        return build(*arguments, **options)

    return build_in_phase
