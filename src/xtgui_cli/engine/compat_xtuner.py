"""Fixes to xtuner and mmengine themselves, applied once they are imported (see compat.py)."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..shared.atomic import sync_folder, write_text
from .config_facts import ConfigFacts
from .prompt import bos_ids


def choose_bos_by_chat_template(facts: ConfigFacts) -> None:
    """Put before a conversation what the model's own chat template puts there, and no more."""
    import xtuner.dataset.utils as xtuner_utils

    template = facts.template
    xtuner_utils.get_bos_eos_token_ids = with_bos_rule(
        xtuner_utils.get_bos_eos_token_ids, template.instruction if template else "{input}"
    )


def with_bos_rule(
    get_ids: Callable[[Any], tuple[Any, Any]], instruction: str
) -> Callable[[Any], tuple[list[int], list[int]]]:
    """Return xtuner's function with the BOS that `bos_ids` chooses, computed once per tokenizer."""
    known: dict[int, tuple[list[int], list[int]]] = {}

    def get_bos_eos_token_ids(tokenizer: Any) -> tuple[list[int], list[int]]:
        if id(tokenizer) not in known:  # asked for every row
            bos, eos = get_ids(tokenizer)
            if len(bos or ()) == 1:
                bos = bos_ids(tokenizer, bos[0], instruction)
            known[id(tokenizer)] = (list(bos or ()), list(eos))
        return known[id(tokenizer)]

    return get_bos_eos_token_ids


def refuse_remote_code(_: ConfigFacts) -> None:
    """Read a model's config without running Python files that came with it."""
    import xtuner.model.sft as sft

    class ConsentingAutoConfig(sft.AutoConfig):  # type: ignore[misc]
        @classmethod
        def from_pretrained(cls, *arguments: Any, **options: Any) -> Any:
            return super().from_pretrained(*arguments, **(options | {"trust_remote_code": False}))

    sft.AutoConfig = ConsentingAutoConfig


def keep_frozen_base_short(facts: ConfigFacts) -> None:
    """Freeze a base that is not quantized without converting all of it to float32.

    Nothing else that peft does there is lost: with activation checkpointing, xtuner itself makes
    the embeddings' output require gradients (sft.py:115), so that they flow through frozen layers.
    """
    import xtuner.model.sft as sft

    prepare = sft.prepare_model_for_kbit_training

    @functools.wraps(prepare)
    def freeze_or_prepare(model: Any, *arguments: Any, **options: Any) -> Any:
        is_quantised = getattr(model, "quantization_method", None) is not None
        if is_quantised or not freeze_short(model, has_autocast=facts.has_autocast):
            return prepare(model, *arguments, **options)
        return model

    sft.prepare_model_for_kbit_training = freeze_or_prepare


def freeze_short(model: Any, *, has_autocast: bool) -> bool:
    """Freeze a model in the dtypes that it was loaded in; return whether that was possible.

    In float16, embedding, head and norms become float32, and so does what layers pass on: models
    made in bfloat16 have values there that float16 cannot hold. The linear layers then need
    autocast; without it nothing is done.
    """
    import torch

    has_half = any(parameter.dtype == torch.float16 for parameter in model.parameters())
    if has_half and not has_autocast:
        return False
    head = model.get_output_embeddings()
    for module in model.modules():
        stays = isinstance(module, torch.nn.Linear) and module is not head
        for parameter in module.parameters(recurse=False):
            parameter.requires_grad = False
            if parameter.dtype == torch.float16 and not stays:
                parameter.data = parameter.data.float()
    return True


def skip_pause_without_workers(_: ConfigFacts) -> None:
    """Begin the next epoch at once if no worker processes have to wind down first."""
    import mmengine.runner.loops as loops

    iterator_class = loops._InfiniteDataloaderIterator
    wait_and_restart = iterator_class.__next__

    def __next__(self: Any) -> Any:  # noqa: N807
        if self._dataloader.num_workers:
            return wait_and_restart(self)
        try:
            return next(self._iterator)
        except StopIteration:
            self._epoch += 1
            if hasattr(self._dataloader.sampler, "set_epoch"):
                self._dataloader.sampler.set_epoch(self._epoch)
            elif hasattr(self._dataloader.batch_sampler.sampler, "set_epoch"):
                self._dataloader.batch_sampler.sampler.set_epoch(self._epoch)
            self._iterator = iter(self._dataloader)
            return next(self._iterator)

    iterator_class.__next__ = __next__


