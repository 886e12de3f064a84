"""Why a planned value is what it is, in the few words that fit beside it."""

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
        "data.mix_general",
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
"""Values of XTuner's own configs, if they are wanted."""


def why(setting: Setting, built: BuiltRun) -> str:
    """Return who decided a value, and for planned ones why; "" if it is the default."""
    origin = built.settings.origin(setting)
    if origin == Origin.EDITED:
        return in_words(Notice("wizard.from_config"))
    if origin >= Origin.SAVED:
        return in_words(Notice("wizard.from_you"))
    if origin != Origin.PLANNED or not setting.planned:
        return ""
    if built.settings.train.recipe == "xtuner" and setting.key in _BY_RECIPE:
        return in_words(_say("value_reasons.xtuner"))
    return in_words(_WHY[setting.key](built))


def _say(key: str, **data: object) -> Notice:
    return Notice(key, data)


def _lr(built: BuiltRun) -> Notice:
    shape = built.model.shape
    if not built.settings.method.trains_adapter:
        return _say("value_reasons.lr_full")
    return _say("value_reasons.lr", width=shape.hidden) if shape else _say("value_reasons.lr_usual")


def _rank(built: BuiltRun) -> Notice:
    return _say(
        "value_reasons.rank_few"
        if built.rows.measured.taught < MANY_ROWS
        else "value_reasons.rank_many",
        n=MANY_ROWS,
    )


def _length(built: BuiltRun) -> Notice:
    plan = built.plan
    if plan.pack_to_max_length:
        return _say("value_reasons.pack_length")
    return (
        _say("value_reasons.cuts", count=plan.cut_rows)
        if plan.cut_rows
        else _say("value_reasons.cuts_none")
    )


def _packing(built: BuiltRun) -> Notice:
    plan = built.plan
    if not plan.pack_to_max_length:
        return _say("value_reasons.apart")
    return _say("value_reasons.packed", percent=f"{plan.lost_share * 100:.1f}")


def _update(built: BuiltRun) -> Notice:
    plan = built.plan
    samples = plan.batch_size * plan.accumulative_counts * built.settings.launch.num_gpus
    rows = built.rows.measured.rows / max(1, plan.samples)
    return _say("value_reasons.update", count=max(1, round(samples * rows)))


def _epochs(built: BuiltRun) -> Notice:
    return _say("value_reasons.epochs", updates=built.plan.optimizer_steps)


def _warmup(built: BuiltRun) -> Notice:
    count = built.plan.warmup_iters
    return _say("value_reasons.warmup", count=count) if count else _say("value_reasons.warmup_none")


def _held_out(built: BuiltRun) -> Notice:
    count, rows = len(built.rows.held_out), built.data.rows
    if count:
        return _say("value_reasons.held_out", count=count)
    return (
        _say("value_reasons.held_out_few", n=FROM_ROWS)
        if rows < FROM_ROWS
        else _say("value_reasons.held_out_alike")
    )


def _mix(built: BuiltRun) -> Notice:
    if built.settings.data.mix_general:
        return _say("value_reasons.mix")
    if built.rows.measured.taught >= BELOW_ROWS:
        return _say("value_reasons.mix_many", n=BELOW_ROWS)
    if built.rows.already_asked:
        return _say("value_reasons.mix_asked")
    return _say("value_reasons.mix_none")


def _repeats(built: BuiltRun) -> Notice:
    return _say(
        "value_reasons.repeats" if built.rows.measured.repeats > 1 else "value_reasons.repeats_none"
    )


def _saving(built: BuiltRun) -> Notice:
    return _say("value_reasons.saving", count=built.plan.total_iters)


def _system(built: BuiltRun) -> Notice:
    return _say("value_reasons.system" if built.plan.SYSTEM else "value_reasons.system_none")


def _checkpointing(built: BuiltRun) -> Notice:
    """Return the memory that decides, as the plan counted it."""
    key = "train.use_activation_checkpointing"
    found = (each for each in built.plan.reasons if each.setting and each.setting.key == key)
    facts = next((each.notice.data for each in found), {})
    if "needed_gib" not in facts:
        return _say("value_reasons.memory_unknown")
    is_on = built.plan.use_activation_checkpointing
    return _say("value_reasons.memory_saves" if is_on else "value_reasons.memory_takes", **facts)


_WHY: Mapping[str, Why] = {
    "train.lr": _lr,
    "lora.lora_r": _rank,
    "lora.lora_alpha": lambda _: _say("value_reasons.alpha"),
    "lora.lora_dropout": lambda _: _say("value_reasons.dropout"),
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
    "train.evaluation_inputs": lambda _: _say("value_reasons.questions"),
    "train.use_activation_checkpointing": _checkpointing,
}
"""A test checks that every planned setting is in it."""
