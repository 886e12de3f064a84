"""Why a planned value is what it is, in the few words that have room beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..planning.general_mix import BELOW_ROWS
from ..planning.held_out import FROM_ROWS
from ..planning.recipe import MANY_ROWS
from ..settings.table import Origin, Setting
from ..shared.errors import Notice
from ..ui.console import in_words

if TYPE_CHECKING:
    from ..project.build_run import BuiltRun

Why = Callable[["BuiltRun"], Notice]

_BY_RECIPE = frozenset(
    {
        "train.lr",
        "train.max_length",
        "train.pack_to_max_length",
        "train.batch_size",
        "train.accumulative_counts",
        "train.max_epochs",
        "train.warmup_ratio",
        "lora.lora_r",
        "lora.lora_alpha",
        "lora.lora_dropout",
    }
)
"""What XTuner's own configs say, where they are wanted."""


def why(setting: Setting, built: BuiltRun) -> str:
    """Return who decided a value, and of planned ones why; "" if it is the default."""
    origin = built.settings.origin(setting)
    if origin == Origin.EDITED:
        return in_words(Notice("wizard.from_config"))
    if origin >= Origin.SAVED:
        return in_words(Notice("wizard.from_you"))
    if origin != Origin.PLANNED or not setting.planned:
        return ""
    if built.settings.train.recipe == "xtuner" and setting.key in _BY_RECIPE:
        return in_words(_say("xtuner"))
    return in_words(_WHY[setting.key](built))


def _say(name: str, **data: object) -> Notice:
    return Notice(f"value_reasons.{name}", data)


def _lr(built: BuiltRun) -> Notice:
    shape = built.model.shape
    if not built.settings.method.trains_adapter:
        return _say("lr_full")
    return _say("lr", width=shape.hidden) if shape else _say("lr_usual")


def _rank(built: BuiltRun) -> Notice:
    return _say("rank_few" if built.rows.measured.taught < MANY_ROWS else "rank_many", n=MANY_ROWS)


def _length(built: BuiltRun) -> Notice:
    plan = built.plan
    if plan.pack_to_max_length:
        return _say("pack_length")
    return _say("cuts", count=plan.cut_rows) if plan.cut_rows else _say("cuts_none")


def _packing(built: BuiltRun) -> Notice:
    plan = built.plan
    if not plan.pack_to_max_length:
        return _say("apart")
    return _say("packed", percent=f"{plan.lost_share * 100:.1f}")


def _update(built: BuiltRun) -> Notice:
    plan = built.plan
    samples = plan.batch_size * plan.accumulative_counts * built.settings.launch.num_gpus
    rows = built.rows.measured.rows / max(1, plan.samples)
    return _say("update", count=max(1, round(samples * rows)))


def _epochs(built: BuiltRun) -> Notice:
    return _say("epochs", updates=built.plan.optimizer_steps)


def _warmup(built: BuiltRun) -> Notice:
    count = built.plan.warmup_iters
    return _say("warmup", count=count) if count else _say("warmup_none")


def _held_out(built: BuiltRun) -> Notice:
    count, rows = len(built.rows.held_out), built.data.rows
    if count:
        return _say("held_out", count=count)
    return _say("held_out_few", n=FROM_ROWS) if rows < FROM_ROWS else _say("held_out_alike")


def _mix(built: BuiltRun) -> Notice:
    if built.settings.data.mix_general:
        return _say("mix")
    is_many = built.rows.measured.taught >= BELOW_ROWS
    return _say("mix_many", n=BELOW_ROWS) if is_many else _say("mix_none")


def _repeats(built: BuiltRun) -> Notice:
    return _say("repeats" if built.rows.measured.repeats > 1 else "repeats_none")


def _saving(built: BuiltRun) -> Notice:
    return _say("saving", count=built.plan.total_iters)


def _system(built: BuiltRun) -> Notice:
    return _say("system" if built.plan.SYSTEM else "system_none")


def _checkpointing(built: BuiltRun) -> Notice:
    """Return the memory that decides, as the plan has counted it."""
    key = "train.use_activation_checkpointing"
    found = (each for each in built.plan.reasons if each.setting and each.setting.key == key)
    facts = next((each.notice.data for each in found), {})
    if "needed_gib" not in facts:
        return _say("memory_unknown")
    is_on = built.plan.use_activation_checkpointing
    return _say("memory_saves" if is_on else "memory_takes", **facts)


_WHY: Mapping[str, Why] = {
    "train.lr": _lr,
    "lora.lora_r": _rank,
    "lora.lora_alpha": lambda _: _say("alpha"),
    "lora.lora_dropout": lambda _: _say("dropout"),
    "train.max_length": _length,
    "train.pack_to_max_length": _packing,
    "train.batch_size": _update,
    "train.accumulative_counts": _update,
    "train.max_epochs": _epochs,
    "train.warmup_ratio": _warmup,
    "train.val_ratio": _held_out,
    "data.mix_general": _mix,
    "data.repeat_rows": _repeats,
    "train.save_steps": _saving,
    "train.evaluation_freq": _saving,
    "train.SYSTEM": _system,
    "train.evaluation_inputs": lambda _: _say("questions"),
    "train.use_activation_checkpointing": _checkpointing,
}
"""A test holds that every planned setting is in it."""