def keep_config_file(_: ConfigFacts) -> None:
    """Keep mmengine from dumping the config over the file that is run."""
    from mmengine.runner import Runner

    dump = Runner.dump_config

    @functools.wraps(dump)
    def dump_config(self: Any) -> None:
        source = self.cfg.filename
        if source and Path(source).resolve().parent == Path(self.work_dir).resolve():
            return  # the visualizer keeps a dump in vis_data/config.py
        dump(self)

    Runner.dump_config = dump_config


def leave_out_scalars_on_full_disk(_: ConfigFacts) -> None:
    """Skip mmengine's own record of scalars on a full disk; the events have everything."""
    from mmengine.visualization.vis_backend import LocalVisBackend

    from .full_disk import is_disk_full

    dump = LocalVisBackend._dump

    @functools.wraps(dump)
    def dump_or_leave_out(self: Any, *arguments: Any, **options: Any) -> None:
        try:
            dump(self, *arguments, **options)
        except OSError as error:
            if not is_disk_full(error):
                raise

    LocalVisBackend._dump = dump_or_leave_out


def check_optimizer_state(_: ConfigFacts) -> None:
    """Check a checkpoint's optimizer state against the parameters, then copy it off the file."""
    from mmengine.optim import AmpOptimWrapper, BaseOptimWrapper

    from .optimizer_state import require_fitting, take_out_of_file

    def checked(load: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(load)
        def load_state_dict(self: Any, state_dict: dict[str, Any]) -> None:
            require_fitting(self.optimizer, state_dict)
            load(self, state_dict)
            take_out_of_file(self.optimizer)

        return load_state_dict

    for wrapper in (BaseOptimWrapper, AmpOptimWrapper):
        wrapper.load_state_dict = checked(wrapper.load_state_dict)


def write_checkpoints_whole(_: ConfigFacts) -> None:
    """Write a local checkpoint under a temporary name and rename it when it is complete."""
    import mmengine.runner.runner as runner_module
    import torch

    save = runner_module.save_checkpoint

    @functools.wraps(save)
    def save_checkpoint(checkpoint: Any, filename: str, *rest: Any, **options: Any) -> None:
        if "://" in str(filename):
            save(checkpoint, filename, *rest, **options)
        else:
            write_whole(Path(filename), lambda path: torch.save(checkpoint, path))

    runner_module.save_checkpoint = save_checkpoint


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Have *write* make a file under a temporary name, then rename it; remove it if that fails.

    It is flushed to the disk before it is renamed: a power cut cannot damage it any more.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # a link would be written through
    try:
        write(unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


OUTDATED = "outdated_ckpt_ids"
"""The key under which a checkpoint lists those that are deleted once it is on the disk; a run may
be killed before they are."""


def rotate_after_writing(_: ConfigFacts) -> None:
    """Delete checkpoints beyond the limit only when the new one and its name are on the disk."""
    from mmengine.hooks import CheckpointHook

    save_with_step = CheckpointHook._save_checkpoint_with_step

    @functools.wraps(save_with_step)
    def save_then_rotate(self: Any, runner: Any, step: int, meta: Any) -> None:
        limit = self.max_keep_ckpts
        if limit <= 0:
            save_with_step(self, runner, step, meta)
            _settle_last_checkpoint(Path(runner.work_dir))
            return
        kept = [number for number in self.keep_ckpt_ids if number != step] + [step]
        outdated = kept[:-limit]
        self.keep_ckpt_ids.clear()
        self.keep_ckpt_ids.extend(kept[-limit:])
        runner.message_hub.update_info("keep_ckpt_ids", list(self.keep_ckpt_ids))
        runner.message_hub.update_info(OUTDATED, outdated)
        self.max_keep_ckpts = -1  # so that the original saves and deletes nothing
        try:
            save_with_step(self, runner, step, meta)
        finally:
            self.max_keep_ckpts = limit
        _settle_last_checkpoint(Path(runner.work_dir))
        for number in outdated:
            remove_checkpoint(
                self.file_backend, str(Path(self.out_dir) / self.filename_tmpl.format(number))
            )

    CheckpointHook._save_checkpoint_with_step = save_then_rotate


def _settle_last_checkpoint(work_dir: Path) -> None:
    """Flush the file that names the latest checkpoint: mmengine writes it in place, unflushed."""
    from mmengine.dist import is_main_process

    if is_main_process():
        file = work_dir / "last_checkpoint"
        write_text(file, file.read_text("utf-8"))


def remove_checkpoint(file_backend: Any, path: str) -> None:
    """Remove a checkpoint, a file or a folder, as mmengine does."""
    from mmengine.dist import is_main_process

    if not is_main_process():
        return
    if file_backend.isfile(path):
        file_backend.remove(path)
    elif file_backend.isdir(path):  # DeepSpeed's checkpoints are folders
        file_backend.rmtree(path)
