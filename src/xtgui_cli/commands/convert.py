"""Step 6, first half: a checkpoint in Hugging Face form, merged into its base where wanted."""

from __future__ import annotations

from pathlib import Path

from ..project.checkpoints import choose_checkpoint
from ..project.conversion import Converted, Converter, Merged, read_run_config
from ..project.engine_environment import find_engine
from ..runs.engine_session import EngineSession
from ..shared.errors import Exit
from ..shared.run_folder import RunFolder, list_checkpoints
from ..texts import t
from ..ui.console import is_interactive, out, say
from ..ui.phases import show_progress


def run(
    root: Path,
    epoch: int | None,
    iteration: int | None,
    checkpoint: Path | None,
    merge_asked: bool | None,
    dtype: str | None,
) -> Exit:
    """Convert one checkpoint; the folders made of it go to stdout, a line each.

    merge_asked: None asks where a person is there, and else merges whatever can be merged.
    """
    folder = RunFolder(root)
    choice = choose_checkpoint(folder, epoch=epoch, iteration=iteration, spelling=checkpoint)
    python = find_engine()
    say("convert.begin", name=choice.path.name)
    with EngineSession(python, folder.engine_log) as engine:
        converter = Converter(engine, folder, read_run_config(folder), show_progress)
        converted = converter.convert(choice, dtype)
        _say_converted(converted)
        results = [converted.path]
        if converted.is_adapter and _wants_merge(merge_asked):
            merged = converter.merge(choice, converted, dtype)
            _say_merged(merged)
            results.append(merged.path)
    there = list_checkpoints(folder.work_dir)
    if there and there[-1].path.resolve() == choice.path.resolve():
        say("convert.next", label=choice.label)
    for path in results:
        out().print(str(path), soft_wrap=True)
    return Exit.DONE


def _wants_merge(asked: bool | None) -> bool:
    if asked is not None or not is_interactive():
        return asked is not False
    from ..ui import ask

    return ask.confirm(t("convert.merge_question"), default=True)


def _say_converted(converted: Converted) -> None:
    kind = "adapter" if converted.is_adapter else "model"
    say(f"convert.{kind}_{'reused' if converted.is_reused else 'done'}", style="green")


def _say_merged(merged: Merged) -> None:
    say(
        "convert.merge_reused" if merged.is_reused else "convert.merge_done",
        style="green",
        dtype=merged.dtype,
        difference=f"{merged.difference:.2%}",
        effect=f"{merged.effect:.1%}",
    )
