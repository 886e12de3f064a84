"""What belongs to the user and not to a project: the engine's Python, trusted folders, language.

And where what every project may use lies: the user's cache.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import toml_file


def config_file() -> Path:
    """Give the user's own file; XTGUI_CONFIG_DIR names another folder for it."""
    folder = os.environ.get("XTGUI_CONFIG_DIR")
    if folder:
        return Path(folder) / "config.toml"
    import platformdirs

    return Path(platformdirs.user_config_dir("xtgui")) / "config.toml"


def cache_dir() -> Path:
    """Return the folder for what can be made again; XTGUI_CACHE_DIR names another one."""
    folder = os.environ.get("XTGUI_CACHE_DIR")
    if folder:
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("xtgui"))


def user_config() -> dict[str, Any]:
    """Give the user's own settings as tables; empty where there are none yet."""
    return toml_file.read(config_file())


def save_user_config(changes: Mapping[str, Any]) -> None:
    """Write "section.name" values into the user's own settings; None takes one away."""
    toml_file.update(config_file(), changes)


def remembered_language() -> str | None:
    """Give the language the user once chose in a terminal that named none."""
    chosen = user_config().get("ui", {}).get("language")
    return chosen if chosen in ("en", "zh") else None
