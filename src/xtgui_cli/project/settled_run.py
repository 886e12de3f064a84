"""A run that can be written: the base model's answers are generated first, then all is counted."""

from __future__ import annotations

from dataclasses import replace

from ..planning.machine import Machine
from ..settings.table import Settings
from ..shared.errors import XtguiError
from ..ui.console import in_words, say
from .build_run import BuiltRun, build_run
from .engine_environment import EngineMissingError
from .general_answers import ask_engine
from .sources import Sources


def settle_run(settings: Settings, machine: Machine, sources: Sources | None = None) -> BuiltRun:
    """Return the run that follows from settings, with answered general questions.

    If the base model cannot be asked, that is said, and the run goes without them: nothing of this
    prevents training.

    Raises:
        XtguiError: If anything prevents the run.
    """
    sources = sources or Sources()
    expected = build_run(settings, machine, sources, expects_answers=True)
    missing = expected.rows.missing
    if missing is None:
        return expected
    say("general.asking", style="dim", count=missing.wanted - len(expected.rows.general))
    try:
        ask_engine(missing.base, missing.known, wanted=missing.wanted, most=missing.most)
    except EngineMissingError:
        say("general.no_engine", style="yellow")
        return replace(build_run(settings, machine, sources), awaits_engine=True)
    except KeyboardInterrupt:
        say("general.interrupted", style="yellow")
    except XtguiError as error:
        say("general.failed", style="yellow", reason=in_words(error.notice))
    except OSError as error:
        say("general.failed", style="yellow", reason=error.strerror or str(error))
    else:
        return _say_few(build_run(settings, machine, sources), missing.wanted)
    return build_run(settings, machine, sources)


def _say_few(run: BuiltRun, wanted: int) -> BuiltRun:
    """Return a run, saying so if its base model answered fewer questions than wanted."""
    count = len(run.rows.general)
    if count < wanted:
        few = "general.few_in_time" if run.rows.is_short_of_time else "general.few"
        say(few, style="dim", count=count, wanted=wanted)
    return run
