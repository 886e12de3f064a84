"""`xtgui trust`: declares that a folder's files, or the code of a model in it, may be run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..models.model_code import brings_code, read_code
from ..project import code_consent, trust
from ..shared.errors import Exit
from ..ui.console import say, talk
from ..ui.model_code_view import show_code


@dataclass(frozen=True, kw_only=True)
class TrustRequest:
    """Which folder to trust."""

    folder: Path
    """A project's folder, any other with configs in it, or that of a model with its own code."""


def run(request: TrustRequest) -> Exit:
    """Remember that the folder's files may be run, and say who owns them."""
    folder = request.folder
    if brings_code(folder):
        code = read_code(folder)
        show_code(talk(), code, code_consent.agreed_before(folder))
        code_consent.agree(code)
        say("model_code.agreed", count=len(code.files))
    trust.trust(folder)
    say("trust.done", path=folder)
    if owner := trust.name_of_owners(folder):
        say("trust.owned_by", path=folder, owner=owner)
    if trust.lets_models_run_code(folder):
        say("trust.done_code", style="yellow")
    return Exit.DONE
