"""How a run ended, told to a person, and the exit code that follows from it."""

from __future__ import annotations

from typing import Any

from ..runs.log_tail import last_lines
from ..runs.run_reader import RunReader
from ..runs.training_process import LOG_MARK
from ..shared.errors import Exit, Notice
from ..shared.run_folder import list_checkpoints
from ..texts import has, t
from ..ui.console import in_words, out, say, talk
from ..ui.wrap import wrap
from .outcome import Outcome
from .taught_rows import find_wordings

_LOG_LINES = 12


def report(run: RunReader, *, says_next: bool = True) -> Exit:
    """Say how a run ended, what it has taught, what is saved, and what to do next.

    Args:
        run: The run.
        says_next: Whether to say what to do next; whoever asks for it need not be told.
    """
    state = run.state
    outcome = Outcome(run.folder, run.snapshot(), state)
    has_ended = state in ("finished", "stopped")
    if has_ended:
        _say_end(outcome)
    else:
        _say_failure(run)
    # What helps after a failure is said with it, unless resuming would be of no use.
    if says_next and (has_ended or (outcome.step and outcome.step.code != "resume")):
        say_next(outcome)
    if has_ended:
        return Exit.DONE if state == "finished" else Exit.INTERRUPTED
    return Exit.FAILED


def say_next(outcome: Outcome) -> None:
    """Say what to do next: the one step, or how to begin where nothing came of a run."""
    from ..ui.next_step_view import say_step

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
    """Return the verdict as JSON has it."""
    return [
        {"code": notice.code, **notice.data, "text": in_words(notice)} for notice in outcome.verdict
    ]


def step_as_data(outcome: Outcome) -> dict[str, Any] | None:
    """Return the next step as JSON has it, with lines of data where such are to be written.

    None where there is no step.
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
    notice = failure(run)
    saved = list_checkpoints(run.folder.work_dir)
    _tell(f"✗ {in_words(notice)}", style="bold red")
    if run.has_spoken and snapshot.total:
        _tell(f"  {end_line(snapshot, run.state, saved[-1].name if saved else None)}")
    hint = f"{notice.code}.hint"
    _tell(f"  {t(hint if has(hint) else 'faults.unknown.hint')}")
    console.print()
    for line in _lines_of_this_start(run):
        console.print(f"    {line}", style="dim", overflow="ellipsis", no_wrap=True)
    console.print()
    _tell(f"  {t('train.log_at', path=run.folder.log_file)}")


def _lines_of_this_start(run: RunReader) -> list[str]:
    lines = last_lines(run.folder.log_file, _LOG_LINES)
    marks = [number for number, line in enumerate(lines) if line.startswith(LOG_MARK)]
    return lines[marks[-1] + 1 :] if marks else lines


def _tell(text: str, style: str = "") -> None:
    """Print a text with its further lines indented as deep as its first word."""
    console = talk()
    lead = "  "
    for number, line in enumerate(wrap(text[2:], console.width - 2)):
        console.print((text[:2] if number == 0 else lead) + line, style=style or None)


def failure(run: RunReader) -> Notice:
    """Give why the run failed: what it said, or what its silence means."""
    end = run.snapshot().end
    if not run.has_spoken:
        return Notice("faults.died_early")
    if end is not None and end.notice is not None:
        return end.notice
    return Notice("faults.died")
