"""The hook that saves: at the end of epochs, on a stop, and whatever a resume needs."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Collection
from pathlib import Path
from typing import Any

from mmengine.hooks import CheckpointHook, Hook
from mmengine.model import is_model_wrapper

from ..shared.atomic import write_text
from ..shared.run_folder import Checkpoint, list_checkpoints
from .checkpoint_reader.errors import CheckpointError
from .compat_xtuner import OUTDATED, remove_checkpoint
from .finite import is_worth_saving
from .full_disk import DiskWait, is_disk_full
from .hook_progress import ProgressHook
from .resume_state import (
    BatchesAfterSkipping,
    RandomState,
    ResumeState,
    partial_gradients,
    put_gradients,
)
from .run_context import RunContext
from .token_loss import TokenLossHook

MANY_EPOCHS = 10
"""Above this number, an epoch's end is saved only if its checkpoint will not be rotated away."""


def is_epoch_end_saved(epoch: int, max_epochs: int, limit: int) -> bool:
    """Return whether an epoch's end gets a checkpoint.

    Forty epochs of five iterations would otherwise spend their time on writing and evaluating
    checkpoints that are deleted a moment later.

    Args:
        epoch: Counted from 1.
        max_epochs: Epochs of the run.
        limit: How many checkpoints are kept, -1 for all.
    """
    return max_epochs <= MANY_EPOCHS or limit < 0 or epoch > max_epochs - limit


