"""Shows a request of some seconds: what the engine is doing now."""

from __future__ import annotations

from ..runs.engine_session import Request
from ..shared.events import Event
from ..texts import t
from .console import talk


def show_progress(request: Request) -> Event:
    """Show each phase while it lasts (a line each if stderr is not a terminal); return the end.

    If the engine counts what it does, the count is shown beside the phase.
    """
    console = talk()
    phase, last = "", Event()
    if not console.is_terminal:
        for last in request:
            if last["event"] == "phase":
                console.print(f"  {t('convert.phase.' + last['name'])}")
        return last
    with console.status("", spinner_style="cyan") as status:
        for last in request:
            if last["event"] == "phase":
                phase = t("convert.phase." + last["name"])
                status.update(phase)
            elif last["event"] == "progress":
                done, total = last["done"], last["total"]
                status.update(t("convert.progress", phase=phase, done=done, total=total))
    return last
