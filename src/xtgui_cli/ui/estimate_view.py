"""Draws what a run needs: memory term by term, what helps, disk space, time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ..planning.memory.training_memory import GIB
from ..texts import t
from .console import out
from .panels import Row, show_notes, show_rows, show_title
from .units import duration, file_size, memory_size, rough_duration
from .wrap import pad, wrap

if TYPE_CHECKING:
    from ..planning.memory.requirements import Estimate, Needs
    from ..planning.memory.suggestions import Suggestion, Suggestions
    from ..planning.memory.training_memory import TrainingSetup

STYLES = {"fits": "green", "tight": "yellow", "crowded": "yellow", "too_big": "red"}
_MARKS = {"fits": "✓", "tight": "!", "crowded": "!", "too_big": "✗"}


def show_estimate(estimate: Estimate) -> None:
    """Print the estimate to stdout."""
    console, needs = out(), estimate.needs
    show_title(console, t("estimate.title"), estimate.model)
    for line in wrap(settings_line(needs.run), min(console.width, 100) - 3):
        console.print(f"   {line}", style="dim", soft_wrap=True)
    console.print()
    _show_terms(console, needs)
    console.print()
    verdict = needs.verdict
    show_notes(console, [memory_line(needs)], mark=_MARKS[verdict], style=STYLES[verdict])
    if estimate.suggestions is not None:
        _show_remedies(console, estimate.suggestions, estimate.largest_fitting)
    console.print()
    show_rows(
        console,
        [
            Row(t("estimate.row_disk"), disk_lines(needs), "" if needs.has_disk else "red"),
            Row(t("estimate.row_time"), [_time(estimate)]),
        ],
    )
    console.print()
    show_notes(console, list(_notes(estimate)), mark="·", style="dim")


def memory_note(needs: Needs) -> Text:
    """Return the memory needed and available, in color and in words."""
    return Text(f"{_MARKS[needs.verdict]} {memory_line(needs)}", STYLES[needs.verdict])


def settings_line(run: TrainingSetup) -> str:
    """Return in one line what the estimate is for."""
    checkpointing = "estimate.checkpointing" if run.checkpointing else "estimate.no_checkpointing"
    parts = [run.method, t("estimate.length", count=run.length), f"batch_size {run.batch_size}"]
    parts += [run.optim_type, t(checkpointing)]
    return " · ".join(parts if not run.trains_adapter else [*parts, f"lora_r {run.lora_r}"])


def memory_line(needs: Needs) -> str:
    """Return the memory needed and available, and the verdict in words."""
    device = needs.device
    place = device.name or t(f"estimate.device_{device.kind}")
    facts = {
        "needed": memory_size(needs.memory.total),
        "total": memory_size(device.total_gib * GIB),
        "free": memory_size(device.free_gib * GIB),
        "place": place,
    }
    return t(f"estimate.verdict_{needs.verdict}", **facts)


def disk_lines(needs: Needs) -> list[str]:
    """Return how much disk space the checkpoints and the results made from them take."""
    disk = needs.disk
    facts = {
        "training": file_size(disk.training),
        "each": file_size(disk.checkpoint),
        "count": disk.kept,
        "free": file_size(needs.free_disk),
    }
    saved = "estimate.checkpoints" if disk.kept is not None else "estimate.checkpoints_all"
    lines = [t(saved, **facts)]
    if not needs.has_disk:
        lines.append(t("estimate.disk_short"))
    made = "estimate.merged" if needs.run.trains_adapter else "estimate.converted"
    converted, merged = file_size(disk.converted), file_size(disk.merged)
    lines.append(t(made, converted=converted, merged=merged))
    return lines


def _show_terms(console: Console, needs: Needs) -> None:
    memory, run = needs.memory, needs.run
    base = "nf4" if run.quantizes_base else 8 * run.base_bytes
    kept = "estimate.kept_inputs" if run.checkpointing else "estimate.kept_all"
    terms = [
        (t(f"estimate.base_{base}"), memory.base),
        (t(f"estimate.other_{8 * run.other_bytes}"), memory.other),
        (t("estimate.adapter"), memory.adapter),
        (t("estimate.gradients"), memory.gradients),
        (t("estimate.optimizer", name=run.optim_type), memory.optimizer),
        (t(kept), memory.activations),
        (t(f"estimate.work_{memory.moment}"), memory.work),
        (t(f"estimate.overhead_{run.device}"), memory.overhead),
    ]
    shown = [(name, size) for name, size in terms if size]
    total = t("estimate.together")
    width = max(cell_len(name) for name in (total, *(name for name, _ in shown)))
    for name, size in shown:
        line = Text.assemble("   ", (pad(name, width), "dim"), f"  {memory_size(size):>10}")
        console.print(line, soft_wrap=True)
    sum_ = f"{memory_size(memory.total):>10}"
    line = Text.assemble("   ", (pad(total, width), "bold"), (f"  {sum_}", "bold"))
    console.print(line, soft_wrap=True)


def _show_remedies(console: Console, suggestions: Suggestions, largest: str | None) -> None:
    console.print()
    if suggestions.single:
        title = t("estimate.helps")
        saves, with_it = t("estimate.saves"), t("estimate.with_it")
        width = max(
            cell_len(title), *(len(flags(suggestion.changes)) for suggestion in suggestions.single)
        )
        head = f"   {pad(title, width)}  {_right(saves, 10)}  {_right(with_it, 10)}"
        console.print(head, style="dim", soft_wrap=True)
        for suggestion in suggestions.single:
            saved, needed = memory_size(suggestion.saves), memory_size(suggestion.needs)
            verdict = t("estimate.enough") if suggestion.fits else ""
            line = (
                f"   {pad(flags(suggestion.changes), width)}  {saved:>10}  {needed:>10}  {verdict}"
            )
            console.print(line.rstrip(), style="green" if suggestion.fits else "", soft_wrap=True)
    if suggestions.together is not None:
        _show_together(console, suggestions.together)
    if not suggestions.is_enough:
        _show_never(console, largest)


def _show_together(console: Console, suggestion: Suggestion) -> None:
    key = "estimate.together_fits" if suggestion.fits else "estimate.together_not"
    facts = {"needed": memory_size(suggestion.needs)}
    console.print()
    for line in wrap(t(key, **facts), min(console.width, 100) - 3):
        console.print(f"   {line}", style="green" if suggestion.fits else "red", soft_wrap=True)
    for flag in flags(suggestion.changes).split(" --"):
        console.print(f"     --{flag.removeprefix('--')}", soft_wrap=True)


def _show_never(console: Console, largest: str | None) -> None:
    text = t("estimate.never", largest=largest) if largest else t("estimate.never_at_all")
    for line in wrap(text, min(console.width, 100) - 3):
        console.print(f"   {line}", soft_wrap=True)


def flags(changes: Mapping[str, Any]) -> str:
    """Return changes as flags to type."""
    return " ".join(f"--set {key}={_typed(value)}" for key, value in changes.items())


def typed_changes(changes: Mapping[str, Any]) -> str:
    """Return changes as they are typed, without `--set`."""
    return " ".join(f"{key}={_typed(value)}" for key, value in changes.items())


def _typed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_len(text)) + text


def _time(estimate: Estimate) -> str:
    if estimate.iteration_s is None:
        return rough_time(estimate.rough_s)
    each = f"{estimate.iteration_s:.2f}"
    if estimate.total_iters is None:
        return t("estimate.time_each", each=each)
    whole = duration(estimate.iteration_s * estimate.total_iters)
    return t("estimate.time_total", each=each, iterations=estimate.total_iters, whole=whole)


def rough_time(seconds: float | None) -> str:
    """Return how long a run will roughly take that has never run on this machine."""
    if seconds is None:
        return t("estimate.time_unknown")
    return t("estimate.time_rough", time=rough_duration(seconds))


def _notes(estimate: Estimate) -> Iterator[str]:
    needs = estimate.needs
    if estimate.total_iters is None:
        yield t("estimate.note_not_counted")
    if needs.memory.paged:
        yield t("estimate.note_paged", size=memory_size(needs.memory.paged))
    if not needs.run.has_fused_attention and needs.shape.kv_heads < needs.shape.heads:
        yield t("estimate.note_square")
    launch = estimate.settings.launch
    if launch.num_gpus > 1 or launch.deepspeed:
        yield t("estimate.note_one_gpu")
    yield t("estimate.note_cuda" if needs.device.kind == "cuda" else "estimate.note_cpu")
