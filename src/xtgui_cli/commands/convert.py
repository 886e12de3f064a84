"""Step 6, first half: converts a checkpoint to Hugging Face format, and merges it if wanted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..project.checkpoints import CheckpointChoice, choose_checkpoint
from ..project.conversion import Converted, Converter, Merged, read_run_config
from ..project.moved_base import LostBase, find_lost_base, find_moved_base, is_model
from ..project.run_engine import engine_of_run
from ..project.run_origin import changed_base
from ..runs.engine_session import EngineSession
from ..shared.config_file import method_of, read_file
from ..shared.errors import Exit, XtguiError
from ..shared.methods import METHODS
from ..shared.run_folder import RunFolder
from ..texts import t
from ..ui.console import is_interactive, out, say
from ..ui.offer_checkpoint import offer_intact
from ..ui.phases import show_progress


@dataclass(frozen=True, kw_only=True)
class ConvertRequest:
    """Which checkpoint to convert, and to what. At most one field names the checkpoint."""

    root: Path
    """The project's folder."""
    epoch: int | None = None
    """The end of an epoch."""
    iteration: int | None = None
    """The iteration of the checkpoint."""
    checkpoint: str | None = None
    """A checkpoint, "recommended" or "latest"; if nothing names one, the best is converted."""
    merge: bool | None = None
    """Whether to merge the adapter into its base; None: ask, and merge without a terminal."""
    dtype: str | None = None
    """The dtype of the weights; None: the engine's choice."""
    base_model: Path | None = None
    """The base model's folder; None: the one used in training."""


def run(request: ConvertRequest) -> Exit:
    """Convert one checkpoint and print the folders made from it to stdout, one per line."""
    folder = RunFolder(request.root)
    choice = choose_checkpoint(
        folder, epoch=request.epoch, iteration=request.iteration, spelling=request.checkpoint
    )
    config = read_run_config(folder)
    if request.base_model is not None:
        config = config.at_base(request.base_model)
    elif is_interactive() and config.base is not None:
        lost = find_lost_base(folder, config.base, is_adapter=_trains_adapter(folder))
        config = config.at_base(_ask_base(folder, lost)) if lost else config
    python = engine_of_run(config, may_ask=is_interactive())
    merges = request.merge
    if merges is None and _trains_adapter(folder):  # asked now, not after a minute
        merges = _wants_merge()
    say("convert.begin", name=choice.path.name, why=_why(choice))
    with EngineSession(python, folder.engine_log, folder=folder.root) as engine:
        offer = partial(offer_intact, command="convert", may_ask=is_interactive())
        converter = Converter(engine, folder, config, show_progress, offer)
        converted = converter.convert(choice, request.dtype)
        _say_converted(converted)
        _warn_of_changed_base(folder, converted)
        results = [converted.path]
        if converted.is_adapter and (_wants_merge() if merges is None else merges):
            merged = converter.merge(converted, request.dtype)
            _say_merged(merged)
            results.append(merged.path)
    if converted.choice.why != "named":  # the chat uses the same one
        say("convert.next", label=converted.choice.label)
    for path in results:
        out().print(str(path), soft_wrap=True)
    return Exit.DONE


def _why(choice: CheckpointChoice) -> str:
    return "" if choice.why == "named" else t(f"convert.why_{choice.why}")


def _trains_adapter(folder: RunFolder) -> bool:
    """Return whether the config says that an adapter was trained; False also without a config."""
    try:
        return METHODS[method_of(read_file(folder.config_file))].trains_adapter
    except XtguiError:
        return False


def _ask_base(folder: RunFolder, lost: LostBase) -> Path:
    """Say what is wrong with a base model, and return the folder to take instead.

    Enter takes the very model that was trained where it is found nearby, or else the changed one.
    """
    from ..ui import ask

    if lost.changed:
        say("convert.base_question_changed", style="yellow", base=lost.folder)
    else:
        say("convert.base_missing", style="yellow", folder=lost.folder)
    default = find_moved_base(folder, lost) or (lost.folder if lost.changed else "")

    def check(typed: str) -> str | None:
        chosen = ask.absolute_path(typed)
        if not typed or not is_model(chosen):
            return t("convert.base_missing", folder=chosen)
        if chosen != lost.folder:
            changed = changed_base(folder, chosen, with_weights=False)
            if "model_config" in changed:
                return t("convert.base_other_model", folder=chosen)
        return None

    return ask.path(
        t("convert.base_question"),
        str(default),
        check,
        name="base_model",
        explain=t("convert.base_explain"),
        folders_only=True,
    )


def _wants_merge() -> bool:
    if not is_interactive():
        return True
    from ..ui import ask

    return ask.confirm(t("convert.merge_question"), default=True, name="merge")


def _say_converted(converted: Converted) -> None:
    if converted.is_adapter:
        key = "convert.adapter_reused" if converted.is_reused else "convert.adapter_done"
    else:
        key = "convert.model_reused" if converted.is_reused else "convert.model_done"
    say(key, style="green")


def _warn_of_changed_base(folder: RunFolder, converted: Converted) -> None:
    """Warn if the base has changed since the run began; its weights matter beside an adapter."""
    if converted.choice.path.parent.resolve() != folder.work_dir.resolve():
        return  # another run's checkpoint
    parts = changed_base(folder, converted.base, with_weights=converted.is_adapter)
    if parts:
        named = t("convert.and").join(t(f"convert.part_{part}") for part in parts)
        say("convert.base_changed", style="yellow", base=converted.base, parts=named)


def _say_merged(merged: Merged) -> None:
    check = merged.check
    say(
        "convert.merge_reused" if merged.is_reused else "convert.merge_done",
        style="green",
        dtype=merged.dtype,
    )
    say(
        f"convert.check_{check.of}",
        same=check.same,
        tokens=check.tokens,
        layers=check.layers,
    )
    if check.base != "only":
        say(f"convert.base_{check.base}", tokens=check.tokens, other=check.other_same)
    if not check.is_close:
        say("convert.check_low", style="yellow", dtype=merged.dtype)
