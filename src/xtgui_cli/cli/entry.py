"""The entry point: chooses the language, runs a command, and explains every failure.

It is the only place that ends the process. Nothing heavy is imported here: the commands themselves
are in `commands.py`, which is not even loaded for a bare `xtgui`.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ..shared.errors import Exit, XtguiError
from ..shared.rare_collection import rare_collection
from ..texts import requested_language, set_language

_STDERR = 2
COMPLETION_VARIABLE = "_XTGUI_COMPLETE"
"""The environment variable with which a shell asks for completions; Typer derives its name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `xtgui` with *arguments* (default: the process's own) and return the exit code."""
    with rare_collection():
        code = _main(list(sys.argv[1:] if arguments is None else arguments))
    if arguments is None:  # the process ends, and nobody needs to look through what it leaves
        gc.freeze()
    return code


def _main(arguments: list[str]) -> int:
    _open_missing_streams()
    _take_stderr_apart()
    _survive_narrow_encodings()
    try:
        set_language(_choose_language(arguments))
        code = int(_run(arguments))
        sys.stdout.flush()
        return code
    except XtguiError as error:
        from ..ui.console import show_error, show_traceback

        if "--debug" in arguments:
            show_traceback()
        show_error(error)
        return int(error.exit)
    except KeyboardInterrupt:
        from ..ui.console import say

        say("cli.interrupted", style="dim")
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) is gone: there is nothing to say, and Python must not complain
        # when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.FAILED)
    except Exception as error:
        if "--debug" in arguments:
            from ..ui.console import show_traceback

            show_traceback()
        return _show_unexpected(error)


def _run(arguments: list[str]) -> int:
    if not arguments and COMPLETION_VARIABLE not in os.environ:
        from ..commands import overview

        return overview.run(overview.OverviewRequest())
    from .commands import run

    return run(arguments)


def _choose_language(arguments: Sequence[str]) -> str:
    """Return the language asked for, else the one that the user once chose, else English.

    The remembered choice counts only if flags, environment and locale say nothing: a rented
    machine's locale is often C.
    """
    asked = requested_language(arguments, os.environ)
    if asked:
        return asked
    from ..project.user_config import config_file, remembered_language

    return (remembered_language() if config_file().is_file() else None) or "en"


def _open_missing_streams() -> None:
    """Open streams that the shell has closed (`<&-`, `>&-`) on the null device.

    Otherwise Python has no stream, and the next file that is opened gets its number and receives
    what is written to that.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # it gets the lowest free number, which is this one
            opened = os.open(os.devnull, os.O_WRONLY if number else os.O_RDONLY)
            os.set_inheritable(opened, True)  # noqa: FBT003 (it takes no names)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def _take_stderr_apart() -> None:
    """Write to a copy of stderr, so that direct output of libraries can be switched off."""
    own = sys.__stderr__
    if own is not None and sys.stderr is own and own.fileno() == _STDERR:
        sys.stderr = os.fdopen(os.dup(_STDERR), "w", buffering=1, encoding=own.encoding)


def _survive_narrow_encodings() -> None:
    """Keep characters that the terminal's encoding lacks from ending the program.

    Chinese on a western terminal is shown as question marks, and bytes in a file name that are not
    UTF-8 as their codes.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            is_utf8 = "utf" in (stream.encoding or "").lower()
            reconfigure(errors="backslashreplace" if is_utf8 else "replace")


def _show_unexpected(error: Exception) -> int:
    """Say calmly that this is our fault (or the disk's) and how to report it."""
    from ..ui.console import show_error

    if isinstance(error, OSError) and not _is_somewhere():
        show_error(XtguiError("cli.folder_gone", Exit.ANSWERS))
        return int(Exit.ANSWERS)
    if isinstance(error, OSError) and error.strerror:
        name = str(error.filename) if error.filename else str(Path.cwd())
        show_error(XtguiError("cli.system", Exit.FAILED, reason=error.strerror, path=name))
        return int(Exit.FAILED)
    show_error(
        XtguiError("cli.unexpected", Exit.FAILED, kind=type(error).__name__, message=str(error))
    )
    return int(Exit.FAILED)


def _is_somewhere() -> bool:
    """Return whether the current folder still exists."""
    try:
        Path.cwd()
    except OSError:
        return False
    return True
