"""Which project is meant if none is named: one above, the one made from here, or none at all."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..runs.copied_command import quote
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.json_values import texts
from ..shared.run_folder import find_root
from ..ui.console import say
from . import trust
from .user_config import config_file, save_user_config, user_config

_KEY = "recent.projects"
_MOST = 10


def find_project(start: Path, *, is_above: bool = False, of_anyone: bool = False) -> Path | None:
    """Return the project that a command means in a folder; None if that is not certain.

    It is the nearest one upwards, else the only one directly below that the user made. Somebody
    else's is named but not used, unless it is trusted: in a folder that many can write to, anybody
    can put a project above other people's folders.

    Args:
        start: The folder.
        is_above: Whether to look upwards only.
        of_anyone: Whether it does not matter whose project it is, for commands about that.
    """
    found = find_root(start) or (None if is_above else _made_below(start))
    if found is None or of_anyone or trust.is_own(found):
        return found
    say("trust.left_alone", style="yellow", **_of_somebody_else(found))
    return None


def require_project(start: Path, *, of_anyone: bool = False) -> Path:
    """Return the project that a command means in a folder.

    Raises:
        XtguiError: "trust.foreign" for somebody else's, which *of_anyone* allows; "cli.no_project",
            with the user's latest projects if there are any.
    """
    found = find_project(start, of_anyone=True)
    if found is not None and (of_anyone or trust.is_own(found)):
        return found
    if found is not None:
        raise XtguiError("trust.foreign", Exit.ANSWERS, **_of_somebody_else(found))
    error = XtguiError("cli.no_project", Exit.ANSWERS, path=start)
    recent = recent_projects()
    if recent:
        lines = "\n".join(enter_command(root) for root in recent[:3])
        error.hint = Notice("cli.no_project.recent", {"commands": lines})
    raise error


def recent_projects() -> Sequence[Path]:
    """Return the user's projects that still exist, the latest first."""
    if not config_file().is_file():
        return ()
    try:
        known = texts(user_config().get("recent", {}).get("projects"))
    except (XtguiError, AttributeError):
        return ()
    roots = [Path(name) for name in reversed(known)]
    return tuple(root for root in roots if find_root(root) == root)


def remember_project(root: Path) -> None:
    """Note a project as the user's latest; if that cannot be written nothing is lost."""
    name = str(root.resolve())
    with contextlib.suppress(OSError, XtguiError):
        known = [str(each) for each in reversed(recent_projects())]
        if known[-1:] != [name]:
            others = [each for each in known if each != name]
            save_user_config({_KEY: [*others, name][-_MOST:]})


def _made_below(start: Path) -> Path | None:
    made = [root for root in recent_projects() if root.parent == start]
    return made[0] if len(made) == 1 else None


def _of_somebody_else(root: Path) -> dict[str, Any]:
    return {"path": root, "owner": trust.name_of_owners(root)}


def enter_command(root: Path) -> str:
    """Return the command that enters a folder, as short as possible from here."""
    here, root = Path.cwd().resolve(), root.resolve()
    return f"cd {quote(root.relative_to(here) if root.is_relative_to(here) else root)}"
