"""Settings from a few values, and from a project's xtgui.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xtgui_cli.project import settings_file
from xtgui_cli.settings.layers import resolve
from xtgui_cli.settings.table import Origin, Settings
from xtgui_cli.settings.values import require_valid
from xtgui_cli.shared.run_folder import RunFolder


def settings_of(values: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings in which a person has set these values, by key."""
    return resolve({Origin.FLAG: require_valid(values or {})})


def saved_path(folder: RunFolder, key: str) -> Path:
    """Return the path that a project's xtgui.toml has for a setting, such as "data.path"."""
    return Path(str(settings_file.load(folder.settings_file)[key]))
