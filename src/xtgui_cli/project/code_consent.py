"""Consent to the Python files of a model: asked once for exactly these files, and remembered.

Consent is kept in the user's own settings, beside the trusted folders, under the digest of the
files. Nothing in a project or a model's folder can give it in the user's place.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..models.model_code import ModelCode, brings_code, read_code
from ..settings.layers import Layer
from ..settings.table import Settings
from ..shared.errors import Exit, XtguiError
from ..shared.json_values import mapping, texts
from ..texts import t
from ..ui.console import say, talk
from ..ui.model_code_view import show_code
from .user_config import save_user_config, user_table

_RECORDS = "model_code"
"""The section of the user's settings with a record for each set of files."""


class CodeNotAgreedError(XtguiError):
    """A model's Python files would be run, and the user has not agreed to that."""


def is_agreed(code: ModelCode) -> bool:
    """Return whether the user has agreed to exactly these files."""
    return not code.files or code.digest in user_table(_RECORDS)


def agree(code: ModelCode) -> None:
    """Remember that the user has agreed to these files."""
    if is_agreed(code):
        return
    record: dict[str, Any] = {
        "model": _name(code.folder),
        "files": [f"{file.sha256} {file.name}" for file in code.files],
    }
    save_user_config({f"{_RECORDS}.{code.digest}": record})


def require_agreement(folder: Path, *, may_ask: bool, agrees: bool = False) -> None:
    """Raise an error unless a model's Python files may be run, asking the user if possible.

    Args:
        folder: The model's; one without code needs no consent.
        may_ask: Whether the user can be asked.
        agrees: Whether the user has just agreed, by a flag.

    Raises:
        CodeNotAgreedError: If the user does not agree.
        XtguiError: Those of `read_code`.
    """
    if not brings_code(folder):
        return
    code = read_code(folder)
    if is_agreed(code):
        return
    if agrees or (may_ask and ask_for_agreement(code)):
        agree(code)
        say("model_code.agreed", style="dim", count=len(code.files))
        return
    before = agreed_before(folder)
    changed = [file.name for file in code.files if before.get(file.name) != file.sha256]
    raise CodeNotAgreedError(
        "model_code.not_agreed_changed" if before else "model_code.not_agreed",
        Exit.ANSWERS,
        path=folder,
        names=", ".join(changed),
    )


def ask_for_agreement(code: ModelCode) -> bool:
    """Show the files and ask whether they may be run."""
    from ..ui import ask

    show_code(talk(), code, agreed_before(code.folder))
    return ask.confirm(t("model_code.question"), default=False, name="model.trust_remote_code")


def agreed_before(folder: Path) -> Mapping[str, str]:
    """Return the files of a folder last agreed to, SHA-256 by name; empty if there are none."""
    records = map(mapping, user_table(_RECORDS).values())
    of_folder = [record for record in records if record.get("model") == _name(folder)]
    lines = texts(of_folder[-1].get("files")) if of_folder else ()
    pairs = (line.partition(" ") for line in lines)
    return {name: digest for digest, _, name in pairs}


def require_code_consent(settings: Settings, *, flags: Layer, may_ask: bool) -> None:
    """Raise an error unless the code that settings switch on may be run.

    Args:
        settings: The settings in force.
        flags: Those that the user has just given; allowing the code there means agreeing.
        may_ask: Whether the user can be asked.

    Raises:
        XtguiError: Those of `require_agreement`.
    """
    model = settings.model
    if model.path and model.trust_remote_code:
        agrees = flags.get("model.trust_remote_code") is True
        folder = Path(model.path).expanduser().absolute()
        require_agreement(folder, may_ask=may_ask, agrees=agrees)


def _name(folder: Path) -> str:
    return os.fsencode(folder.resolve()).decode("utf-8", "backslashreplace")
