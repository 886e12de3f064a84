"""Step 1: where everything of a project is stored."""

from __future__ import annotations

import os
from pathlib import Path

from ..project.nearest_project import find_project
from ..project.settings_file import is_utf8
from ..settings.layers import Layer
from ..shared.disk import nearest_existing
from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder, find_root
from ..texts import t
from ..ui import ask
from ..ui.console import show_error
from .questions import Question
from .session import Session

NEW_FOLDER = "my-assistant"


def given_root(flag: Path | None, said: Layer) -> Path | None:
    """Return the folder that `--root` names, or the one that paths.root names."""
    if flag is not None:
        return flag.expanduser().absolute()
    named = said.get("paths.root")
    return Path(str(named)) if named else None


def ask_root() -> Path:
    """Ask for the project's folder until it can be used."""
    while True:
        root = ask.path(
            t("settings.paths.root"),
            _suggestion(Path.cwd()),
            name="paths.root",
            explain=t("settings.paths.root.help"),
            folders_only=True,
        )
        try:
            return prepare_root(root)
        except XtguiError as error:
            show_error(error)


def prepare_root(root: Path) -> Path:
    """Create the folder if it is missing and check that it can be written to.

    Raises:
        XtguiError: "wizard.root_not_utf8", "wizard.root_is_file" or "wizard.root_no_rights".
    """
    require_utf8(root)
    require_no_file(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise XtguiError(
            "wizard.root_no_rights", Exit.ANSWERS, path=root, reason=error.strerror
        ) from None
    if not os.access(root, os.W_OK | os.X_OK):
        raise XtguiError("wizard.root_no_rights", Exit.ANSWERS, path=root, reason=os.strerror(13))
    return root


def require_no_file(root: Path) -> None:
    """Raise XtguiError "wizard.root_is_file" if the folder, or one above it, is a file."""
    there = nearest_existing(root)
    if not there.is_dir():
        raise XtguiError("wizard.root_is_file", Exit.ANSWERS, path=there)


def require_utf8(root: Path) -> None:
    """Raise XtguiError "wizard.root_not_utf8" if its name cannot be written into files."""
    if not is_utf8(str(root.absolute())):
        raise XtguiError("wizard.root_not_utf8", Exit.ANSWERS, path=root)


def questions() -> list[Question]:
    """Return the questions of step 1 if it is chosen by itself: the folder for downloads."""
    return [Question("paths.cache", _ask_cache)]


def _ask_cache(session: Session) -> str:
    key = "paths.cache"
    current = session.settings.paths.cache or str(session.folder.root / "download_cache")
    folder = ask.path(
        t(f"settings.{key}"),
        current,
        name=key,
        explain=t(f"settings.{key}.help"),
        may_go_back=True,
        folders_only=True,
    )
    if folder.exists() and not folder.is_dir():
        raise XtguiError("wizard.root_is_file", Exit.ANSWERS, path=folder)
    return str(folder)


def _suggestion(here: Path) -> str:
    """Return the suggested folder for a new project, or for one begun here before.

    It is the current folder if that is empty or already a project, else one inside it.
    """
    is_empty = not any(here.iterdir())
    if is_empty or find_root(here) == here or RunFolder(here).work_dir.exists():
        return str(here)
    begun = find_project(here)
    if begun is not None and not RunFolder(begun).config_file.exists():
        return str(begun)
    return str(here / NEW_FOLDER)
