"""`xtgui trust`: say once that a folder's files may be run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..project import trust
from ..shared.errors import Exit
from ..ui.console import say


@dataclass(frozen=True, kw_only=True)
class TrustRequest:
    """Which folder to trust."""

    folder: Path
    """A project's folder, or any other with configs in it."""


def run(request: TrustRequest) -> Exit:
    """Remember that the folder's files may be run, and say whose they are."""
    folder = request.folder
    trust.trust(folder)
    say("trust.done", path=folder)
    if owner := trust.name_of_owners(folder):
        say("trust.owned_by", path=folder, owner=owner)
    if trust.lets_models_run_code(folder):
        say("trust.done_code", style="yellow")
    return Exit.DONE
