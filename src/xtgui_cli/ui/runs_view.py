"""Lists the runs of a project, and shows two of them side by side."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence

from ..runs.known_run import CURRENT, Comparison, KnownRun
from ..runs.progress import RECENT
from ..runs.series import curve_numbers
from ..settings.table import Value
from ..texts import has, t
from .console import out, say
from .fitted_table import Column, show_table
from .learning_view import MEASURES
from .panels import show_notes, show_title
from .train_words import loss, model_name
from .units import duration
from .wrap import cut, one_line

_LONGEST = 40
"""Cells of a value, such as a text, that is shown beside another."""


def show_runs(runs: Sequence[KnownRun]) -> None:
    """Print one line per run, and how to look at one and compare two."""
    console = out()
    show_title(console, t("runs.title"))
    console.print()
    columns = [
        Column(t("runs.column_name"), [_name(run) for run in runs]),
        Column(t("runs.column_began"), [_began(run) for run in runs], importance=4),
        Column(t("runs.column_state"), [_state(run) for run in runs], importance=5),
        Column(t("runs.column_iterations"), [_iterations(run) for run in runs], is_number=True),
        Column(t("runs.column_loss"), [loss(run.snapshot.loss) for run in runs], is_number=True),
        *(
            Column(t(f"learning.column_{name}"), [_measured(name, run) for run in runs], place)
            for name, place in (("known", 6), ("held_out", 3), ("kept", 2))
        ),
        Column(t("runs.column_trained"), [_trained(run) for run in runs], importance=1),
    ]
    show_table(console, [column for column in columns if any(column.cells)])
    console.print()
    old = next((run.name for run in runs if run.name != CURRENT), None)
    if old is not None:
        say("runs.look", style="dim", name=old)
    if len(runs) > 1:
        say("runs.compare", style="dim", name=old)


def show_comparison(comparison: Comparison) -> None:
    """Print the settings in which two runs differ, then the results of each."""
    console = out()
    names = [_name(run) for run in comparison.runs]
    show_title(console, " · ".join(names))
    console.print()
    rows = [*_setting_rows(comparison), ("", "", ""), *_result_rows(comparison.runs)]
    heads = ("", *names)
    show_table(
        console,
        [Column(head, [row[at] for row in rows]) for at, head in enumerate(heads)],
    )
    notes = [t(f"runs.changed_{part}") for part in comparison.changed]
    if comparison.settings is None:
        notes.append(t("runs.settings_unknown"))
    elif not comparison.settings and not notes:
        notes.append(t("runs.settings_alike"))
    console.print()
    show_notes(console, notes)


def _setting_rows(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    for each in comparison.settings or ():
        one, other = map(_value, each.values)
        yield each.key, one, other


def _result_rows(runs: tuple[KnownRun, KnownRun]) -> Iterator[tuple[str, str, str]]:
    one, other = (dict(_results(run)) for run in runs)
    for name in dict.fromkeys([*one, *other]):
        yield name, one.get(name, "-"), other.get(name, "-")


def _results(run: KnownRun) -> Iterator[tuple[str, str]]:
    """Yield the results of a run, by name; what was not measured is left out."""
    snapshot = run.snapshot
    yield t("runs.column_state"), _state(run)
    yield t("runs.column_iterations"), _iterations(run)
    if snapshot.trained_s:
        yield t("runs.time"), duration(snapshot.trained_s)
    numbers = curve_numbers(snapshot.losses, RECENT)
    if numbers is not None:
        for name in ("first", "last", "lowest"):
            yield t(f"runs.loss_{name}"), loss(getattr(numbers, name).value)
    for name in MEASURES:
        if measured := _measured(name, run):
            yield t(f"learning.column_{name}"), measured


def _measured(name: str, run: KnownRun) -> str:
    learnings = run.snapshot.learnings
    return MEASURES[name](learnings[-1]) if learnings and learnings[-1].iter else ""


def _name(run: KnownRun) -> str:
    return t("runs.current") if run.name == CURRENT else run.name


def _began(run: KnownRun) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(run.began_at)) if run.began_at else ""


def _state(run: KnownRun) -> str:
    key = f"train.state.{run.state}"
    return t(key) if has(key) else t(f"runs.{run.state}")


def _iterations(run: KnownRun) -> str:
    return f"{run.iteration}/{run.total}" if run.total else str(run.iteration)


def _trained(run: KnownRun) -> str:
    return " · ".join(part for part in (run.snapshot.method, model_name(run.snapshot)) if part)


def _value(value: Value) -> str:
    """Write the value of a setting on one line, shortened if it is long."""
    if isinstance(value, float):
        return f"{value:g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return cut(one_line(text), _LONGEST) if value is not None else "-"
