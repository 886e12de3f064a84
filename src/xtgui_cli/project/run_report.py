"""How a run ended, told to a person, and the exit code that follows from it."""

from __future__ import annotations

from ..runs.log_tail import last_lines
from ..runs.run_reader import RunReader
from ..runs.training_process import LOG_MARK
from ..shared.errors import Exit, Notice
from ..shared.run_folder import list_checkpoints
from ..texts import has, t
from ..ui.console import in_words, out, say, talk
from ..ui.wrap import wrap

_LOG_LINES = 12


def report(run: RunReader) -> Exit:
    """Say how *run* ended, what is saved, and what to do next."""
    state = run.state
    if state in ("finished", "stopped"):
        _say_end(run)
        has_saved = bool(list_checkpoints(run.folder.work_dir))
        say(f"train.next_{state}" if has_saved else "train.next_start")
        return Exit.DONE if state == "finished" else Exit.INTERRUPTED
    _say_failure(run)
    return Exit.FAILED


def _say_end(run: RunReader) -> None:
    from ..ui.learning_view import draw_verdict
    from ..ui.train_lines import end_line

    snapshot, console = run.snapshot(), out()
    end = snapshot.end
    console.print(end_line(snapshot, run.state, end.checkpoint if end else None))
    for line in draw_verdict(snapshot.learnings, console.width):
        console.print(line)


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
