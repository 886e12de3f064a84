"""Tells the user how a run ended, and derives the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..runs.log_tail import last_lines, without_warnings
from ..runs.next_step import MEMORY_FAULTS
from ..runs.run_reader import RunReader
from ..runs.training_process import LOG_MARK
from ..shared.errors import Exit, Notice
from ..shared.run_folder import latest_checkpoint
from ..texts import has, t
from ..ui.console import in_words, out, say, talk
from ..ui.wrap import wrap
from .cause_of_death import failure
from .outcome import Outcome
from .taught_rows import find_wordings

if TYPE_CHECKING:
    from rich.console import Console

_LOG_LINES = 3


def report(run: RunReader, *, says_next: bool = True) -> Exit:
    """Say how a run ended, what it has taught, what is saved, and what to do next.

    Args:
        run: The run.
        says_next: Whether to say what to do next.
    """
    state = run.state
    outcome = Outcome(run.folder, run.snapshot(), state)
    has_ended = state in ("finished", "stopped")
    if has_ended:
        _say_end(outcome)
    else:
        _say_failure(run)
    # What to do after a failure is said with it, unless resuming would be of no use.
    if says_next and (has_ended or (outcome.step and outcome.step.code != "resume")):
        say_next(outcome)
    if has_ended:
        return Exit.DONE if state == "finished" else Exit.INTERRUPTED
    return Exit.FAILED


def say_next(outcome: Outcome) -> None:
    """Say what to do next: the next step, or how to start over if a run produced nothing."""
    from ..ui.next_step_view import say_step

    if outcome.folder.is_put_away:
        return
    step = outcome.step
    if step is not None:
        wordings = find_wordings(outcome.folder) if step.code == "wordings" else None
        say_step(step, outcome.command, wordings)
    elif outcome.state in ("finished", "stopped"):
        say("train.next_start")
    else:
        say(f"train.next_{outcome.state}")


def say_verdict(outcome: Outcome) -> None:
    """Print what was learned, and which rows were not."""
    from ..ui.learning_view import draw_unknown, draw_verdict

    console = out()
    for line in draw_verdict(outcome.verdict, console.width):
        console.print(line)
    for line in draw_unknown(outcome.unknown, console.width):
        console.print(line)


def verdict_as_data(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the verdict as JSON data."""
    return [
        {"code": notice.code, **notice.data, "text": in_words(notice)} for notice in outcome.verdict
    ]


def step_as_data(outcome: Outcome) -> dict[str, Any] | None:
    """Return the next step as JSON data, with rows of data if such should be written.

    None if there is no step.
    """
    step = outcome.step
    if step is None:
        return None
    wordings = find_wordings(outcome.folder) if step.code == "wordings" else None
    return {
        "code": step.code,
        "command": outcome.command,
        "text": in_words(step.reason),
        "lines": list(wordings.lines) if wordings else [],
    }


def _say_end(outcome: Outcome) -> None:
    from ..ui.train_lines import end_line
    from ..ui.train_words import early_end

    snapshot, console = outcome.snapshot, out()
    end = snapshot.end
    console.print(end_line(snapshot, outcome.state, end.checkpoint if end else None))
    if early := early_end(snapshot, outcome.state):
        console.print(early)
    say_verdict(outcome)


def _say_failure(run: RunReader) -> None:
    from ..ui.train_lines import end_line

    snapshot, console = run.snapshot(), talk()
    saved = latest_checkpoint(run.folder.work_dir)
    explain_failure(run, console)
    console.print()
    if run.has_spoken and snapshot.total:
        _tell(console, end_line(snapshot, run.state, saved.name if saved else None))
    for line in _lines_of_this_start(run):
        console.print(f"    {line}", style="dim", overflow="ellipsis", no_wrap=True)
    _tell(console, t("train.log_at", path=run.folder.log_file))


def explain_failure(run: RunReader, console: Console) -> None:
    """Print what happened to a run that failed or died, why, and what to do."""
    notice = failure(run)
    _tell(console, in_words(notice), "✗ ", "bold red")
    for part in ("why", "hint"):
        key = f"{notice.code}.{part}"
        savers = list(_memory_savers(run, notice)) if part == "hint" else []
        for line in savers or ([in_words(Notice(key, notice.data))] if has(key) else []):
            _tell(console, line)


def _memory_savers(run: RunReader, notice: Notice) -> Iterator[str]:
    """Yield the settings that save most if memory ran out.

    Nothing if that cannot be estimated: the hint of the cause says what helps in general.
    """
    if notice.code not in MEMORY_FAULTS:
        return
    from ..ui.estimate_view import typed_changes
    from ..ui.units import memory_size
    from ..ui.wrap import pad
    from .memory_savers import find_memory_savers

    found = find_memory_savers(run.folder, run.snapshot(), notice.code)
    if found is None:
        return
    yield t("faults.memory_savers", needed=memory_size(found.needed))
    width = max(len(typed_changes(each.changes)) for each in found.best)
    for each in found.best:
        saves = t("faults.memory_saves", size=memory_size(each.saves))
        yield f"  {pad(typed_changes(each.changes), width)}  {saves}"


def _lines_of_this_start(run: RunReader) -> list[str]:
    """Return the last lines of the log, of this start and without warnings."""
    lines = last_lines(run.folder.log_file, 20 * _LOG_LINES)
    marks = [number for number, line in enumerate(lines) if line.startswith(LOG_MARK)]
    lines = lines[marks[-1] + 1 :] if marks else lines
    return [line for line in without_warnings(lines) if line.strip()][-_LOG_LINES:]


def _tell(console: Console, text: str, mark: str = "", style: str = "") -> None:
    """Print a text after a mark, all its lines indented as deep as its first word.

    A command on a separate line is not wrapped, so that it can be copied.
    """
    words = text.lstrip()
    lead = "  " + " " * (len(text) - len(words))
    lines = [words] if text.startswith("  xtgui ") else wrap(words, console.width - len(lead))
    for number, line in enumerate(lines):
        first = mark if mark and number == 0 else lead
        console.print(first + line, style=style or None, soft_wrap=True)
