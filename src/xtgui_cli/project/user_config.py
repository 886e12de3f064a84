"""Settings of the user rather than of a project: the engine's Python, trusted folders, language.

Also the user's cache, for what every project may use.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..shared.errors import Exit, XtguiError
from . import toml_file

_PATIENCE_S = 10.0
"""How long to wait while another program changes the file, which takes milliseconds."""
_named: set[str] = set()
"""Tables that the user has been told about."""


def config_file() -> Path:
    """Return the user's settings file; XTGUI_CONFIG_DIR names another folder for it."""
    folder = os.environ.get("XTGUI_CONFIG_DIR")
    if folder:
        return Path(folder) / "config.toml"
    import platformdirs

    return Path(platformdirs.user_config_dir("xtgui")) / "config.toml"


def cache_dir() -> Path:
    """Return the folder for what can be generated again; XTGUI_CACHE_DIR names another one."""
    folder = os.environ.get("XTGUI_CACHE_DIR")
    if folder:
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("xtgui"))


def user_config() -> dict[str, Any]:
    """Return the user's own settings as tables; empty if there are none yet.

    Raises:
        XtguiError: Those of `toml_file.read`.
    """
    return toml_file.read(config_file())


def user_table(name: str) -> dict[str, Any]:
    """Return one table of the user's own settings, empty if there is none.

    Anything but a table under its name counts as none, and is reported once.

    Raises:
        XtguiError: Those of `toml_file.read`.
    """
    table = user_config().get(name, {})
    if isinstance(table, dict):
        return table
    if name not in _named:
        from ..ui.console import say

        _named.add(name)
        say("settings.no_table", style="yellow", path=config_file(), name=name)
    return {}


def save_user_config(changes: Mapping[str, Any]) -> None:
    """Write "section.name" values into the user's own settings; None removes one.

    Only one program at a time reads and writes the file, so that no changes are lost.

    Raises:
        XtguiError: Those of `toml_file.read`, or "settings.cannot_write".
        OSError: If the file cannot be written.
    """
    from filelock import FileLock, Timeout

    file = config_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{file}.lock", timeout=_PATIENCE_S):
            toml_file.update(file, changes)
    except Timeout:
        reason = os.strerror(errno.EBUSY)
        raise XtguiError("settings.cannot_write", Exit.FAILED, path=file, reason=reason) from None


def remembered_language() -> str | None:
    """Return the language that the user once chose in a terminal that named none.

    None if the settings cannot be read: code that needs more of them reports that.
    """
    try:
        chosen = user_table("ui").get("language")
    except XtguiError:
        return None
    return chosen if isinstance(chosen, str) and chosen in ("en", "zh") else None
