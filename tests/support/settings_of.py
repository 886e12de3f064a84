"""Settings from a few values, for tests of what takes settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xtgui_cli.settings.layers import resolve
from xtgui_cli.settings.table import Origin, Settings
from xtgui_cli.settings.values import require_valid


def settings_of(values: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings in which a person has set these values, by key."""
    return resolve({Origin.FLAG: require_valid(values or {})})