class SavingHook(Hook):  # type: ignore[misc]
    """Runs last, after xtuner's own checkpoints and evaluation."""

    priority = 95

    def __init__(
        self,
        context: RunContext,
        progress: ProgressHook,
        token_loss: TokenLossHook,
        disk: DiskWait,
    ) -> None:
        self._context = context
        self._disk = disk
        self._progress = progress
        self._token_loss = token_loss
        self._checkpoint_hook: Any = None
        self._saved_iter = 0
        self._has_refused = False

    def before_train(self, runner: Any) -> None:
        """Have checkpoints keep what an exact resume needs, and restore it in a resumed run."""
        hooks = [hook for hook in runner.hooks if isinstance(hook, CheckpointHook)]
        if hooks:
            self._checkpoint_hook = hooks[0]
            self._add_resume_state(runner, hooks[0])
        if runner.train_loop.iter > 0:
            if hooks:
                self._remove_outdated(runner)
            self._resume(runner)

    def after_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None
    ) -> None:
        """Save a checkpoint after a request to stop or at an epoch's end; obey the request."""
        iteration = runner.iter + 1
        wants_save = self._context.stop_requested or self.is_saved_epoch_end(runner)
        hook = self._checkpoint_hook
        if wants_save and self._saved_iter != iteration and hook and not hook.by_epoch:
            runner.logger.info(f"Saving checkpoint at {iteration} iterations")
            hook._save_checkpoint(runner)
        if self._context.stop_requested:
            runner.train_loop.stop_training = True
        self._disk.catch_up()
        self._progress.pause_ended()

    def is_saved_epoch_end(self, runner: Any) -> bool:
        """Return whether the current iteration ends an epoch that gets a checkpoint."""
        iters_per_epoch = max(1, len(runner.train_loop.dataloader))
        epoch, rest = divmod(runner.iter + 1, iters_per_epoch)
        if rest or self._checkpoint_hook is None:
            return False
        max_epochs = runner.train_loop.max_iters // iters_per_epoch
        return is_epoch_end_saved(epoch, max_epochs, self._checkpoint_hook.max_keep_ckpts)

    def keep_beside_limit(
        self, runner: Any, iteration: int | None, checked: Collection[int]
    ) -> None:
        """Keep a checkpoint however many are saved after it, instead of the one kept so before.

        Args:
            runner: Its checkpoint hook rotates.
            iteration: The checkpoint's; None to keep none beside the limit.
            checked: Iterations of this run whose checkpoints may exist. The one kept before is
                rotated like the others again.
        """
        hook, folder = self._checkpoint_hook, Path(runner.work_dir)
        if hook is None or hook.max_keep_ckpts <= 0:
            return
        there = {item.iter for item in list_checkpoints(folder)}
        rotating = sorted(({*hook.keep_ckpt_ids, *checked} & there) - {iteration})
        limit = hook.max_keep_ckpts
        hook.keep_ckpt_ids = deque(rotating[-limit:], limit)
        runner.message_hub.update_info("keep_ckpt_ids", list(hook.keep_ckpt_ids))
        for outdated in rotating[:-limit]:
            remove_checkpoint(hook.file_backend, str(Checkpoint.at(outdated, folder).path))
        self._remove_orphaned_states(folder)

    def _add_resume_state(self, runner: Any, hook: Any) -> None:
        """Have every save of the checkpoint hook write our resume state too, and say so."""
        save = hook._save_checkpoint_with_step

        def save_with_resume_state(runner: Any, step: int, meta: Any) -> None:
            if not is_worth_saving(runner):
                self._refuse(step)
                return
            phase = self._context.phase
            self._context.enter("saving")
            self._save_resume_state(runner, step)
            try:
                save(runner, step, meta)
            except OSError as error:
                # It is complete; only the name of the latest one could not be written.
                if not (is_disk_full(error) and Path(hook.last_ckpt).exists()):
                    raise
                self._disk.through(lambda: _name_latest(hook.last_ckpt, runner.work_dir))
            self._saved_iter = step
            self._announce(runner, step, Path(hook.last_ckpt))
            self._context.enter(phase)

        hook._save_checkpoint_with_step = save_with_resume_state

    def _refuse(self, step: int) -> None:
        """Say, once, that weights that are not finite do not replace a good checkpoint."""
        self._saved_iter = step
        if not self._has_refused:
            self._has_refused = True
            self._warn("not_saved")

    def _save_resume_state(self, runner: Any, step: int) -> None:
        state = ResumeState(
            RandomState.capture(),
            partial_gradients(_bare(runner.model)),
            self._token_loss.cycle_tokens,
            self._token_loss.unit,
            len(runner.train_loop.dataloader.dataset),
        )
        path = Checkpoint.at(step, self._context.folder.resume_dir).path
        self._disk.through(lambda: state.save(path))

    def _announce(self, runner: Any, step: int, checkpoint: Path) -> None:
        self._context.checkpoint = checkpoint.name
        kept = self._remove_orphaned_states(Path(runner.work_dir))
        self._context.say(
            "checkpoint", iter=step, file=checkpoint.name, bytes=_size(checkpoint), kept=kept
        )

    def _remove_orphaned_states(self, folder: Path) -> list[str]:
        """Remove the resume states of deleted checkpoints; return the names of those that exist."""
        kept = [item.name for item in list_checkpoints(folder)]
        for path in self._context.folder.resume_dir.glob("iter_*.pth"):
            if path.name not in kept:
                path.unlink(missing_ok=True)
        return kept

    def _remove_outdated(self, runner: Any) -> None:
        """Delete what the resumed checkpoint had replaced but a kill has left."""
        outdated = runner.message_hub.runtime_info.get(OUTDATED, [])
        for number in outdated if isinstance(outdated, list) else []:
            if type(number) is int and 0 < number < runner.train_loop.iter:
                path = Checkpoint.at(number, Path(runner.work_dir)).path
                remove_checkpoint(self._checkpoint_hook.file_backend, str(path))

    def _resume(self, runner: Any) -> None:
        path = Checkpoint.at(runner.train_loop.iter, self._context.folder.resume_dir).path
        try:
            state = ResumeState.load(path)
            put_gradients(_bare(runner.model), state.gradients)
        except FileNotFoundError:
            self._warn("resume_not_exact")
            return
        except (OSError, CheckpointError):
            traceback.print_exc()
            self._warn("resume_state_damaged", name=path.name)
            return
        if state.samples != len(runner.train_loop.dataloader.dataset):
            samples = len(runner.train_loop.dataloader.dataset)
            self._warn("resume_other_data", before=state.samples, now=samples)
        self._token_loss.cycle_tokens, self._token_loss.unit = state.cycle_tokens, state.token_unit
        loop = runner.train_loop
        loop.dataloader_iterator = BatchesAfterSkipping(
            loop.dataloader_iterator, loop.iter, state.random.restore
        )

    def _warn(self, code: str, **data: Any) -> None:
        self._context.say("warning", code=code, data={"iter": self._context.iter, **data})


def _name_latest(checkpoint: str, work_dir: str) -> None:
    """Write the name of the latest checkpoint, as mmengine does."""
    write_text(Path(work_dir) / "last_checkpoint", checkpoint)


def _bare(model: Any) -> Any:
    return model.module if is_model_wrapper(model) else model


def _size(checkpoint: Path) -> int:
    if checkpoint.is_dir():  # DeepSpeed
        return sum(path.stat().st_size for path in checkpoint.rglob("*") if path.is_file())
    return checkpoint.stat().st_size
